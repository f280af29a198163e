"""Files that nobody should write: small good ones of every format, with bytes, parts, cells and words of them changed.

    python tests/property/hostile_files.py 20000            every format
    python tests/property/hostile_files.py 20000 xlsx 7     one format, from a seed on

Each must be read or refused in few seconds and little memory, and without an error that is not meant for the person
who gave it. What fails is told with its seed, which makes the same file again.
"""

from __future__ import annotations

import faulthandler
import json
import random
import re
import resource
import struct
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "fixtures"))

from small_workbooks import binary, legacy, number, open_document, open_xml, record, short, styles, zipped

from casescreen.cases.load import read_cases
from casescreen.model.dictionary import Dictionary
from casescreen.model.problem import CasescreenError
from casescreen.rulebook.load import load_rulebook

MOST_SECONDS, MOST_MEMORY = 10, 1_000_000_000

# What stands where a good file has a name, a number, a date or a word.
WORDS = (
    "", " ", "\0", "\u202e", "\ufeff", "\U0001f600", "'", '"', "<", "&", "]]>", "=1+1", "-", "yes", "no", "true",
    "null", "NaN", "inf", "-inf", "1e308", "1e999", "-1e15", "1e15", "0", "-0.0", "-1", "60", "2958466", "99999999",
    "2147483647", "-2147483648", "4294967296", "9223372036854775808", "1" * 400, "0000-00-00", "0001-01-01",
    "9999-12-31", "10000-01-01", "2016-02-30", "2016-02-15T25:61:61Z", "PT999999999999H", "case.id", "EXAMPLE", "A-1",
    "a" * 40_000, "XFD1048576", "A0", "A99999999999", "ZZZZZZZ1", "inlineStr", "s", "d", "e", "str", "b", "n", "string",
    "date", "time",
)  # fmt: skip
_LONGEST = 200_000
_TOKEN = re.compile(rb"[A-Za-z0-9_.:+-]+")
_TAG = re.compile(rb"<[^<>]*>")


def _toml() -> bytes:
    return (
        b'[case]\nid = "A-1"\nmanager = "Kim"\n[order]\ntype = "referral order"\nstarts_on = 2016-02-15\n'
        b"[plan]\nsigned = true\n[child]\nage_at_start = 15\n[[reports]]\nprepared_on = 2016-03-01\n"
    )


def _json() -> bytes:
    case = {"case": {"id": "A-1"}, "order": {"starts_on": "2016-02-15"}, "plan": {"signed": True}}
    return json.dumps({"cases": [case, {**case, "case": {"id": "A-2"}, "reports": [{"id": "r1"}]}]}).encode()


def _lines() -> bytes:
    return b"\n".join(json.dumps({"case": {"id": f"A-{n}"}, "child": {"age_at_start": n}}).encode() for n in range(4))


def _csv() -> bytes:
    return b'case.id,order.starts_on,plan.signed,child.age_at_start\r\nA-1,2016-02-15,yes,3\r\n"A-2",15/02/2016,no,\r\n'


_HEADINGS = ("case.id", "order.starts_on", "plan.signed", "child.age_at_start")


def _xlsx() -> bytes:
    texts = "".join(f"<si><t>{text}</t></si>" for text in (*_HEADINGS, "A-1", "yes"))
    head = "".join(f'<c r="{"ABCD"[n]}1" t="s"><v>{n}</v></c>' for n in range(4))
    row = (
        '<c r="A2" t="s"><v>4</v></c><c r="B2" s="1"><v>42415</v></c><c r="C2" t="s"><v>5</v></c><c r="D2"><v>3</v></c>'
    )
    style = '<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    plain = open_xml(f'<row r="1">{head}</row><row r="2">{row}</row>', texts=texts)
    return zipped({**parts_of(plain), "xl/styles.xml": style})


def _ods() -> bytes:
    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    row = '<table:table-row table:number-rows-repeated="1">{}</table:table-row>'
    day = '<table:table-cell office:value-type="date" office:date-value="2016-02-15"/>'
    time_of_day = '<table:table-cell office:value-type="time" office:time-value="PT10H"/>'
    figures = '<table:table-cell office:value-type="float" office:value="3" table:number-columns-repeated="1"/>'
    return open_document(
        row.format("".join(map(cell, (*_HEADINGS, "order.ends_on"))))
        + row.format(cell("A-1") + day + cell("yes") + figures + time_of_day)
    )


def _xls() -> bytes:
    def label(row: int, column: int, text: str) -> bytes:
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode())

    head = [label(0, column, heading) for column, heading in enumerate(_HEADINGS)]
    return legacy(
        *head,
        label(1, 0, "A-1"),
        number(1, 1, 42_415.0, style=1),
        label(1, 2, "yes"),
        number(1, 3, 3.0),
        texts=styles(0, 14),
    )


def _xlsb() -> bytes:
    def text(column: int, written: str) -> bytes:
        content = struct.pack("<III", column, 0, len(written)) + written.encode("utf-16-le")
        return short(6, content)

    head = short(0, struct.pack("<I", 0)) + b"".join(text(n, heading) for n, heading in enumerate(_HEADINGS))
    return binary(head, short(0, struct.pack("<I", 1)), text(0, "A-1"), short(5, struct.pack("<IId", 3, 0, 3.0)))


