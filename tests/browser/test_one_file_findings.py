"""What casescreen.html finds is what the command line finds, to the byte, whatever it is given.

    python tests/browser/test_one_file_findings.py casescreen.html 300

holds that of so many generated caseloads, in Chromium, and tells of each that differs.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from datetime import date
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any, Protocol

import pytest
from browsers import Chromium
from hostile_files import hostile_file
from made_up_cases import AS_OF, of_the_letter, of_the_recipe, with_faults

from casescreen.cases.write.toml_and_json import cases_to_json
from casescreen.cli import main

_ROOT = Path(__file__).resolve().parents[2]
_ENGINE = re.compile(r'"engine": "[^"]*"')
_CI = 15
_READ = """
(async () => {
  const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  await engine.ready();
  Object.assign(held, { files: [], read: [], beside: [], sample: false });
  Object.assign(held, { reading: null, answers: [], isScreened: false });
  await engine.ask("clear");
  held.files = %(files)s.map(([name, text]) => ({ id: null, file: new File([bytesOf(text)], name) }));
  held.read = [...held.files];
  try {
    await engine.ask("read", %(settings)s);
    const { bytes } = await engine.download("report", { form: "json" });
    return new TextDecoder().decode(bytes);
  } catch (fault) {
    if (!fault.problem) throw fault;
    return JSON.stringify({ error: fault.problem });
  }
})()
"""


class Browser(Protocol):
    """What conftest.py drives."""

    def open(self, page: Path, width: int = 1280) -> None: ...
    def run(self, script: str) -> Any: ...  # noqa: ANN401
    def complaints(self) -> list[str]: ...


@pytest.fixture(scope="module")
def opened(browser: Browser, one_file: Path) -> Browser:
    """Chromium with the page, which is opened once for all tests here."""
    browser.open(one_file)
    return browser


def generated(seed: int) -> bytes:
    """A caseload of a few cases with faults sown in."""
    random = Random(seed)  # noqa: S311 - no secrets
    cases = random.sample([*of_the_letter(), *of_the_recipe()], random.randint(1, 12))
    return cases_to_json(with_faults(random, case) for case in cases).encode()


def found_by_page(browser: Browser, files: Mapping[str, bytes], as_of: date) -> str:
    """The findings as JSON that the page gives to save, or its error."""
    given = [[name, b64encode(content).decode()] for name, content in files.items()]
    settings = {"as_of": str(as_of), "taken_on": str(as_of), "confirmed": True}
    return str(browser.run(_READ % {"files": json.dumps(given), "settings": json.dumps(settings)}))


def found_by_command(folder: Path, files: Mapping[str, bytes], as_of: date) -> str:
    """The findings as JSON that the command line writes for files of its working directory."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    options = ["--as-of", str(as_of), "--taken-on", str(as_of), "--engine", "plain", "--output", "findings.json"]
    with chdir(folder), suppress(SystemExit), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        main(["check", *files, *options])
    return (folder / "findings.json").read_text(encoding="utf-8")


def alike(page: str, command: str) -> bool:
    """Whether both are the same but for the engine's name."""
    return _ENGINE.sub("", page) == _ENGINE.sub("", command)


def test_the_made_up_cases_are_found_alike(either: Browser, one_file: Path, tmp_path: Path) -> None:
    """The twenty cases of the letter give the same JSON in both browsers as on the command line."""
    files = {path.name: path.read_bytes() for path in sorted((_ROOT / "cases" / "somerset-2016").glob("*.toml"))}
    either.open(one_file)
    page, command = found_by_page(either, files, AS_OF), found_by_command(tmp_path, files, AS_OF)
    assert len(json.loads(page)["findings"]) > 700
    assert alike(page, command)
    assert either.complaints() == []


def test_generated_cases_are_found_alike(opened: Browser, tmp_path: Path) -> None:
    """Caseloads with values that are missing, impossible or unreadable give the same JSON as on the command line."""
    for seed in range(_CI):
        folder = tmp_path / str(seed)
        folder.mkdir()
        files = {"cases.json": generated(seed)}
        assert alike(found_by_page(opened, files, AS_OF), found_by_command(folder, files, AS_OF)), seed


@pytest.mark.parametrize("form", ["xlsx", "xls", "ods", "csv", "json", "toml"])
def test_a_hostile_file_ends_in_words(opened: Browser, form: str) -> None:
    """A broken file is read or refused, in words for the person who dropped it, and the page goes on."""
    for seed in range(3):
        told = json.loads(found_by_page(opened, {f"cases.{form}": hostile_file(form, seed)}, AS_OF))
        assert "casescreen itself" not in json.dumps(told.get("error", ""))
        assert "findings" in told or told["error"]["what"]
    assert opened.complaints() == []


def test_five_hundred_cases_are_screened(opened: Browser) -> None:
    """A caseload as large as a county's comes through, each case once."""
    cases = (of_the_letter() + of_the_recipe())[:100]
    many = json.loads(cases_to_json(cases))["cases"]
    copies = [{**one, "case": {**one["case"], "id": f"C-{number}"}} for number, one in enumerate(many * 5)]
    found = json.loads(found_by_page(opened, {"many.json": json.dumps({"cases": copies}).encode()}, AS_OF))
    assert len({one["case"] for one in found["findings"]}) == 500


def differing(page: Path, number: int) -> list[int]:
    """The seeds of those of so many generated caseloads of which page and command do not say the same."""
    program = next(filter(None, map(shutil.which, Chromium.PROGRAMS)))
    with tempfile.TemporaryDirectory() as scratch:
        browser = Chromium(program, Path(scratch) / "profile")
        browser.open(page)
        wrong = []
        for seed in range(number):
            files = {"cases.json": generated(seed)}
            folder = Path(tempfile.mkdtemp(dir=scratch))
            if not alike(found_by_page(browser, files, AS_OF), found_by_command(folder, files, AS_OF)):
                wrong.append(seed)
        browser.close()
    return wrong


if __name__ == "__main__":
    differ = differing(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
    sys.stdout.write(f"{int(sys.argv[2]) - len(differ)} alike, {len(differ)} not: {differ}\n")
    sys.exit(bool(differ))
