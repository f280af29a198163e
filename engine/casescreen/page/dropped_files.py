"""The files that were dropped on the page, kept for as long as it is open; and what is local among them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, chdir
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from attrs import Factory, define, frozen

from casescreen.cases.mapping.load import is_mapping
from casescreen.model.problem import CasescreenError, Fault
from casescreen.model.rulebook import Rulebook
from casescreen.model.waiver import Waiver
from casescreen.privacy.pseudonyms import LONGEST_KEY_FILE, is_key
from casescreen.report.local_rules import local_in_short, moved_in_words
from casescreen.rulebook.profile_files import load_profile
from casescreen.rulebook.waiver_file import waivers_in
from casescreen.syntax.toml_parser import read_toml
from casescreen.text import visible

CASES, MAPPING, FINDINGS, KEY = "cases", "mapping", "findings", "key"
PROFILE, WAIVERS, SHEET = "profile", "waivers", "sheet"
_LONGEST_NAME, _LONGEST_ENDING, _MOST_PARTS = 80, 12, 6
_PARTED = re.compile(r"[/\\]")
_NO_NAME = re.compile(r'[<>:"|?*]')
_START_OF_FINDINGS = re.compile(rb'\s*\{\s*"format":\s*"casescreen')
_LIKE_A_CASE = re.compile(rb"^[ \t]*\[(\[cases\]|case\])", re.MULTILINE)
_LIKE_WAIVERS = re.compile(rb"^[ \t]*\[(\[waivers?\]\]|waiver\])|\A# Waivers: ", re.MULTILINE)
_LIKE_A_PROFILE = re.compile(
    rb"^[ \t]*(extends[ \t]*=|\[\[?(parameters|off|severity|documents)[.\]]|\[(bands|waivers)\])", re.MULTILINE
)
_DOCUMENTS, _WORKBOOKS = (".docx", ".odt"), (".xlsx", ".xlsm", ".ods")
_HAS_TEXTS = re.compile(r"xl/(sharedStrings|worksheets/[^/]+)\.xml|content\.xml")
_MOST_TEXT = 16 * 2**20  # of a sheet of one case that is far more than there is
_MARK = b"\xef\xbb\xbf"  # that Windows puts at the start of text


@frozen
class DroppedFile:
    """One file.

    Attributes:
        id: what the page calls it.
        name: what people call it, and its path in the folder.
        kind: what it is taken for: cases, a mapping, a profile, waivers, a filled enquiry sheet, findings of an earlier
            day, or a key of pseudonyms.
    """

    id: str
    name: str
    kind: str


@define(eq=False)
class DroppedFiles:
    """All files of one page.

    The engine finds them by paths below the folder, so what it tells of a file names it as people do.
    """

    files: dict[str, DroppedFile] = Factory(dict)
    _folder: TemporaryDirectory[str] = Factory(lambda: TemporaryDirectory(prefix="casescreen-"))
    _made: int = 0

    def add(self, name: str, data: bytes) -> DroppedFile:
        """Keep a file under its name, which may be anything, or under one like it that is not taken."""
        kept = self._free(_safe(name))
        path = Path(self._folder.name, kept)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self._made += 1
        file = DroppedFile(f"f{self._made}", kept, _kind(kept, data))
        self.files[file.id] = file
        return file

    def remove(self, file_id: str) -> None:
        """Forget a file.

        Raises:
            CasescreenError: there is no such file.
        """
        Path(self._folder.name, self.named(file_id).name).unlink()
        del self.files[file_id]

    def clear(self) -> None:
        """Forget all files."""
        for file_id in [*self.files]:
            self.remove(file_id)

    def close(self) -> None:
        """Forget all files, and the folder."""
        self._folder.cleanup()

    def of_kind(self, kind: str) -> list[DroppedFile]:
        """The files that are taken for that, in the order in which they came."""
        return [file for file in self.files.values() if file.kind == kind]

    def data(self, file_id: str) -> bytes:
        """What a file holds.

        Raises:
            CasescreenError: there is no such file.
        """
        return Path(self._folder.name, self.named(file_id).name).read_bytes()

    def named(self, file_id: str) -> DroppedFile:
        """The file of that id.

        Raises:
            CasescreenError: there is no such file.
        """
        if file_id not in self.files:
            raise CasescreenError("That file is no longer here.", advice="drop it on the page again.")
        return self.files[file_id]

    def where_they_are(self) -> AbstractContextManager[None]:
        """The time in which their names are paths."""
        return chdir(self._folder.name)

    def _free(self, name: str) -> str:
        """The name, with a number if another file has it; without folders if a file is where one of them would be."""
        taken = {file.name.casefold() for file in self.files.values()}
        if any(folder.as_posix().casefold() in taken for folder in Path(name).parents):
            name = Path(name).name
        taken |= {folder.as_posix().casefold() for one in [*taken] for folder in Path(one).parents}
        path, number, free = Path(name), 1, name
        while free.casefold() in taken:
            number += 1
            free = path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix()
        return free


def _safe(name: str) -> str:
    """A name that a file can have anywhere, with the folders in it, and that leads nowhere else."""
    parts = [_safe_part(part) for part in _PARTED.split(name)[-_MOST_PARTS:]]
    return "/".join(part for part in parts if part) or "file"


def _safe_part(part: str) -> str:
    shown = _NO_NAME.sub("_", visible(part, 4 * _LONGEST_NAME)).strip(" .")
    path = Path(shown or "_")
    ending = path.suffix[:_LONGEST_ENDING]
    stem = path.stem[: _LONGEST_NAME - len(ending)] if path.suffix else shown[:_LONGEST_NAME]
    plain = f"{stem}{ending}" if shown else ""
    return f"_{plain}" if plain.startswith("-") else plain


def _kind(name: str, data: bytes) -> str:
    """What a file is taken for, by what it holds; cases, if nothing tells."""
    ending = Path(name).suffix.lower()
    if ending == ".toml":
        return _kind_of_toml(data.removeprefix(_MARK))
    if ending == ".json" and _START_OF_FINDINGS.match(data):
        return FINDINGS
    if ending in _DOCUMENTS or (ending in _WORKBOOKS and _says_it_is_a_sheet(data)):
        return SHEET
    return KEY if ending in {".key", ".txt", ""} and is_key(data[: LONGEST_KEY_FILE + 1]) else CASES


def _says_it_is_a_sheet(data: bytes) -> bool:
    """Whether a workbook says that it is an enquiry sheet, whatever program has saved it."""
    from casescreen.review.enquiry import SHEET_FORMAT  # noqa: PLC0415 - start-up time: it is needed for workbooks only

    left = _MOST_TEXT
    try:
        with ZipFile(BytesIO(data)) as package:
            for part in package.infolist():
                if _HAS_TEXTS.fullmatch(part.filename) and 0 < part.file_size <= left:
                    left -= part.file_size
                    if SHEET_FORMAT.encode() in package.read(part):
                        return True
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error):
        return False  # what is wrong with it is told where it is read
    return False


def _kind_of_toml(data: bytes) -> str:
    """What a file of TOML is taken for, by its headings; it may be wrong in any way."""
    if is_mapping(data):
        return MAPPING
    if _LIKE_A_CASE.search(data):
        return CASES
    if _LIKE_WAIVERS.search(data):
        return WAIVERS
    return PROFILE if _LIKE_A_PROFILE.search(data) else CASES


def rules_by_profile(files: DroppedFiles, rules: str) -> Rulebook:
    """The rulebook with the profile laid over it that was dropped, and with those that this one extends.

    Args:
        files: with one profile or more.
        rules: the name of the rulebook; "" where the profile names it.

    Raises:
        CasescreenError: there are several, of which none extends the others.
        ProblemsError: everything that is wrong with them.
    """
    dropped = files.of_kind(PROFILE)
    extended = _extended(files, dropped)
    last = [file for file in dropped if file.name not in extended] or dropped[:1]  # a circle is told of as such
    if len(last) > 1:
        raise CasescreenError(
            f"There are several profiles here: {_names(last)}.",
            why="one of them says which rules are in force.",
            advice="keep the one that is for these cases, and those that it extends, and remove the others.",
        )
    with files.where_they_are():
        return load_profile(Path(last[0].name), rules=rules or None).rulebook


def _extended(files: DroppedFiles, dropped: Sequence[DroppedFile]) -> set[str]:
    """The names of the files that profiles extend."""
    extended = set[str]()
    for file in dropped:
        content = read_toml(files.data(file.id).decode("utf-8-sig", errors="replace"))
        named = None if isinstance(content, Fault) else _head(content).get("extends")
        if isinstance(named, str):
            extended.add((PurePosixPath(file.name).parent / named).as_posix())
    return extended


def _head(content: object) -> Mapping[str, object]:
    return content if isinstance(content, dict) else {}


def waivers_among(files: DroppedFiles, rulebook: Rulebook) -> tuple[Waiver, ...]:
    """The waivers in the file of them that was dropped.

    Args:
        files: with one file of waivers or more.
        rulebook: the rules that are in force.

    Raises:
        CasescreenError: there are several.
        ProblemsError: everything that is wrong in it.
    """
    dropped = files.of_kind(WAIVERS)
    if len(dropped) > 1:
        raise CasescreenError(
            f"There are several files of waivers here: {_names(dropped)}.",
            why="of two waivers of one finding, nobody could say which counts.",
            advice="put their blocks into one file, or keep the one that counts and remove the others.",
        )
    return waivers_in(files.data(dropped[0].id), dropped[0].name, rulebook)


def local_words(files: DroppedFiles, rulebook: Rulebook, waivers: Sequence[Waiver] | None) -> Iterator[str]:
    """What of these files is in use, a few sentences each."""
    if rulebook.profile is not None and files.of_kind(PROFILE):
        yield f"Local rules {local_in_short(rulebook.profile).rstrip(': ')}."
        if rulebook.profile.moved is not None:
            yield moved_in_words(rulebook.profile.moved, rulebook.id)
    for file in files.of_kind(WAIVERS):
        yield (
            f"Accepted findings: {visible(file.name)}, {len(waivers or ()):,}. They change no outcome and no figure. "
            "A copy to share with figures only has nothing of them."
        )


def _names(files: Sequence[DroppedFile]) -> str:
    return ", ".join(visible(file.name) for file in files)