def _parquet() -> bytes:
    import polars as pl  # noqa: PLC0415 - slow to import, and for one format

    out = BytesIO()
    rows = {"case.id": ["A-1", "A-2"], "order.starts_on": [date(2016, 2, 15), None], "child.age_at_start": [3, None]}
    pl.DataFrame(rows).write_parquet(out, compression="uncompressed")
    return out.getvalue()


FORMATS: Mapping[str, Callable[[], bytes]] = {
    "toml": _toml,
    "json": _json,
    "jsonl": _lines,
    "csv": _csv,
    "xlsx": _xlsx,
    "xls": _xls,
    "ods": _ods,
    "parquet": _parquet,
    "xlsb": _xlsb,
}  # fmt: skip
_NAMED = {"xlsb": "xlsx"}


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(good: bytes, chance: random.Random) -> bytes:
    """A file made of a good one: its bytes changed, or those of a part of it."""
    if not good.startswith(b"PK") or chance.random() < 0.1:
        return changed_text(good, chance)
    parts = parts_of(good)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        name = chance.choice([*parts])
        match chance.randrange(12):
            case 0:
                del parts[name]
                if not parts:
                    return b"PK"
            case 1:
                parts[name] = chance.choice([*parts.values()])
            case 2:
                parts[chance.choice((name.upper(), f"{name}x", "content.xml", "xl/workbook.bin"))] = parts[name]
            case _:
                parts[name] = changed_text(parts[name], chance)
    return zipped(parts)


def changed_text(text: bytes, chance: random.Random) -> bytes:
    """Words, tags, lines or bytes of a text put elsewhere, taken away, doubled or replaced."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        kind = chance.randrange(6)
        spans = [found.span() for found in (_TAG if kind == 0 else _TOKEN).finditer(text)] if kind < 4 else []
        start, end = chance.choice(spans) if spans else _span(text, chance)
        match kind:
            case 0 | 1:
                new = chance.choice((b"", text[start:end] * 2, text[start:end] * 500))
            case 2 | 3:
                new = chance.choice(WORDS).encode()
            case 4:
                new = chance.randbytes(end - start)
            case _:
                new = chance.choice((b"", b"\xff" * (end - start), text[start:end] * 3, b"\0" * (end - start)))
        text = (text[:start] + new + text[end:])[:_LONGEST]
    return text[: chance.randrange(len(text) + 1)] if chance.random() < 0.05 else text


def _span(text: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + chance.choice((1, 1, 2, 4, 8, 64)))


def hostile_file(form: str, seed: int) -> bytes:
    """The file of a format that a seed makes; always the same."""
    chance = random.Random(f"{form} {seed}")  # noqa: S311 - it need not be hard to guess
    return changed(FORMATS[form](), chance)


def failure(path: Path, dictionary: Dictionary) -> str:
    """What is wrong with how a file is read; "" if nothing is."""
    begun = time.process_time()
    try:
        caseload = read_cases([path], dictionary)
    except CasescreenError as error:
        wrong = "" if str(error) else "refused without a word"
    except BaseException as error:  # noqa: BLE001 - whatever a library raises is what is looked for
        wrong = f"{type(error).__name__}: {error}"
    else:
        told = caseload.cases or caseload.problems or caseload.examples
        wrong = "" if told else "nothing was read, without a word"
    took = time.process_time() - begun
    return wrong or (f"it took {took:.1f} s" if took > MOST_SECONDS else "")


def run(form: str, number_of_files: int, first: int) -> int:
    """Read so many files of a format; how many went wrong. Each is told."""
    dictionary = load_rulebook().dictionary
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"case.{_NAMED.get(form, form)}"
        for seed in range(first, first + number_of_files):
            path.write_bytes(hostile_file(form, seed))
            if wrong := failure(path, dictionary):
                failed += 1
                print(f"{form} {seed}: {wrong[:300]}", flush=True)  # noqa: T201 - it is for who runs it
    return failed


def _memory() -> int:
    """The most bytes that this process has had; where the system says so, without those of the one that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * int(re.findall(r"VmHWM:\s*(\d+)", status.read_text(encoding="utf-8"))[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(arguments: list[str]) -> int:
    """Run as the command line says, in bounded memory; 0 if nothing went wrong."""
    faulthandler.enable()  # a crash tells nothing otherwise
    number_of_files = int(arguments[0])
    forms = arguments[1:2] or [*FORMATS]
    first = int(arguments[2]) if len(arguments) > 2 else 0
    resource.setrlimit(resource.RLIMIT_DATA, (3 * MOST_MEMORY, 3 * MOST_MEMORY))
    failed = sum(run(form, number_of_files, first) for form in forms)
    most = _memory()
    if most > MOST_MEMORY:
        print(f"{forms}: {most:,} bytes of memory were used")  # noqa: T201 - the same
        failed += 1
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
