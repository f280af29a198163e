"""Text with delimiters as a sheet: CSV and its kin, as spreadsheet programs and systems write it."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import PurePath

from casescreen.intake.tables.sheet import Cell, Sheet
from casescreen.model.dictionary import Mismatch

_MARKS = (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")
_DELIMITERS = ",;\t|"
_SAID = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
_LONGEST_CELL = 1_000_000
_GUARDED = "=+-@\t\r\n'"
_BINARY = Mismatch(
    "it is not text in UTF-8 or Windows-1252",
    "If it is a workbook, let its name end in .xlsx, .xls or .ods. If it is text, save it as UTF-8.",
)
# A letter beyond ASCII in UTF-8. In Windows-1252 such letters hardly ever follow one another so.
_UTF_8_LETTER = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_NO_BYTES = Mismatch("it is empty", "Fill it in, or take it away.")


def sheet_in(file: str, data: bytes) -> Sheet | Mismatch:
    r"""The one sheet of a text with delimiters, or why there is none.

    The text is UTF-8, UTF-16 with a mark, or else Windows-1252, the one that Excel writes. The delimiter is the comma,
    semicolon, tab or bar that stands most often in the first line outside quotes, or the one that a first line
    ``sep=;`` names. An apostrophe before ``= + - @`` and before another apostrophe is taken off: it keeps
    spreadsheet programs from reading a text as a formula.
    """
    text = _decoded(data)
    if isinstance(text, Mismatch):
        return text
    said = _SAID.match(text)
    delimiter = said[1] if said else _delimiter(text)
    first = 2 if said else 1
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text[said.end() :] if said else text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[Cell]] = []
    try:
        rows.extend([_plain(cell) for cell in row] for row in reader)
    except csv.Error as error:
        if "limit" in str(error):
            what = f"a cell in row {len(rows) + first} has more than {_LONGEST_CELL:,} characters"
            return Mismatch(what, "Look for a quotation mark that is never closed, or for what is no table at all.")
        what = f"row {len(rows) + first} cannot be read: a quotation mark is missing or stands where none can"
        return Mismatch(what, "Put a text that has a quotation mark in quotes, and write the mark twice there.")
    return Sheet(file, "", PurePath(file).stem, rows, first)


def _decoded(data: bytes) -> str | Mismatch:
    if not data.strip():
        return _NO_BYTES
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if not encoding and b"\0" in data:
        return _BINARY
    for attempt in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            return data.decode(attempt)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            if attempt == "utf-8" and _UTF_8_LETTER.search(data):
                what = f"it is UTF-8 in one place, and line {line} is not"
                return Mismatch(what, "Export it again, and choose UTF-8 if you are asked.")
    return Mismatch(f"line {line} has a letter that is in no usual encoding", "Save it as UTF-8, and name that.")


def _delimiter(text: str) -> str:
    """The delimiter that stands most often outside quotes before the first line ends."""
    counts = dict.fromkeys(_DELIMITERS, 0)
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif character in "\r\n" and not quoted and any(counts.values()):
            break
        elif character in counts and not quoted:
            counts[character] += 1
    return max(counts, key=lambda one: counts[one])


def _plain(cell: str) -> Cell:
    if not cell:
        return None
    return cell[1:] if cell[0] == "'" and cell[1:2] and cell[1] in _GUARDED else cell
