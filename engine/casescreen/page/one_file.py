"""casescreen.html: one file with the page, Python, casescreen and its rules.

The same parts give the same bytes with the same Python and zlib: another release may pack otherwise.
"""

from __future__ import annotations

import gzip
import json
import re
from base64 import b85encode
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from casescreen import __version__
from casescreen.page import python_files
from casescreen.page.parts import Lock
from casescreen.resources import PACKAGE

SHELL = Path(__file__).with_name("shell")
POLICY = (
    "default-src 'none'; connect-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:;"
    " style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'"
)
"""What the browser lets the page do. It is asked for nothing: whatever would leave the page is forbidden."""
_STYLES = (PACKAGE / "report/formats/html/page.css", SHELL / "page.css")
_SCRIPTS = (
    *("dom.js", "steps.js", "engine.js", "start.js", "reading.js", "findings.js", "open_questions.js", "downloads.js"),
    *("enquiry_sheets.js", "comparison.js", "app.js"),
)  # in the order in which they are run
_MADE_ON, _NOWHERE_KNOWN = 9, 255  # a system in the header of gzip, for which releases of Python write different ones
_ENDS_ELEMENT = re.compile(r"</script|<!--", re.IGNORECASE)


@frozen
class EmbeddedPart:
    """What stands in the file and is not run as it stands: the id of its script element, and its text."""

    id: str
    text: Markup


def one_file(lock: Lock, contents: Mapping[str, bytes], *, compiled: bool = True) -> bytes:
    """The whole file.

    Args:
        lock: which parts there are.
        contents: each part's content by its name.
        compiled: whether Python finds byte code, and not text that it has to compile at each start.

    Raises:
        CasescreenError: nothing can be compiled here.
    """
    pyodide = python_files.npm_files(contents["pyodide"])
    wheels = {part.name: contents[part.name] for part in lock.parts if not part.from_npm}
    library, packages = python_files.library(pyodide["python_stdlib.zip"]), python_files.packages(wheels.values())
    if compiled:
        library, packages = python_files.precompiled(pyodide, library, packages)
    packed = {
        "loader": pyodide["pyodide.mjs"],
        "glue": pyodide["pyodide.asm.mjs"],
        "machine": pyodide["pyodide.asm.wasm"],
        "library": library,
        "packages": packages,
    }
    embedded = [EmbeddedPart("worker", _script(SHELL / "worker.js")), EmbeddedPart("index", _index(pyodide))]
    embedded += [EmbeddedPart(name, _packed(content)) for name, content in packed.items()]
    return _rendered(embedded, python_files.licences(wheels)).encode()


def _rendered(embedded: list[EmbeddedPart], licences: str) -> str:
    templates = Environment(
        loader=FileSystemLoader(SHELL), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return templates.get_template("index.html.j2").render(
        policy=POLICY,
        style=Markup().join(_style(path) for path in _STYLES),
        boot=_script(SHELL / "worker_client.js"),
        scripts=[_script(SHELL / name) for name in _SCRIPTS],
        parts=embedded,
        version=__version__,
        licences=licences,
    )


def _script(path: Path) -> Markup:
    text = path.read_text(encoding="utf-8")
    assert not _ENDS_ELEMENT.search(text), f"{path.name} would end its element"
    return Markup(text)  # noqa: S704 - a script of ours


def _style(path: Path) -> Markup:
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704 - a style of ours


def _packed(content: bytes) -> Markup:
    """Compressed, and in letters: of four bytes five letters, where base64 makes six."""
    packed = bytearray(gzip.compress(content, 9, mtime=0))
    packed[_MADE_ON] = _NOWHERE_KNOWN
    text = b85encode(packed).decode("ascii").replace("<", ",")
    return Markup(text)  # noqa: S704 - without "<" it ends no element


def _index(pyodide: Mapping[str, bytes]) -> Markup:
    """What Pyodide reads to know which packages it could fetch: none."""
    info = json.loads(pyodide["pyodide-lock.json"])["info"]
    return Markup(json.dumps({"info": info, "packages": {}}))  # noqa: S704 - from a locked part
