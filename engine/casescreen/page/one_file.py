"""casescreen.html: one file with the page, Python and all that it finds there, casescreen and its rules.

The same parts give the same bytes with the same Python and zlib: another release may pack otherwise.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from base64 import b85encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from casescreen import __version__
from casescreen.model.problem import CasescreenError
from casescreen.page.parts import Lock
from casescreen.resources import PACKAGE, rules_folder, sample_folder
from casescreen.text import visible

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
    pyodide = npm_files(contents["pyodide"])
    wheels = {part.name: contents[part.name] for part in lock.parts if not part.from_npm}
    python, modules = library(pyodide["python_stdlib.zip"]), packages(wheels.values())
    if compiled:
        python, modules = precompiled(pyodide, python, modules)
    packed = {
        "loader": pyodide["pyodide.mjs"],
        "glue": pyodide["pyodide.asm.mjs"],
        "machine": pyodide["pyodide.asm.wasm"],
        "library": python,
        "packages": modules,
    }
    embedded = [EmbeddedPart("worker", _script(SHELL / "worker.js")), EmbeddedPart("index", _index(pyodide))]
    embedded += [EmbeddedPart(name, _packed(content)) for name, content in packed.items()]
    return _rendered(embedded, licences(wheels)).encode()


def _rendered(embedded: list[EmbeddedPart], licences_in_full: str) -> str:
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
        licences=licences_in_full,
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


_HERE = Path(__file__).parent
_LICENCE_OF_OURS = PACKAGE.parents[1] / "LICENSE"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PATIENCE = 600  # seconds
_OUR_KINDS = {".py", ".toml", ".json", ".html", ".css", ".js", ".xml"}
_OUR_NAMES = re.compile(r"\w[\w.-]*", re.ASCII)  # none that is hidden, or a copy that an editor keeps
_OURS_UNUSED = re.compile(
    r"casescreen/(cli|columnar|synth|page/shell)/|casescreen/__main__\."
    r"|casescreen/page/(__main__|one_file|parts|precompile)\."
)
_NO_CODE = re.compile(
    r"\.dist-info/|/py\.typed$|\.pyi$|\.c$|linux-gnu\.so$|__pycache__/"
    r"|cattr/|cattrs/preconf/|wcwidth/table_grapheme_overrides/_known"  # formats and terminals not here
)
_LIBRARY_UNUSED = re.compile(
    r"(_pyio|_pydatetime|_pyrepl|antigravity|cProfile|ctypes|curses|dbm|doctest|ensurepip|ftplib|idlelib|imaplib|lib2to3"
    r"|mailbox|multiprocessing|optparse|pdb|bdb|pickletools|poplib|profile|pstats|pydoc|pydoc_data|smtplib|sqlite3|test"
    r"|this|tkinter|trace|turtle|turtledemo|unittest|venv|webbrowser|wsgiref|xmlrpc|zipapp)(/|\.py$)"
    r"|encodings/(big5|cp(?!437|1252|65001)|euc|gb|hp_|hz|iso|johab|koi8|kz|mac|palmos|ptcp|shift|tis)"
)
_LICENCE = re.compile(r"[^/]+\.dist-info/(licenses/)?LICEN[CS]E[^/]*$", re.IGNORECASE)
_BILL = re.compile(r"[^/]+\.dist-info/sboms/[^/]+\.json$")


def check_needed(*, compiled: bool) -> None:
    """Refuse to begin where something is not here that no registry has.

    Args:
        compiled: whether Python is to find byte code.

    Raises:
        CasescreenError: this is no checkout of casescreen, or nothing can be compiled here.
    """
    if not (sample_folder().is_dir() and _LICENCE_OF_OURS.is_file()):
        raise CasescreenError(
            "The made-up cases that belong in the page are not in this installation of casescreen.",
            why="they are in the folder of its source, and only an editable installation looks there.",
            advice="in that folder, run: python -m pip install --editable .  Then make the page with the same Python.",
        )
    if compiled:
        _node()


def npm_files(package: bytes) -> dict[str, bytes]:
    """The files of a package of npm."""
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        opened = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
        return {name.removeprefix("package/"): file.read() for name, file in opened.items() if file}


def library(python_stdlib: bytes) -> bytes:
    """Python's own library as a zip, without what nothing on the page can use."""
    return _stored({name: content for name, content in _entries(python_stdlib) if not _LIBRARY_UNUSED.match(name)})


