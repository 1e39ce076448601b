"""Pages of campaigns: the bureau's, the schools', their plans and the conduct code."""
