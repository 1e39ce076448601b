"""Indicators, each defined once, class rollups and the figures built from them; owns no facts of its own."""
