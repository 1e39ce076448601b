"""Campaigns and their rules as data, what a school adds to them, its plan, the conduct code and its receipts."""
