"""The report on the Somerset cases, opened in Chromium, which is driven over a pipe by the standard library alone.

Chromium is looked for as chromium, chromium-browser or google-chrome. axe-core is read from the file that AXE_CORE
names, else it is fetched by npm into a temporary folder. Where either is missing, the tests that need it are skipped
and say why; where CI is set, they fail.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest

from casescreen.cases.load import read_cases
from casescreen.evaluate.screening import screen
from casescreen.report.formats.registry import FORMATS, Options
from casescreen.rulebook.load import load_rulebook

_ROOT = Path(__file__).resolve().parents[2]
_AS_OF = date(2016, 5, 9)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    "--remote-debugging-pipe",
)
_PATIENCE = 60.0


class Browser:
    """One page of a Chromium that listens on file descriptors 3 and 4: JSON messages, each ended by a zero byte."""

    def __init__(self, program: str, profile: Path) -> None:
        """Start it and open a page."""
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        command = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", command, program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs_in, theirs_out),
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._number, self._read, self._session = 0, b"", ""
        self._loaded = False
        self.requests: list[str] = []
        self.faults: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")
        self.call("Log.enable")

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """What the browser answers to a command of the DevTools protocol."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._send(json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._note(answer)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, page: Path, width: int) -> None:
        """Open a page in a window of that many pixels, and wait until it is there."""
        self.requests.clear()
        self.faults.clear()
        self._loaded = False
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=page.as_uri())
        while not self._loaded:
            self._note(self._next())

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """The value of a script, or of what it promises."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, text: str = "", code: int = 0) -> None:
        """Press a key and let it go."""
        kind = "keyDown" if text else "rawKeyDown"
        self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text, windowsVirtualKeyCode=code)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._to, data) :]

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"Chromium said nothing for {_PATIENCE:.0f} seconds"
            piece = os.read(self._from, 1 << 20)
            assert piece, "Chromium ended before it answered"
            self._read += piece
        message, _, self._read = self._read.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told

    def _note(self, event: dict[str, Any]) -> None:
        if event.get("method") == "Page.loadEventFired":
            self._loaded = True
        if event.get("method") == "Network.requestWillBeSent":
            self.requests.append(event["params"]["request"]["url"])
        if event.get("method") == "Log.entryAdded":
            self.faults.append(event["params"]["entry"]["text"])


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on the twenty Somerset cases."""
    rulebook = load_rulebook()
    caseload = read_cases([str(_ROOT / "cases" / "somerset-2016")], rulebook.dictionary, taken_on=_AS_OF)
    file = tmp_path_factory.mktemp("report") / "somerset.html"
    file.write_text(str(FORMATS["html"].render(screen(rulebook, caseload, as_of=_AS_OF), Options())), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with one page."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        _missing("no Chromium is installed (apt install chromium)")
    made = Browser(program, tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe-core."""
    if named := os.environ.get("AXE_CORE"):
        return Path(named).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        _missing("neither AXE_CORE nor npm is there to get axe-core by")
    folder = tmp_path_factory.mktemp("axe")
    got = subprocess.run(
        [npm, "install", "--no-save", "--ignore-scripts", "--prefix", str(folder), "axe-core@4"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    file = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not file.exists():
        _missing(f"npm could not fetch axe-core: {got.stderr.strip()[-300:]}")
    return file.read_text(encoding="utf-8")


Check = Callable[[], list[str]]


@pytest.fixture
def accessible(browser: Browser, axe: str) -> Check:
    """A function that gives what axe-core finds wrong with the page that is open."""

    def check() -> list[str]:
        browser.run(axe)
        found = browser.run(
            "axe.run(document, {resultTypes: ['violations']}).then(told => told.violations.flatMap("
            "one => one.nodes.map(node => `${one.id}: ${node.target} ${node.failureSummary}`)))"
        )
        assert isinstance(found, list)
        return found

    return check
