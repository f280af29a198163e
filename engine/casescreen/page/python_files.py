"""All that Python finds in the page: its own library, the packages and casescreen; and the licences of all three."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from casescreen.model.problem import CasescreenError
from casescreen.resources import PACKAGE, rules_folder, sample_folder
from casescreen.text import visible

_HERE = Path(__file__).parent
_LICENCE_OF_OURS = PACKAGE.parents[1] / "LICENSE"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PATIENCE = 600  # seconds
_OUR_KINDS = {".py", ".toml", ".json", ".html", ".css", ".js", ".xml"}
_OUR_NAMES = re.compile(r"\w[\w.-]*", re.ASCII)  # none that is hidden, or a copy that an editor keeps
_OURS_UNUSED = re.compile(
    r"casescreen/(cli|columnar|synth|page/shell)/|casescreen/__main__\."
    r"|casescreen/page/(__main__|one_file|parts|python_files|precompile)\."
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
