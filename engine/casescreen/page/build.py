"""casescreen.html: one file with the page, Python, casescreen and its rules. The same parts give the same bytes."""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import casescreen
from casescreen.model.problem import CasescreenError
from casescreen.page.parts import Lock
from casescreen.resources import PACKAGE, rules_folder

SHELL = Path(__file__).with_name("shell")
POLICY = (
    "default-src 'none'; connect-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:;"
    " style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'"
)
"""What the browser lets the page do. It is asked for nothing: whatever would leave the page is forbidden."""
SCRIPTS = (
    *("dom.js", "engine.js", "start.js", "reading.js", "findings.js", "desk.js"),
    *("downloads.js", "comparison.js", "app.js"),
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_ON_THE_PAGE = re.compile(
    r"casescreen/(cli|columnar|synth)/|casescreen/__main__\.py|casescreen/page/(__main__|build|parts)\.py"
    r"|cattr/|cattrs/preconf/|jinja2/(async_utils|nodes_|sandbox|ext|meta)\.py__never__"
)
_NO_CODE = re.compile(r"\.dist-info/|/py\.typed$|\.pyi$|\.c$|linux-gnu\.so$")
_LIBRARY_UNUSED = re.compile(
    r"(unittest|doctest|pdb|pydoc|pydoc_data|idlelib|tkinter|turtledemo|ensurepip|venv|lib2to3|test|xmlrpc|wsgiref"
    r"|multiprocessing|mailbox|imaplib|smtplib|ftplib|poplib|nntplib|telnetlib|cgi|cgitb|webbrowser|turtle|this|antigravity"
    r"|_pyio|_pydatetime|pickletools|optparse|profile|cProfile|pstats|trace|tracemalloc|zipapp|curses|dbm|sqlite3|_pyrepl)"
    r"(/|\.py$)"
)


@frozen
class PagePart:
    """What stands in the file and is not run as it stands: the script element's id, and its text."""

    id: str
    text: Markup


def build_page(lock: Lock, contents: Mapping[str, bytes]) -> bytes:
    """The whole file.

    Args:
        lock: which parts there are.
        contents: each part's content by its name.

    Raises:
        CasescreenError: this is no checkout of casescreen, so the made-up cases are not there.
    """
    npm = _npm_files(contents["pyodide"])
    wheels = [contents[part.name] for part in lock.parts if not part.from_npm]
    packed = {
        "loader": npm["pyodide.mjs"],
        "glue": npm["pyodide.asm.mjs"],
        "machine": npm["pyodide.asm.wasm"],
        "library": _stored(_library(npm["python_stdlib.zip"])),
        "packages": _stored({**_packages(wheels), **_own_files()}),
    }
    parts = [PagePart("worker", _script(SHELL / "worker.js")), PagePart("index", _index(npm["pyodide-lock.json"]))]
    parts += [PagePart(name, Markup(_packed(content))) for name, content in packed.items()]  # noqa: S704 - base64
    return _rendered(parts, "").encode()


def _rendered(parts: list[PagePart], licences: str) -> str:
    templates = Environment(
        loader=FileSystemLoader(SHELL), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return templates.get_template("index.html.j2").render(
        policy=POLICY,
        style=_style(PACKAGE / "report/formats/html/page.css") + _style(SHELL / "page.css"),
        boot=_script(SHELL / "boot.js"),
        scripts=[_script(path) for name in SCRIPTS if (path := SHELL / name).exists()],
        parts=parts,
        version=casescreen.__version__,
        licences=licences,
    )


def _script(path: Path) -> Markup:
    text = path.read_text(encoding="utf-8")
    assert not re.search("</script|<!--", text, re.IGNORECASE), f"{path.name} would end its element"
    return Markup(text)  # noqa: S704 - a script of ours


def _style(path: Path) -> Markup:
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704 - a style of ours


def _packed(content: bytes) -> str:
    return b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")


def _index(lock: bytes) -> Markup:
    """What Pyodide reads to know which packages it could fetch: none."""
    return Markup(json.dumps({"info": json.loads(lock)["info"], "packages": {}}))  # noqa: S704 - from a locked part


def _stored(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files in order of name, not compressed: the whole is, which makes it smaller and quicker to read."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name])
    return made.getvalue()


def _npm_files(package: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        opened = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
        return {name.removeprefix("package/"): file.read() for name, file in opened.items() if file}


def _entries(archive: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            if not name.endswith("/"):
                yield name, opened.read(name)


def _library(archive: bytes) -> dict[str, bytes]:
    return {name: content for name, content in _entries(archive) if not _LIBRARY_UNUSED.match(name)}


def _packages(wheels: Iterable[bytes]) -> dict[str, bytes]:
    files = (entry for wheel in wheels for entry in _entries(wheel))
    return {name: content for name, content in files if not _NO_CODE.search(name) and not _NOT_ON_THE_PAGE.match(name)}


def _own_files() -> dict[str, bytes]:
    """casescreen, its rules and the made-up cases, as they are in the page."""
    cases = PACKAGE.parents[1] / "cases" / "somerset-2016"
    if not cases.is_dir():
        raise CasescreenError(
            "The made-up cases that belong in the page are not here.",
            advice="build the page from a checkout of casescreen.",
        )
    folders = {"casescreen/": PACKAGE, "casescreen/rules/": rules_folder(), "casescreen/page/sample/": cases}
    files = {
        prefix + path.relative_to(folder).as_posix(): path.read_bytes()
        for prefix, folder in folders.items()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    shell = "casescreen/page/shell/"
    return {
        name: content for name, content in files.items() if not (_NOT_ON_THE_PAGE.match(name) or name.startswith(shell))
    }
