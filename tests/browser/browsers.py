"""Chromium and Firefox behind one face, driven over pipes by the standard library alone, where no network is.

Both speak JSON messages, each ended by a zero byte: Chromium by itself, Firefox through ``firefox_on_a_pipe.py``. Where
the system lets it, each is put in a network namespace without any interface but loopback, so what a page asks of the
network cannot be answered, whatever it is. What was asked is kept, and so is every place that a page went to.
"""

from __future__ import annotations

import json
import math
import os
import select
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

PATIENCE = 180.0  # seconds; a machine that does much else is slow
_PIPE = Path(__file__).with_name("firefox_on_a_pipe.py")
_HARMLESS = ("blob:", "data:", "about:")
_FORGIVEN = ("allow-scripts and allow-same-origin",)  # a warning about frames: what runs in ours is fixed by its hashes
_REFUSED, _STORED = "harness: refused ", "harness: stored "
_LISTEN = """
document.addEventListener("securitypolicyviolation", (told) =>
  console.info("harness: refused " + told.effectiveDirective + " " + told.blockedURI));
for (const [owner, name] of [[Storage.prototype, "setItem"], [IDBFactory.prototype, "open"],
    [History.prototype, "pushState"], [History.prototype, "replaceState"]]) {
  const real = owner[name];
  owner[name] = function (...given) { console.info("harness: stored " + name); return real.apply(this, given); };
}
const opened = window.open;
window.open = (...given) => { console.info("harness: refused window " + given[0]); return opened(...given); };
const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
Object.defineProperty(Document.prototype, "cookie",
  {...cookie, set(value) { console.info("harness: stored cookie"); }});
"""
# fmt: off
_FIREFOX_KEYS = {
    "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Home": "\ue011", "End": "\ue010", "Space": " ",
    "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015",
}
# fmt: on
_POINTING = """
[document, ...[...document.querySelectorAll("iframe")].map(one => one.contentDocument).filter(one => one)].flatMap(
  (where) => ["href", "src", "action", "formaction", "ping", "background", "data", "poster", "srcset"].flatMap(
    (name) => [...where.querySelectorAll(`[${name}]`)].map(one => one.getAttribute(name))
      .filter(to => to && !/^(#|blob:|data:image|about:srcdoc#)/.test(to)).map(to => `${name}=${to}`)))
"""


@cache
def walls() -> tuple[str, ...]:
    """What is put before a command so that it has no network; nothing where the system does not let it."""
    unshare = shutil.which("unshare")
    for flags in (("--net",), ("--net", "--map-root-user")):
        if unshare and subprocess.run([unshare, *flags, "true"], capture_output=True, check=False).returncode == 0:
            return (unshare, *flags)
    return ()


