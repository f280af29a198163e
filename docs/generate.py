"""Write the pages and the picture that are made from the project itself, so that they cannot fall behind it.

    python docs/generate.py

A test holds that what is in the repository is what this writes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path

from house import drawing
from rule_pages import FOLDER, rule_pages

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    (),
    ("check",),
    ("explain",),
    ("compare",),
    ("due",),
    ("actions",),
    ("actions", "write"),
    ("actions", "read"),
    ("actions", "list"),
    ("history",),
    ("history", "list"),
    ("history", "show"),
    ("history", "compare"),
    ("history", "export"),
    ("history", "forget"),
    ("trend",),
    ("waivers",),
    ("waivers", "add"),
    ("waivers", "list"),
    ("waivers", "check"),
    ("weekly",),
    ("enquiry",),
    ("enquiry", "write"),
    ("enquiry", "read"),
    ("agree",),
    ("rules",),
    ("rules", "list"),
    ("rules", "show"),
    ("rules", "check"),
    ("new",),
    ("convert",),
    ("template",),
    ("mapping",),
    ("mapping", "list"),
    ("mapping", "show"),
    ("mapping", "check"),
    ("mapping", "suggest"),
    ("schema",),
    ("generate",),
)
SCREENING = ("check", "cases/somerset-2016", "--as-of", "2016-05-09")
WIDTH = 100
PICTURE_LINES = 47
TITLE = 2
LINE, LETTER, MARGIN = 17, 7.8, 14


def casescreen(*arguments: str) -> str:
    """What the command prints, at a width that does not depend on the terminal."""
    env = {**os.environ, "COLUMNS": str(WIDTH), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "casescreen", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False).stdout


def commands_page() -> str:
    """Every command's help."""
    parts = [
        "# Commands\n\nMade by `python docs/generate.py` from the commands' own help.\n",
        "The six outcomes are met, not met, not applicable, not yet due, not evidenced and needs judgement.\n",
    ]
    for command in COMMANDS:
        help_text = casescreen(*command, "--help").rstrip()
        indented = "\n".join(f"    {line}".rstrip() for line in help_text.splitlines())
        parts.append(f"## {' '.join(('casescreen', *command))}\n\n{indented}\n")
    return "\n".join(parts)


def picture() -> str:
    """The first screen on the Somerset cases, as a picture of a terminal."""
    report = casescreen(*SCREENING).splitlines()
    lines = [f"$ casescreen {' '.join(SCREENING)}", "", *report][:PICTURE_LINES]
    width, height = int(WIDTH * LETTER) + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    rows = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + 12 + number * LINE}" xml:space="preserve"'
        f"{' font-weight=' + chr(34) + 'bold' + chr(34) if is_heading(lines, number) else ''}>{escape(line)}</text>"
        for number, line in enumerate(lines)
    )
    head = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    font = 'font-family="Consolas, Menlo, \'DejaVu Sans Mono\', monospace" font-size="13"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {head} role="img" aria-label="The first screen of a report">\n'
        '<rect width="100%" height="100%" rx="8" fill="#f8f8f6" stroke="#c8c8c4"/>\n'
        f'<g {font} fill="#1c1c1c">\n{rows}\n</g>\n</svg>\n'
    )


def is_heading(lines: list[str], number: int) -> bool:
    """Whether it begins in capitals at the margin, or is the title."""
    return number == TITLE or bool(re.match(r"[A-Z]{2,} ?[A-Z]+", lines[number]))


PAGES = {
    "docs/commands.md": commands_page,
    "docs/pictures/check.svg": picture,
    "docs/pictures/house.svg": drawing,
}


def pages() -> dict[str, str]:
    """Every page that is made, by its name."""
    return {name: make() for name, make in PAGES.items()} | rule_pages()


def main() -> None:
    """Write every page, and take away those on rules that are no more."""
    made = pages()
    for path in (ROOT / FOLDER).glob("*.md"):
        if f"{FOLDER}/{path.name}" not in made:
            path.unlink()
            print(f"taken away: {FOLDER}/{path.name}")
    for name, text in made.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"written: {name}")


if __name__ == "__main__":
    main()
