"""The school's timetable pages around the pure planner: preparing, running, reviewing, publishing, moving by hand."""
