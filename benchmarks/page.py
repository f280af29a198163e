"""Measure casescreen.html: ready against a bare interpreter, and 500 cases against the command line.

python benchmarks/page.py casescreen.html page-parts           both, five times in turn, in Chromium and Firefox
python benchmarks/page.py casescreen.html page-parts --times 1

The page is opened from disk, where no network is. The bare interpreter is Pyodide with the very files of its package:
a page that holds them unpacked, and awaits loadPyodide in a worker as casescreen.html does, is opened from disk too.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from datetime import date
from pathlib import Path

from tabulate import tabulate

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "fixtures"))

from browsers import Browser, Chromium, Firefox

from casescreen import load_rulebook
from casescreen.cases.write.toml_and_json import cases_to_json
from casescreen.page.one_file import npm_files
from casescreen.page.parts import collect_parts, read_lock
from casescreen.synth.load import load_spec
from casescreen.synth.made_up import cases_of, made_up

AS_OF = date(2016, 5, 9)
CASES = 500
_BARE_WORKER = """
self.importScripts = () => { throw new TypeError(); };
self.onmessage = async ({ data }) => {
  const { files, index } = data;
  self.fetch = async (address) => {
    const name = String(address).split("/").pop();
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(files[name], { headers: { "Content-Type": type } });
  };
  const source = (name) => URL.createObjectURL(new Blob([files[name]], { type: "text/javascript" }));
  const loader = await import(source("pyodide.mjs"));
  const glue = await import(source("pyodide.asm.mjs"));
  await loader.loadPyodide({
    indexURL: "https://parts.invalid/", lockFileContents: JSON.parse(index), createPyodideModule: glue.default });
  self.postMessage("ready");
};
"""
_BARE_PAGE = """<!doctype html><meta charset="utf-8"><title>bare</title>%s
<script>
const bytesOf = (id) => Uint8Array.from(atob(document.getElementById(id).textContent), (one) => one.charCodeAt(0));
const files = Object.fromEntries([...document.querySelectorAll("script[id]")].map((one) => [one.id, bytesOf(one.id)]));
const index = new TextDecoder().decode(files["pyodide-lock.json"]);
const bare = async () => {
  const worker = new Worker(URL.createObjectURL(new Blob([%s], { type: "text/javascript" })));
  const start = performance.now();
  await new Promise((done) => { worker.onmessage = done; worker.postMessage({ files, index }); });
  worker.terminate();
  return performance.now() - start;
};
</script>"""
_READY = "engine.ready().then(() => performance.now())"
_SCREEN = """
(async () => {
  await engine.ready();
  await engine.ask("clear");
  const files = [{ id: null, file: new File([atob("%s")], "cases.json") }];
  Object.assign(held, { files, read: files, sample: false, reading: null, answers: [], isScreened: false });
  const start = performance.now();
  const read = await engine.ask("read", { as_of: "%s", taken_on: "%s", confirmed: true });
  await engine.ask("screen");
  return [read.records, performance.now() - start];
})()
"""


def bare_page(parts: Path, folder: Path) -> Path:
    """A page that holds the interpreter as its package does, and nothing else."""
    pyodide = npm_files(collect_parts(read_lock(), parts)["pyodide"])
    names = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
    held = "".join(
        f'<script type="application/octet-stream" id="{name}">{b64encode(pyodide[name]).decode()}</script>'
        for name in names
    )
    file = folder / "bare.html"
    file.write_text(_BARE_PAGE % (held, json.dumps(_BARE_WORKER)), encoding="utf-8")
    return file


def cases(folder: Path) -> Path:
    """Made-up cases as one file."""
    rulebook = load_rulebook()
    blocks = made_up(rulebook, load_spec(None, rulebook), cases=CASES, seed=1, as_of=AS_OF)
    file = folder / "cases.json"
    file.write_text(cases_to_json(case for block in blocks for case in cases_of(block, rulebook.dictionary)), "utf-8")
    return file


def by_command(file: Path) -> float:
    """The seconds that the command line takes with the plain engine, from its start to its end."""
    command = [sys.executable, "-m", "casescreen", "check", file.name, "--as-of", str(AS_OF), "--taken-on", str(AS_OF)]
    start = time.perf_counter()
    subprocess.run([*command, "--engine", "plain"], cwd=file.parent, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def measured(browser: Browser, page: Path, bare: Path, file: Path, times: int) -> list[tuple[str, str, str, str]]:
    """Each figure in seconds: ours, what it is compared with, and how many times that it is."""
    ready, empty, ours, command = list[float](), list[float](), list[float](), list[float]()
    screen = _SCREEN % (b64encode(file.read_bytes()).decode(), AS_OF, AS_OF)
    for _ in range(times):
        browser.open(bare)
        empty.append(browser.run("bare()") / 1000)
        browser.open(page)
        ready.append(browser.run(_READY) / 1000)
        records, spent = browser.run(screen)
        assert records == CASES
        ours.append(spent / 1000)
        command.append(by_command(file))
    told = (("ready, from opening the file", ready, empty), (f"{CASES} cases read and screened", ours, command))
    return [
        (
            f"{browser.name}: {what}",
            f"{statistics.median(own):.2f} s",
            f"{statistics.median(other):.2f} s",
            ratio(own, other),
        )
        for what, own, other in told
    ]


def ratio(own: list[float], other: list[float]) -> str:
    """The median of how many times longer it took than what it was compared with in the same turn."""
    return f"{statistics.median(a / b for a, b in zip(own, other, strict=True)):.2f}"


def main() -> None:
    """Measure in both browsers, and print."""
    parser = argparse.ArgumentParser(description="Measure casescreen.html.")
    parser.add_argument("page", type=Path)
    parser.add_argument("parts", type=Path)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    rows: list[tuple[str, str, str, str]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        bare, file = bare_page(given.parts, folder), cases(folder)
        for kind in (Chromium, Firefox):
            program = next(filter(None, map(shutil.which, kind.PROGRAMS)), None)
            if program is None:
                print(f"{kind.name} is not installed.")
                continue
            browser = kind(program, folder / kind.name)
            rows += measured(browser, given.page.resolve(), bare, file, given.times)
            browser.close()
    print(tabulate(rows, ("what", "the page", "bare Pyodide, or the command line", "times"), disable_numparse=True))


if __name__ == "__main__":
    main()
