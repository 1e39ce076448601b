"""Template tags of the files and the care ledger."""
