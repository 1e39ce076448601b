"""A visit before, during and after: outing, outline, record, self-check, confirmation."""
