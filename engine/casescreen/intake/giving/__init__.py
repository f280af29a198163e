"""Cases written as tables, each read back and compared before it is given out."""