def packages(wheels: Iterable[bytes]) -> bytes:
    """The packages, casescreen, its rules and the made-up cases, as a zip."""
    files = {name: content for wheel in wheels for name, content in _entries(wheel)}
    return _stored({name: content for name, content in files.items() if not _NO_CODE.search(name)} | _own_files())


def licences(wheels: Mapping[str, bytes]) -> str:
    """The licence of everything that is inside the page.

    Args:
        wheels: the packages by name.
    """
    texts = {"casescreen": _LICENCE_OF_OURS.read_text(encoding="utf-8")}
    beside = _HERE / "shell" / "licences"
    texts["Python and Pyodide"] = (beside / "compiled-in.txt").read_text(encoding="utf-8")
    texts["Mozilla Public License 2.0"] = (beside / "MPL-2.0.txt").read_text(encoding="utf-8")
    for name, wheel in wheels.items():
        entries = dict(_entries(wheel))
        found = [content.decode() for path, content in entries.items() if _LICENCE.match(path)]
        crates = [line for path, content in entries.items() if _BILL.match(path) for line in _billed(content)]
        texts[name] = "\n".join(found + crates)
    return "\n\n".join(f"{name}\n{'=' * len(name)}\n\n{text.strip()}" for name, text in texts.items())


def _billed(bill: bytes) -> list[str]:
    """What a compiled package says that is compiled into it."""
    lines = ["Compiled into it, under the licences that each states:"]
    for one in json.loads(bill).get("components", ()):
        stated = [
            choice.get("expression") or choice.get("license", {}).get("id", "") for choice in one.get("licenses", ())
        ]
        lines.append(f"  {one['name']} {one.get('version', '')}: {', '.join(stated)}")
    return lines


def precompiled(pyodide: Mapping[str, bytes], library_zip: bytes, packages_zip: bytes) -> tuple[bytes, bytes]:
    """Both zips with what a first screening imports as byte code, made by the very interpreter that will run it.

    Raises:
        CasescreenError: Node.js, which runs that interpreter here, is not installed, or it failed.
    """
    node = _node()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        given = {**pyodide, "library-in.zip": library_zip, "packages-in.zip": packages_zip}
        for name, content in given.items():
            (folder / name).write_bytes(content)
        script = str(_HERE / "precompile.mjs")
        command = [node, script, scratch, str(folder / "library-in.zip"), str(folder / "packages-in.zip"), scratch]
        _compile(command)
        return (folder / "library.zip").read_bytes(), (folder / "packages.zip").read_bytes()


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        raise CasescreenError(
            "Node.js is not installed, and it compiles what is inside the page.",
            advice="install Node.js, or build with --uncompiled: that page starts half as fast.",
        )
    return node


def _compile(command: list[str]) -> None:
    try:
        ran = subprocess.run(  # noqa: S603 - no shell; a script of ours
            command, capture_output=True, text=True, errors="replace", check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CasescreenError(
            "What is inside the page could not be compiled: Node.js did not start, or did not end in ten minutes.",
            advice="close other programs and try again, or build with --uncompiled: that page starts half as fast.",
        ) from error
    if ran.returncode:
        last = ran.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise CasescreenError(
            f"What is inside the page could not be compiled. Node.js says: {visible(last[0])}",
            advice="build with --uncompiled, and tell us.",
        )


def _own_files() -> dict[str, bytes]:
    folders = {"casescreen/": PACKAGE, "casescreen/rules/": rules_folder(), "casescreen/sample/": sample_folder()}
    files = {f"{prefix}{name}": path for prefix, folder in folders.items() for name, path in _files_to_pack(folder)}
    return {name: path.read_bytes() for name, path in files.items() if not _OURS_UNUSED.match(name)}


def _files_to_pack(folder: Path) -> Iterator[tuple[str, Path]]:
    """What belongs to casescreen below a folder, and nothing that merely lies there."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and path.suffix in _OUR_KINDS and all(map(_OUR_NAMES.fullmatch, name.parts)):
            yield name.as_posix(), path


def _stored(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files in order of name, not compressed: the whole is, which makes it smaller and quicker to read."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name])
    return made.getvalue()


def _entries(archive: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            if not name.endswith("/"):
                yield name, opened.read(name)
