"""The engine in a page: what a browser asks of it, and the build of the one file that holds both."""
