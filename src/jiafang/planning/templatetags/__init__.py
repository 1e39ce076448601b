"""Template tags of the timetable pages."""
