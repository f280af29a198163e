"""What conditions mean: worked out, proved, and said in words. Nothing here knows files or reports."""
