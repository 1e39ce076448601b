"""Students, guardians, households and kinds of care: who is enrolled where since when; no visits, no campaigns."""
