"""Cases written again, in the forms that people keep them in; each is read back and compared before it is given out."""
