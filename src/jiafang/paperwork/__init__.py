"""Word, PDF and Excel out, and files stored; prints what it is given and knows no visit."""
