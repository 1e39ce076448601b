"""Puts the rooms together: settings, root addresses, reactions and the command line; no rules of its own."""
