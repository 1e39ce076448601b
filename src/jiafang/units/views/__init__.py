"""Pages of schools: structure, people, handovers, calendar and terms."""
