"""Pages of visits: lists, one visit, its outline and record, the self-check, and papers."""
