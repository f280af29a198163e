"""The house as a drawing: every package and what it imports, read from the source.

An arrow means "imports, and so knows". Of what follows from other arrows none is drawn: cli knows text, since it knows
rooms that do. ``docs/generate.py`` writes the drawing, and a test holds it against the imports.
"""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "engine" / "casescreen"

# Where the middle of each room is, in hundredths of the width; its row is its layer.
PLACES = {
    "cli": 50,
    "page": 84,
    "review": 50,
    "api": 50,
    "synth": 13,
    "report": 78,
    "history": 60,
    "privacy": 36,
    "columnar": 40,
    "evaluate": 57,
    "rulebook": 24,
    "cases": 77,
    "conditions": 57,
    "resources": 11,
    "syntax": 30,
    "files": 47,
    "office": 66,
    "extras": 91,
    "model": 50,
    "text": 50,
}
SAYS = {
    "cli": ("the command line,", "a file a command"),
    "page": ("one file that", "needs no installing"),
    "review": ("samples, readers,", "and what is signed"),
    "api": ("what casescreen is", "from Python"),
    "synth": ("made-up caseloads", ""),
    "report": ("what was found,", "in every form"),
    "history": ("runs over time,", "kept, compared"),
    "privacy": ("names and small", "counts taken out"),
    "columnar": ("very many cases", "at once"),
    "evaluate": ("outcomes, reasons,", "conclusions"),
    "rulebook": ("rules as TOML,", "read and checked"),
    "cases": ("records in any form,", "read and written"),
    "conditions": ("what conditions", "mean"),
    "resources": ("finds the rules", "that are shipped"),
    "syntax": ("TOML and JSON,", "with lines"),
    "files": ("found, read,", "written whole"),
    "office": ("Excel", "workbooks"),
    "extras": ("packages that", "may be missing"),
    "model": ("every value", "and its meaning"),
    "text": ("safe to print", ""),
}
WIDTH, BOX, HEIGHT, STEP, TOP = 960, 158, 58, 100, 20


def imports() -> Mapping[str, frozenset[str]]:
    """Which rooms each room imports, straight; ``casescreen`` itself and ``__main__`` only hand on."""
    known: dict[str, set[str]] = {room: set() for room in PLACES}
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).with_suffix("").parts[0]
        if room.startswith("__"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("casescreen."):
                known.setdefault(room, set()).add(node.module.split(".")[1])
    return {room: frozenset(others - {room}) for room, others in known.items()}


def arrows(known: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """The imports that do not follow from others."""
    return [
        (room, other)
        for room, others in known.items()
        for other in sorted(others)
        if not any(other in reached(known, between) for between in others - {other})
    ]


def reached(known: Mapping[str, frozenset[str]], room: str) -> set[str]:
    """Every room that the room knows, straight or through others."""
    rooms: set[str] = set()
    ahead = list(known.get(room, ()))
    while ahead:
        if (one := ahead.pop()) not in rooms:
            rooms.add(one)
            ahead.extend(known.get(one, ()))
    return rooms


def layers() -> list[list[str]]:
    """The layers that import-linter holds, from the top, as the rooms in each."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = [one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    rows = [row.replace("|", " ").replace(":", " ").split() for row in contract["layers"]]
    return [[name.strip("()").removeprefix("casescreen.") for name in row] for row in rows]


def drawing() -> str:
    """The house as SVG: rooms in their layers, and an arrow for each import that does not follow from others."""
    rows = [[room for room in row if room in PLACES] for row in layers()]
    rows = [row for row in rows if row]
    row_of = {room: number for number, row in enumerate(rows) for room in row}
    drawn = sorted(arrows(imports()), key=lambda pair: (row_of[pair[0]], PLACES[pair[1]], pair))
    height = TOP * 2 + len(rows) * STEP - (STEP - HEIGHT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'role="img" aria-label="The rooms of casescreen, and what each imports">\n'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#5b6470"/></marker></defs>\n'
        '<rect width="100%" height="100%" fill="#ffffff"/>\n'
        '<g fill="none" stroke="#5b6470" stroke-width="1.4" stroke-linejoin="round" marker-end="url(#tip)">\n'
        + "\n".join(_lines(drawn, row_of))
        + '\n</g>\n<g font-family="Segoe UI, Helvetica, Arial, sans-serif" text-anchor="middle">\n'
        + "\n".join(_box(room, PLACES[room] * WIDTH // 100, TOP + row * STEP) for room, row in row_of.items())
        + "\n</g>\n</svg>\n"
    )


def _box(room: str, x: int, y: int) -> str:
    first, second = SAYS[room]
    return (
        f'<rect x="{x - BOX // 2}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="6" fill="#f3f5f7" stroke="#8a939c"/>'
        f'<text x="{x}" y="{y + 19}" font-size="15" font-weight="bold" fill="#17202a">{escape(room)}</text>'
        f'<text x="{x}" y="{y + 35}" font-size="12" fill="#37414b">{escape(first)}</text>'
        f'<text x="{x}" y="{y + 50}" font-size="12" fill="#37414b">{escape(second)}</text>'
    )


def _lines(drawn: list[tuple[str, str]], row_of: Mapping[str, int]) -> Iterator[str]:
    """Each arrow: down, across between two rows, and down again, behind no room that it does not mean."""
    lanes = Counter[int]()
    for one, other in drawn:
        x1 = PLACES[one] * WIDTH // 100 + _aside([last for first, last in drawn if first == one], other)
        x2 = PLACES[other] * WIDTH // 100 + _aside([first for first, last in drawn if last == other], one)
        start, end = row_of[one], row_of[other]
        gap = next(
            (
                row
                for row in range(start, end)
                if _free(x1, start + 1, row, row_of) and _free(x2, row + 1, end - 1, row_of)
            ),
            end - 1,
        )
        across = TOP + gap * STEP + HEIGHT + 7 + 4 * lanes[gap]
        lanes[gap] += 1
        foot, head = TOP + start * STEP + HEIGHT, TOP + end * STEP - 1
        yield f'<path d="M{x1},{foot} V{across} H{x2} V{head}"/>'


def _aside(others: list[str], other: str) -> int:
    """How far from the middle of a room an arrow begins or ends, so that arrows do not lie on each other."""
    order = sorted(others, key=lambda room: PLACES[room])
    return int((order.index(other) - (len(order) - 1) / 2) * 16)


def _free(x: int, first: int, last: int, row_of: Mapping[str, int]) -> bool:
    """Whether no room stands at that place in the rows."""
    return not any(
        first <= row <= last and abs(PLACES[room] * WIDTH // 100 - x) <= BOX // 2 for room, row in row_of.items()
    )
