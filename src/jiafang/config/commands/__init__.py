"""The words of the ``jiafang`` command, one module a family; each is a thin call into a room."""
