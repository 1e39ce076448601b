"""The forest of units (bureau → school → division → entry cohort → class), terms, calendar, staff and their posts."""
