"""Reading the Excel and CSV files schools have: hostile files refused, headings understood, rows typed. No database."""