class Browser(ABC):
    """One page of a browser.

    Attributes:
        requests: every address that was asked for since a page was opened, by it or its frames and workers.
        journeys: every address that the page itself went to since then.
        faults: what the browser complained of since then.
        tried: what it was refused by its policy, and what it stored, since then.
        downloads: the folder in which downloads land.
    """

    name: str

    def __init__(self, profile: Path) -> None:
        """Start it and open a page."""
        self.requests: list[str] = []
        self.journeys: list[str] = []
        self.faults: list[str] = []
        self.tried: list[str] = []
        self.downloads = profile / "downloads"
        self.downloads.mkdir(parents=True)
        self._number, self._read = 0, b""
        self._loaded = False
        self._landed: list[Path] = []
        self._opened = ""
        self._to, self._from = self._start(profile)

    @abstractmethod
    def _start(self, profile: Path) -> tuple[int, int]:
        """Start it; the file descriptors by which it is written to and read from."""

    @abstractmethod
    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """What the browser answers to a command of its own protocol."""

    @abstractmethod
    def _note(self, event: dict[str, Any]) -> None:
        """Keep what the browser tells of its own accord."""

    @abstractmethod
    def _go(self, address: str, width: int) -> None:
        """Set the width of the window and begin to go there."""

    @abstractmethod
    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """The value of a script, or of what it promises."""

    @abstractmethod
    def press(self, key: str, text: str = "", code: int = 0) -> None:
        """Press a key and let it go."""

    @abstractmethod
    def choose(self, field: str, files: Iterable[Path]) -> None:
        """Choose files in the field of that selector, as a person does."""

    def open(self, page: Path, width: int = 1280) -> None:
        """Open a page in a window of that many pixels, and wait until it is there."""
        self._opened = page.as_uri()
        self._loaded = False
        for told in (self.requests, self.journeys, self.faults, self.tried, self._landed):
            told.clear()
        self._go(self._opened, width)
        self.wait(lambda: self._loaded or self._gone())

    def wait(self, until: Callable[[], bool]) -> None:
        """Take in what the browser tells until something holds."""
        while not until():
            self._note(self._next())

    def until(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """The value of a script that is asked again, frame by frame, until it is something."""
        return self.run(
            f"(async () => {{ for (;;) {{ const it = await ({script}); if (it) return it;"
            " await new Promise(done => setTimeout(done, 20)); } })()"
        )

    def downloaded(self) -> Path:
        """The file that was downloaded first of those not asked for yet."""
        self.wait(lambda: bool(self._landed))
        return self._landed.pop(0)

    def complaints(self) -> list[str]:
        """All that the page should not have done since it was opened: asked, gone, stored, pointed anywhere."""
        told = [f"asked for {one}" for one in self.requests if not (one == self._opened or one.startswith(_HARMLESS))]
        told += [
            f"went to {one}"
            for one in self.journeys
            if not (one.partition("#")[0] == self._opened or one.startswith(_HARMLESS))
        ]
        told += [f"fault: {one}" for one in self.faults if not any(part in one for part in _FORGIVEN)]
        told += self.tried
        return told if self._gone() else [*told, *(f"points to {one}" for one in self.run(_POINTING))]

    def asked(self) -> bool:
        """Whether there is anything to complain of already."""
        return bool(
            self.tried or self.faults or self._gone() or any(not one.startswith(_HARMLESS) for one in self.requests[1:])
        )

    def _gone(self) -> bool:
        return any(one.partition("#")[0] not in (self._opened, "about:srcdoc", "about:blank") for one in self.journeys)

    def _heard(self, text: str) -> None:
        """Keep what the page said on its console, which is where what listens in it says what it heard."""
        if text.startswith((_REFUSED, _STORED)):
            self.tried.append(text.removeprefix("harness: "))

    def close(self) -> None:
        """End the browser."""
        os.close(self._to)
        self._process.terminate()
        self._process.wait()
        os.close(self._from)

    _process: subprocess.Popen[bytes]

    def _send(self, message: dict[str, object]) -> None:
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._to, data) :]

    def _answer(self, message: dict[str, object]) -> dict[str, Any]:
        number = self._post(message)
        while (answer := self._next()).get("id") != number:
            self._note(answer)
        return answer

    def _post(self, message: dict[str, object]) -> int:
        self._number += 1
        self._send({"id": self._number, **message})
        return self._number

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._from], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"{self.name} said nothing for {PATIENCE:.0f} seconds"
            piece = os.read(self._from, 1 << 20)
            assert piece, f"{self.name} ended before it answered"
            self._read += piece
        message, _, self._read = self._read.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told


