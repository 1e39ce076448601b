"""Pages of classes, children's files and the care ledger."""
