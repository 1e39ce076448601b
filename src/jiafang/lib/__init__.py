"""Small pure helpers shared by every package; nothing here knows Django, units or people."""
