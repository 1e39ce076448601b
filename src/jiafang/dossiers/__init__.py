"""One file per student over all years, and the class and care pages that read from it; mostly reading."""