class Chromium(Browser):
    """Chromium, which listens on file descriptors 3 and 4."""

    name = "Chromium"
    PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
    _FLAGS = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
        "--remote-debugging-pipe",
    )

    def __init__(self, program: str, profile: Path) -> None:
        """Start it and open a page."""
        self._program = program
        self._session = ""
        super().__init__(profile)
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads), eventsEnabled=True)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._target = target
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")
        self.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
        self.call("Page.addScriptToEvaluateOnNewDocument", source=_LISTEN)

    def _start(self, profile: Path) -> tuple[int, int]:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        command = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self._process = subprocess.Popen(
            [*walls(), "/bin/bash", "-c", command, self._program, *self._FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(theirs_in, theirs_out),
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        return ours_out, ours_in

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """What the browser answers to a command of the DevTools protocol."""
        message: dict[str, object] = {"method": method, "params": parameters}
        if self._session and not method.startswith("Browser."):
            message["sessionId"] = self._session
        answer = self._answer(message)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

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

    def choose(self, field: str, files: Iterable[Path]) -> None:
        """Choose files in the field of that selector, as a person does."""
        found = self.call("Runtime.evaluate", expression=f"document.querySelector({json.dumps(field)})")
        self.call("DOM.setFileInputFiles", files=[str(one) for one in files], objectId=found["result"]["objectId"])

    def _go(self, address: str, width: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=address)

    def _note(self, event: dict[str, Any]) -> None:  # noqa: C901 - one line for each thing that is told
        told = event.get("params", {})
        match event.get("method"):
            case "Page.loadEventFired":
                self._loaded = True
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Network.webSocketCreated" | "Network.webTransportCreated":
                self.requests.append(told["url"])
            case "Page.frameRequestedNavigation":
                self.journeys.append(told["url"])
            case "Page.windowOpen":
                self.journeys.append(told["url"])
            case "Log.entryAdded":
                self.faults.append(told["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.faults.append(str(told["exceptionDetails"].get("exception", told["exceptionDetails"])))
            case "Runtime.consoleAPICalled":
                text = " ".join(str(one.get("value", "")) for one in told["args"])
                self._heard(text)
                self.faults += [text] if told["type"] in ("error", "warning") else []
            case "Target.attachedToTarget":
                for method in ("Network.enable", "Runtime.enable", "Runtime.runIfWaitingForDebugger"):
                    self._post({"method": method, "sessionId": told["sessionId"]})
            case "Browser.downloadWillBegin":
                self._named = told["suggestedFilename"]
            case "Browser.downloadProgress" if told["state"] == "completed":
                self._landed.append(self.downloads / self._named)

    _named = ""


class Firefox(Browser):
    """Firefox, by WebDriver BiDi."""

    name = "Firefox"
    PROGRAMS = ("firefox-esr", "firefox")
    _EVENTS = (
        *("network.beforeRequestSent", "log.entryAdded", "browsingContext.load", "browsingContext.navigationStarted"),
        *("browsingContext.contextCreated", "browsingContext.downloadEnd"),
    )

    def __init__(self, program: str, profile: Path) -> None:
        """Start it and open a page."""
        self._program = program
        self._page = ""
        super().__init__(profile)
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=list(self._EVENTS))
        self._page = self.call("browsingContext.create", type="tab")["context"]
        self.call("script.addPreloadScript", functionDeclaration=f"() => {{ {_LISTEN} }}")

    def _start(self, profile: Path) -> tuple[int, int]:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._process = subprocess.Popen(
            [*walls(), sys.executable, str(_PIPE), self._program, str(profile), str(self.downloads)],
            stdin=theirs_in,
            stdout=theirs_out,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        return ours_out, ours_in

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """What the browser answers to a command of WebDriver BiDi."""
        answer = self._answer({"method": method, "params": parameters})
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """The value of a script, or of what it promises."""
        where = {"context": self._page}
        answer = self.call("script.evaluate", expression=script, target=where, awaitPromise=True)
        assert answer["type"] == "success", answer
        return _plain(answer["result"])

    def press(self, key: str, text: str = "", code: int = 0) -> None:  # noqa: ARG002 - Chromium needs the code
        """Press a key and let it go."""
        value = _FIREFOX_KEYS.get(key, text or key)
        keys = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.call("input.performActions", context=self._page, actions=[{"type": "key", "id": "keys", "actions": keys}])

    def choose(self, field: str, files: Iterable[Path]) -> None:
        """Choose files in the field of that selector, as a person does."""
        where = {"context": self._page}
        query = f"document.querySelector({json.dumps(field)})"
        found = self.call("script.evaluate", expression=query, target=where, awaitPromise=False)["result"]
        element = {"sharedId": found["sharedId"]}
        self.call("input.setFiles", context=self._page, element=element, files=[str(one) for one in files])

    def _go(self, address: str, width: int) -> None:
        self.call("browsingContext.setViewport", context=self._page, viewport={"width": width, "height": 900})
        self.call("browsingContext.navigate", context=self._page, url=address, wait="none")

    def _note(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        ours = told.get("context") == self._page
        match event.get("method"):
            case "browsingContext.load" if ours and told["url"] == self._opened:
                self._loaded = True
            case "network.beforeRequestSent" if told.get("context") in (self._page, None) or told.get("navigation"):
                self.requests.append(told["request"]["url"])
            case "browsingContext.navigationStarted" if ours:
                self.journeys.append(told["url"])
            case "browsingContext.contextCreated" if told.get("originalOpener"):
                self.journeys.append(told["url"])
            case "log.entryAdded" if self._is_ours(told):
                self._heard(str(told["text"]))
                self.faults += [str(told["text"])] if told["level"] in ("error", "warn") else []
            case "browsingContext.downloadEnd" if told["status"] == "complete":
                self._landed.append(Path(told["filepath"]))

    def _is_ours(self, entry: dict[str, Any]) -> bool:
        return bool(entry["source"].get("context") == self._page)


def _plain(value: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever it is
    """A value of a script as Firefox gives it, as a value of Python."""
    kind, held = value["type"], value.get("value")
    if kind == "array":
        return [_plain(one) for one in held or ()]
    if kind == "object":
        return {(key if isinstance(key, str) else _plain(key)): _plain(one) for key, one in held or ()}
    if kind == "number" and isinstance(held, str):
        return {"NaN": math.nan, "-0": -0.0, "Infinity": math.inf, "-Infinity": -math.inf}[held]
    return held
