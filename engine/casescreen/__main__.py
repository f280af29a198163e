"""Lets ``python -m casescreen`` stand for the command."""

from casescreen.cli import main

main()
