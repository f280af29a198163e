"""What people do with casescreen.html, from the first button to the last download, in few and whole journeys."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from page_visitor import BUTTON, KEPT_ON_DISK, RESTS, Browser, Visitor

# fmt: off
_TRACKER = (
    ("North & South - live caseload tracker",),
    (),
    ("Ref", "Order type", "Order start", "Asset done", "RoSH level", "IP completed", "CSE risk?", "Case manager",
     "Team", "Manager", "Comments"),
    (1401, "YRO", "17/08/2026", "02/09/2026", "High", "18/9/26", "Y", "Worker A", "North", "Manager 1", "engages"),
    (1402, "RO", "14/09/2026", "20 Sept 2026", "Med", "30/09/2026", "N", "Worker A", "North", "Manager 1", ""),
    (1403, "RO 6 mth", "20/11/2026", "tbc", "Low", "tbc", "", "Worker B", "North", "Manager 1", "signed 20/11"),
    (1404, "DTO", "01/05/2026", "10/05/2026", "V. High", "overdue", "?", "Worker B", "South", "Manager 2", "chased"),
    (1405, "YRO ISS", "03/07/2026", "15/07/2026", "Medium", "31/07/2066", "No", "Worker C", "South", "Manager 2", ""),
    (1406, "referral order", "01/10/2026", "", "", "", "", "Worker C", "South", "Manager 2", "transfer in"),
    (),
    ("Total", "6 cases"),
)
# fmt: on
# What ends the stack of the engine: a call of very deep JSON, which the page itself never makes.
_DEEPER_THAN_A_BROWSER = """{ const written = JSON.stringify;
  JSON.stringify = () => "[".repeat(200000);
  attempt(() => engine.ask("files")).then(() => (JSON.stringify = written)); }"""


def test_made_up_cases_are_tried_by_keyboard_alone(one_file: Path, either: Browser) -> None:
    """From the first button to a kept answer with the keys that everybody has; the focus goes to what is new."""
    visitor = Visitor(either, one_file)
    assert either.run("document.activeElement === document.body")
    visitor.tab_to("sample")
    visitor.key("Enter")
    visitor.shows("findings")
    assert visitor.in_report("page.querySelectorAll('article.case').length") == 20
    assert "8 cases call for action now" in visitor.text("#words")
    visitor.key("Tab")
    visitor.key("Enter")
    visitor.shows("desk")
    waiting = either.run("document.querySelectorAll('.question:not(.done) form').length")
    assert waiting
    while not either.run("document.activeElement.type === 'radio'"):
        visitor.key("Tab")
    visitor.key(" ")
    while not either.run("document.activeElement.type === 'submit'"):
        visitor.key("Tab")
    visitor.key("Enter")
    either.until("document.querySelector('.question.done:not(details *)')")
    either.until("document.activeElement.closest('#desk')")
    assert "Kept: Yes" in visitor.text("#words")
    either.run("unsaved.remove('answers')")
    assert either.complaints() == []


def test_the_report_is_whole_within_the_page(one_file: Path, browser: Browser) -> None:
    """Its links lead to places in it and open the case, its filters work, and this page stays where it is."""
    visitor = Visitor(browser, one_file)
    browser.run("for (const _ of 'twice') document.getElementById('sample').click()")
    visitor.shows("findings")
    assert "20 cases were screened" in visitor.text("#findings-sums")
    assert visitor.in_report(f"JSON.stringify({KEPT_ON_DISK % 'page'})") == "[]"
    before = browser.run("location.href")
    visitor.in_report("page.querySelector('.cases a').click() || true")
    assert visitor.in_report("page.querySelector('article.case details[open] h3').textContent") == "SOM-06"
    assert browser.run("location.href") == before
    visitor.in_report(
        "(page.getElementById('by-text').value = 'SOM-15', "
        "page.getElementById('filters').dispatchEvent(new Event('change')), true)"
    )
    assert visitor.in_report("page.querySelectorAll('article.case:not([hidden])').length") == 1
    browser.until(
        "(frame => frame.clientHeight === frame.contentDocument.documentElement.scrollHeight)"
        "(document.getElementById('report'))"
    )
    browser.run("document.getElementById('why').open = true")
    visitor.press("Explain")
    browser.until("document.getElementById('why-answer').innerText")
    assert browser.complaints() == []


def test_all_that_can_be_saved_is_saved(one_file: Path, either: Browser) -> None:
    """Every download of the made-up cases is what it says, and a shared copy names nobody."""
    visitor = Visitor(either, one_file)
    assert zipfile.is_zipfile(visitor.saved("Get a workbook to fill in"))
    visitor.press("Try it with made-up cases")
    visitor.shows("findings")
    visitor.press("Downloads")
    saved = {}
    cards = either.run("document.querySelectorAll('#downloads-list button').length")
    for number in range(cards):
        either.run(f"document.querySelectorAll('#downloads-list button')[{number}].click()")
        file = either.downloaded()
        saved[file.suffix] = file.read_bytes()
    assert visitor.text("#mistake:not([hidden])") == ""
    assert sorted(saved) == [".csv", ".docx", ".html", ".json", ".md", ".xlsx"]
    assert {suffix for suffix, data in saved.items() if data.startswith(b"PK")} == {".docx", ".xlsx"}
    assert json.loads(saved[".json"])["cases"]
    assert all(b"SOM-06" in saved[suffix] for suffix in (".html", ".csv", ".md"))
    either.run("document.querySelector('[value=pseudonyms]').click()")
    either.run("document.querySelector('#downloads-list button').click()")
    assert "Make a new key" in visitor.text("#mistake")
    no_key = either.downloads / "no.key"
    no_key.write_text("Ref,Order type", encoding="utf-8")
    either.choose("#key-file", [no_key])
    either.until("document.getElementById('mistake').innerText.includes('no.key does not hold a key')")
    key = visitor.saved("Make a new key")
    assert key.read_text(encoding="utf-8").strip()
    either.run("document.querySelector('#downloads-list button').click()")
    shared = either.downloaded().read_text(encoding="utf-8")
    assert "SOM-" not in shared
    assert "Worker" not in shared
    assert "case-" in shared
    assert either.run(KEPT_ON_DISK % "document") == []
    assert either.complaints() == []


def test_a_tracker_is_matched_confirmed_answered_saved_and_opened_again(
    one_file: Path, browser: Browser, faults: Callable[[], list[str]], tmp_path: Path
) -> None:
    """A team's own tracker becomes findings and answers; what was saved of it is read again as it was left."""
    tracker = _tracker(tmp_path)
    visitor = Visitor(browser, one_file)
    assert faults() == []
    visitor.press("Read these files")
    assert "No file is chosen yet" in visitor.text("#mistake")
    assert faults() == []
    browser.choose("#files", [tracker])
    browser.until("document.querySelectorAll('#chosen li').length === 1")
    assert faults() == []
    _on_the_day(browser)
    visitor.press("Read these files")
    visitor.shows("reading")
    assert "6 cases were read from 1 file" in visitor.text("#reading-sums")
    assert _taken_for(browser, "IP completed") == "plan completed"
    assert faults() == []
    assert browser.run(KEPT_ON_DISK % "document") == []
    _take(browser, "Comments", "")
    _take(browser, "Manager", "")
    visitor.press("Read again with these columns")
    visitor.shows("reading")
    assert _taken_for(browser, "Manager") == "not read"
    mapping = visitor.saved("Save what the columns mean")
    visitor.press("These columns are right: show the findings")
    visitor.shows("findings")
    assert faults() == []
    visitor.press("Answer")
    visitor.shows("desk")
    assert faults() == []
    _keep_an_answer(visitor, faults)
    workbook, case_file = visitor.saved("Save as a workbook"), visitor.saved("Save as a case file")
    assert _would_close(browser)
    visitor.press("Show the findings with these answers")
    visitor.shows("findings")
    assert browser.complaints() == []
    _reads_as_it_was_left(browser, one_file, [workbook])
    _reads_as_it_was_left(browser, one_file, [case_file])
    again = Visitor(browser, one_file)
    browser.choose("#files", [tracker, mapping])
    _on_the_day(browser)
    again.press("Read these files")
    again.shows("reading")
    again.press("Show the findings")
    again.shows("findings")


