"""check --sheets: from each case in a report to its enquiry sheet, by an address that goes wherever both are taken."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

import pytest

from casescreen.cli.enquiry_links import EnquiryFiles, enquiry_files
from casescreen.review.enquiry import ALL_SHEETS, sheet_anchor, sheet_name


class Ran(Protocol):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
_ODD = "a b#c%20ü&'\"<x>"


def _case(identity: str) -> str:
    return (
        f'[case]\nid = "{identity}"\nmanager = "Worker A"\n'
        '[bike]\nkind = "cargo bike"\nwheels = 3\n[repair]\nbrought_on = 2024-04-02\ndone = false\n'
    )


@pytest.fixture
def screen(run: Run, bikes: Path, tmp_path: Path) -> Run:
    """Screens two cases."""
    cases = tmp_path / "cases"
    cases.mkdir()
    for name in ("B-1", "B/2"):
        (cases / f"{name.replace('/', '')}.toml").write_text(_case(name), encoding="utf-8")

    def screened(*more: object) -> Ran:
        return run("check", cases, "--rules", bikes, "--as-of", "2024-06-01", "--fail-on", "never", *more)

    return screened


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    """A folder with an odd name, in which each case has its sheet."""
    folder = tmp_path / _ODD
    folder.mkdir()
    for case, form in (("B-1", "docx"), ("B/2", "xlsx")):
        (folder / sheet_name(case, form)).touch()
    return folder


def _addresses(report: Path) -> set[str]:
    """Every address of a file in a report, whatever its form."""
    if report.suffix == ".html":
        return {unescape(one) for one in re.findall(r'href="([^#"].*?)"', report.read_text(encoding="utf-8"))}
    with zipfile.ZipFile(io.BytesIO(report.read_bytes())) as package:
        parts = [package.read(name).decode() for name in package.namelist() if name.endswith(".rels")]
    links = [one for part in parts for one in re.findall(r"<Relationship [^>]*>", part) if "External" in one]
    return {unescape(re.findall(r'Target="(.*?)"', one)[0]).replace("\\", "/") for one in links}


@pytest.mark.parametrize("form", ["html", "xlsx", "docx"])
@pytest.mark.parametrize("where", ["report", "below/report", "../report"])
def test_each_address_leads_to_the_file(screen: Run, sheets: Path, tmp_path: Path, form: str, where: str) -> None:
    """From wherever the report is, each address is relative and names the very file; no name breaks out."""
    start = tmp_path / "from"
    (start / "below").mkdir(parents=True)
    report = start / f"{where}.{form}"
    ran = screen("--sheets", sheets, "--output", report)
    assert ran.code == 0, ran.err
    assert "no enquiry sheet" not in ran.err
    found = _addresses(report)
    assert not [one for one in found if one.startswith("/") or ":" in one]
    assert {(report.parent / unquote(one)).resolve() for one in found} == {one.resolve() for one in sheets.iterdir()}


def test_only_files_that_are_there_are_led_to(screen: Run, sheets: Path, tmp_path: Path) -> None:
    """A case without a sheet has no link, and is named with what to do; the report is written all the same."""
    (sheets / sheet_name("B/2", "xlsx")).unlink()
    ran = screen("--sheets", sheets, "--output", tmp_path / "report.html")
    assert ran.code == 0
    assert len(_addresses(tmp_path / "report.html")) == 1
    assert "has no enquiry sheet of 1 case: B/2.\n  What to do: " in ran.err
    (sheets / sheet_name("B-1", "docx")).unlink()
    ran = screen("--sheets", sheets, "--output", tmp_path / "none.html")
    assert "has no enquiry sheet of any case.\n" in ran.err
    assert (tmp_path / "none.html").read_text(encoding="utf-8") == _without(screen, tmp_path)


def _without(screen: Run, folder: Path) -> str:
    screen("--output", folder / "plain.html")
    return (folder / "plain.html").read_text(encoding="utf-8")


def test_sheets_in_one_page_are_led_to_by_their_place_in_it(tmp_path: Path) -> None:
    """Of HTML each case has its place in the one file, if it is in it; a file of its own comes first."""
    (tmp_path / ALL_SHEETS).write_text(f'<p id="{sheet_anchor("B/2")}"><p id="{sheet_anchor("B-1")}">')
    (tmp_path / sheet_name("B-1", "docx")).touch()
    files = enquiry_files(tmp_path)
    linked = files.links_from(tmp_path / "report.html", ("B-1", "B/2", "B-3"))
    assert linked == {"B-1": "B-1.docx", "B/2": f"{ALL_SHEETS}#{sheet_anchor('B/2')}"}


def test_from_another_drive_the_whole_address_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no way leads from the one to the other, as between drives of Windows, the address is that of the file."""

    def no_way(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr("os.path.relpath", no_way)
    files = EnquiryFiles(tmp_path, frozenset({"B-1.docx"}), frozenset())
    assert files.links_from(Path("report.html"), ("B-1",)) == {"B-1": f"{tmp_path.as_uri()}/B-1.docx"}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--pseudonyms", "key", "--output", "r.html"), "--sheets cannot go with --pseudonyms: the files are named"),
        (("--suppress-under", "5", "--output", "r.html"), "--suppress-under cannot go with --sheets, which leads to"),
        (("--output", "r.csv"), "--sheets is for reports that lead to files: add --output report.html"),
        ((), "--sheets is for reports that lead to files"),
    ],
)
def test_what_cannot_go_together_is_refused(
    screen: Run, sheets: Path, tmp_path: Path, more: tuple[str, ...], says: str
) -> None:
    """A copy to share leads to no file of a case, and a form without links is no use: nothing is written."""
    placed = [tmp_path / one if one.startswith(("r.", "key")) else one for one in more]
    ran = screen("--sheets", sheets, *placed)
    assert ran.code == 2
    assert says in ran.err
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(("r.", "key"))]
