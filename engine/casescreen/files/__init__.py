"""Files as they lie on a disk: found, read in bounded time and memory, and written whole."""
