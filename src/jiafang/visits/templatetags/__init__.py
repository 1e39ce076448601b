"""Words that visit pages share."""
