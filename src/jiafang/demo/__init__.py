"""A whole district made up from nothing, as Excel files that go through the same import as every school's."""
