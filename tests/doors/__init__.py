"""Every address × method × person × place."""
