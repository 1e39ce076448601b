"""Accounts, fence, policy, vault and audit; knows unit paths as strings and never the units themselves."""