def test_files_are_dropped_and_a_folder_is_taken_or_told_what_to_do(
    one_file: Path, browser: Browser, tmp_path: Path
) -> None:
    """What is dropped is chosen. Chromium lets no page from disk read a folder, and then it is said what to do."""
    folder = tmp_path / "caseload"
    folder.mkdir()
    files = [folder / "north.csv", folder / "south.csv"]
    for file in files:
        file.write_text("case id\nC-1\n", encoding="utf-8")
    visitor = Visitor(browser, one_file)
    browser.run("engine.ready().then(() => true)")
    _drop(browser, files)
    browser.until("document.querySelectorAll('#chosen li').length === 2")
    assert "2 files added" in visitor.text("#words")
    _drop(browser, [folder])
    browser.until("!document.getElementById('mistake').hidden || document.querySelectorAll('#chosen li').length > 2")
    if told := visitor.text("#mistake:not([hidden])"):
        assert "does not let the page read a folder" in told
        assert "Choose a folder" in told
    assert browser.complaints() == []


def _drop(browser: Browser, paths: list[Path]) -> None:
    """Drop files or folders from outside the browser, as a file manager does."""
    dropped = {"items": [], "files": [str(one) for one in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.call("Input.dispatchDragEvent", type=kind, x=200, y=200, data=dropped)


def test_what_changed_since_last_time_is_told(
    one_file: Path, browser: Browser, faults: Callable[[], list[str]]
) -> None:
    """Findings that were saved are compared with those of now, after an answer has put something right."""
    visitor = Visitor(browser, one_file)
    visitor.press("Try it with made-up cases")
    visitor.shows("findings")
    visitor.press("Downloads")
    assert faults() == []
    browser.run("document.querySelectorAll('#downloads-list button')[3].click()")
    earlier = browser.downloaded()
    visitor.press("Reading a case")
    visitor.shows("desk")
    browser.run("document.getElementById('reader').value = 'A. Reader'")
    _answer(browser, "no", "Nothing about why.")
    browser.until("document.querySelector('.question.done')")
    visitor.press("Show the findings with these answers")
    visitor.shows("findings")
    visitor.press("Since last time")
    visitor.shows("comparison")
    deep = browser.downloads / "deep.json"
    deep.write_text('{"format": "casescreen/1", "cases": ' + "[" * 200_000, encoding="utf-8")
    browser.choose("#earlier", [deep])
    browser.until("!document.getElementById('mistake').hidden")
    assert "more than 32 levels" in visitor.text("#mistake")
    assert browser.run("engine.ask('files').then(({files}) => files.length)") == 20, "what was refused is forgotten"
    assert browser.run(KEPT_ON_DISK % "document") == []
    browser.choose("#earlier", [earlier])
    browser.until("document.getElementById('compared').innerText")
    assert "1" in visitor.text("#compared .tile")
    assert faults() == []
    browser.run("unsaved.remove('answers')")
    assert browser.complaints() == []


def test_work_can_be_stopped_and_begun_again(one_file: Path, browser: Browser, tmp_path: Path) -> None:
    """Stop ends what goes on, keeps what was chosen, and the same files are read when they are asked for again."""
    visitor = Visitor(browser, one_file)
    browser.choose("#files", [_many(tmp_path, 1_500)])
    browser.until("document.getElementById('words').textContent.startsWith('Ready')")
    browser.run(BUTTON % json.dumps("Read these files"))
    browser.until("!document.getElementById('stop').hidden")
    browser.run("document.getElementById('stop').click()")
    browser.until("document.getElementById('words').textContent.startsWith('Getting ready again')")
    assert visitor.text("#mistake:not([hidden])") == ""
    assert "1 file chosen" in visitor.text("#chosen-title")
    visitor.press("Read these files")
    visitor.shows("reading")
    assert "1,500 cases were read" in visitor.text("#reading-sums")
    visitor.press("Start")
    browser.run("document.querySelector('#chosen button').click()")
    browser.choose("#files", [_many(tmp_path, 3)])
    visitor.press("Read these files")
    visitor.shows("reading")
    visitor.press("Show the findings")
    visitor.shows("findings")
    assert browser.complaints() == []
    browser.run(_DEEPER_THAN_A_BROWSER)
    browser.until("!document.getElementById('mistake').hidden")
    assert "deeper than this browser can follow" in visitor.text("#mistake")
    assert visitor.text("#cannot:not([hidden])") == ""
    visitor.press("Start")
    browser.run("document.querySelector('#chosen button').click()")
    browser.run("engine.stop() || 0")
    visitor.press("Findings")
    browser.run("document.getElementById('why').open = true")
    visitor.press("Explain")
    browser.until("document.getElementById('why-answer').innerText")
    assert visitor.text("#mistake:not([hidden])") == "", "a run keeps the files that it has read"
    browser.faults.clear()  # what Pyodide says on the console of the end of its stack
    visitor.press("Start")
    browser.choose("#files", [_many(tmp_path, 2_001)])
    visitor.press("Read these files")
    browser.until("!document.getElementById('mistake').hidden")
    assert "2,001 cases" in visitor.text("#mistake")
    assert "What to do" in visitor.text("#mistake")
    assert browser.complaints() == []


@pytest.mark.parametrize(
    ("broken", "box", "says"),
    [
        ("delete window.WebAssembly", "cannot", "WebAssembly is switched off here"),
        ("delete window.DecompressionStream", "cannot", "This browser is too old"),
        ("delete window.Worker", "cannot", "cannot work in the background"),
        ("var startEngine = 1", "old", "This browser is too old"),
    ],
)
def test_where_the_browser_cannot_it_says_what_to_do(
    one_file: Path, browser: Browser, faults: Callable[[], list[str]], tmp_path: Path, broken: str, box: str, says: str
) -> None:
    """A browser without what the page needs is told apart, in words, with what to do."""
    page = tmp_path / "casescreen.html"
    text = one_file.read_text(encoding="utf-8")
    page.write_text(text.replace("<body>", f"<body><script>{broken};</script>", 1), encoding="utf-8")
    visitor = Visitor(browser, page)
    browser.until(f"!document.getElementById('{box}').hidden")
    assert says in visitor.text(f"#{box}")
    assert "Microsoft Edge" in visitor.text(f"#{box}")
    assert faults() == []


def _keep_an_answer(visitor: Visitor, faults: Callable[[], list[str]]) -> None:
    """An answer without its reason is refused in words; one that is kept moves on, and the page warns of losing it."""
    browser = visitor.browser
    _answer(browser, "na", "")
    browser.until("!document.getElementById('mistake').hidden")
    assert "reason" in visitor.text("#mistake")
    assert not _would_close(browser)
    _draft_is_kept(visitor)
    _answer(browser, "no", "Says what happened, and not why.")
    browser.until("document.querySelector('.question.done')")
    assert browser.run("document.activeElement.closest('.question:not(.done)') !== null")
    assert "1 answer kept in this page, and not saved yet" in visitor.text("#desk-next")
    assert faults() == []
    assert not _would_close(browser)


def _draft_is_kept(visitor: Visitor) -> None:
    """What is typed and not kept is there again after another case, and is counted as not saved."""
    browser, field = visitor.browser, "document.querySelector('.question:not(.done) textarea')"
    case = browser.run("document.getElementById('desk-case').value")
    browser.run(f"{field}.value = 'Begun'; {field}.dispatchEvent(new Event('input', {{bubbles: true}}))")
    visitor.press("Next case")
    assert not _would_close(browser)
    assert "1 answer begun and not kept" in visitor.text("#desk-next")
    browser.run(
        f"{{ const cases = document.getElementById('desk-case'); cases.value = {json.dumps(case)};"
        " cases.dispatchEvent(new Event('change')); }"
    )
    browser.until(f"document.getElementById('desk-of').innerText.startsWith({json.dumps(case)}) && {RESTS}")
    assert browser.run(f"{field}.value") == "Begun"


def _reads_as_it_was_left(browser: Browser, page: Path, files: list[Path]) -> None:
    """The six cases are there, need no columns to be confirmed, and one question is answered."""
    visitor = Visitor(browser, page)
    browser.choose("#files", files)
    _on_the_day(browser)
    visitor.press("Read these files")
    visitor.shows("reading")
    assert "6 cases were read" in visitor.text("#reading-sums")
    visitor.press("Show the findings")
    visitor.shows("findings")
    visitor.press("Reading a case")
    visitor.shows("desk")
    assert visitor.text("#desk-questions details summary") == "Answered already: 1"
    assert "Says what happened, and not why." in browser.run("document.getElementById('desk-questions').textContent")


def _select(heading: str) -> str:
    return f"document.querySelector('select[aria-label=\"“{heading}” is\"]')"


def _taken_for(browser: Browser, heading: str) -> str:
    """What a column is taken for, as the page shows it."""
    return str(browser.run(f"{_select(heading)}.selectedOptions[0].textContent"))


def _take(browser: Browser, heading: str, field: str) -> None:
    browser.run(f"{_select(heading)}.value = '{field}'; {_select(heading)}.dispatchEvent(new Event('change'))")


def _answer(browser: Browser, answer: str, reason: str) -> None:
    """Answer the first question that waits."""
    form = "document.querySelector('.question:not(.done) form')"
    browser.run(f"{form}.querySelector('[value={answer}]').click()")
    browser.run(f"{form}.querySelector('textarea').value = {json.dumps(reason)}")
    browser.run(f"{form}.querySelector('[type=submit]').click()")
    browser.until(RESTS)


def _would_close(browser: Browser) -> bool:
    """Whether the page may be closed without a warning."""
    return bool(browser.run("window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"))


def _on_the_day(browser: Browser) -> None:
    """Screen as at the day of the tracker, whatever today is."""
    browser.run("for (const id of ['as-of', 'taken-on']) document.getElementById(id).value = '2026-11-28'")


def _tracker(folder: Path) -> Path:
    """A workbook as a team keeps it."""
    file = folder / "tracker.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("Caseload tracker")
        for row, cells in enumerate(_TRACKER):
            sheet.write_row(row, 0, cells)
    return file


def _many(folder: Path, number: int) -> Path:
    """A table of so many cases in the headings of the dictionary."""
    file = folder / f"{number}.csv"
    rows = [f"C-{one},referral order,2016-02-01" for one in range(number)]
    file.write_text("\n".join(["case.id,order.type,order.starts_on", *rows]), encoding="utf-8")
    return file
