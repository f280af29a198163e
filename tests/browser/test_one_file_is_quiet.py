"""casescreen.html asks nothing of anybody, goes nowhere and keeps nothing; and what would do so is caught."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

import pytest
from firefox_session import kept_of_tabs


class Browser(Protocol):
    """What conftest.py drives."""

    downloads: Path
    faults: list[str]
    requests: list[str]

    def open(self, page: Path, width: int = 1280) -> None: ...
    def run(self, script: str) -> Any: ...  # noqa: ANN401
    def until(self, script: str) -> Any: ...  # noqa: ANN401
    def asked(self) -> bool: ...
    def wait(self, until: Callable[[], bool]) -> None: ...
    def complaints(self) -> list[str]: ...


_SOMEWHERE = "https://somewhere.example/"
_SLIPS = {
    "fetch": f"<script>fetch('{_SOMEWHERE}').catch(() => 0)</script>",
    "image": f"<img alt='' src='{_SOMEWHERE}one.png'>",
    "form": f"<form action='{_SOMEWHERE}' id='slip'></form><script>document.getElementById('slip').submit()</script>",
    "link": f"<a href='{_SOMEWHERE}'>somewhere</a>",
    "location": f"<script>location = '{_SOMEWHERE}'</script>",
    "window": f"<script>window.open('{_SOMEWHERE}?data')</script>",
    "storage": "<script>localStorage.setItem('a', 'b')</script>",
}


_LONGEST = 60_000
_A_WHILE = "new Promise(done => setTimeout(() => done(performance.now() - begun), 100))"
_TYPE = """
for (const field of document.querySelectorAll('#desk textarea, #desk input[type=text]')) {
  field.value = 'typed by somebody';
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
"""


@pytest.mark.parametrize("slip", _SLIPS)
def test_what_would_leave_is_caught(either: Browser, one_file: Path, tmp_path: Path, slip: str) -> None:
    """A page with one request, one way out or one thing kept is told of, so the tests of this are not silent."""
    page = one_file.read_text(encoding="utf-8")
    head, worker, _ = page.partition('<script type="application/octet-stream" id="part-worker">')
    assert worker
    wrong = tmp_path / "casescreen.html"
    wrong.write_text(f"{head}{_SLIPS[slip]}</body></html>", encoding="utf-8")
    either.open(wrong)
    if slip != "link":
        either.wait(either.asked)
    assert _about(either.complaints())


def test_what_would_leave_the_worker_is_caught(either: Browser, one_file: Path, tmp_path: Path) -> None:
    """A worker that asks for something tells the page of it, and so what drives the page."""
    page = one_file.read_text(encoding="utf-8")
    head, worker, rest = page.partition('<script type="application/octet-stream" id="part-worker">')
    wrong = tmp_path / "casescreen.html"
    wrong.write_text(f"{head}{worker}fetch('{_SOMEWHERE}').catch(() => 0);{rest}", encoding="utf-8")
    either.open(wrong)
    either.wait(lambda: bool(_about([*either.faults, *either.requests])))
    blank = tmp_path / "blank.html"
    blank.write_text("<!doctype html><title>blank</title>", encoding="utf-8")
    either.open(blank)  # what the worker still says comes before the next test, and not in it


def test_a_browser_keeps_nothing_of_records_to_open_its_tabs_again(one_file: Path, firefox: Browser) -> None:
    """What Firefox writes to the disk of the open page names the page, and no case, worker or answer."""
    firefox.open(one_file)
    firefox.until("document.body.innerText.includes('Ready.')")
    firefox.run("document.getElementById('sample').click()")
    firefox.until("document.getElementById('report').contentDocument.querySelector('article.case')")
    firefox.run("steps.go('desk')")
    firefox.until("document.querySelector('#desk textarea')")
    firefox.run(_TYPE)
    firefox.run("steps.go('downloads')")
    firefox.run("window.begun = performance.now()")
    kept = ""
    while "Downloads - casescreen" not in kept:
        assert firefox.run(_A_WHILE) < _LONGEST, "Firefox wrote nothing of this page"
        kept = kept_of_tabs(firefox.downloads.parent)
    assert not [words for words in ("SOM-0", "Worker ", "typed by somebody") if words in kept]
    firefox.run("unsaved.remove('typing')")


def _about(complaints: Iterable[str]) -> list[str]:
    return [one for one in complaints if "somewhere" in one or one.startswith("stored")]
