"""The parts of the page that others made: which they are, to the byte, and how they are got."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from casescreen.model.problem import CasescreenError
from casescreen.text import listed, visible

LOCK = Path(__file__).with_name("parts.lock.json")
_NPM_ENDING = ".tgz"
_PATIENCE = 600  # seconds, for all parts on a slow line
_UNSAFE = "what is put into the page is what was tried, to the byte; anything else could be anything."


@frozen
class LockedPart:
    """A file of a package registry.

    Attributes:
        name: the package, as its registry has it.
        version: its version.
        file: the name of the file.
        sha256: of the file, in hexadecimal digits.
    """

    name: str
    version: str
    file: str
    sha256: str

    @property
    def from_npm(self) -> bool:
        """Whether it is a package of npm, and not a wheel."""
        return self.file.endswith(_NPM_ENDING)


@frozen
class Lock:
    """Which parts there are, and for which Python the wheels are."""

    parts: tuple[LockedPart, ...]
    python: str
    abi: str
    platforms: tuple[str, ...]


def read_lock(path: Path = LOCK) -> Lock:
    """The lock file that comes with casescreen, or another of its form."""
    content = json.loads(path.read_text(encoding="utf-8"))
    parts = tuple(LockedPart(**part) for part in content["parts"])
    return Lock(parts, content["python"], content["abi"], tuple(content["platforms"]))


def collect_parts(lock: Lock, folder: Path) -> Mapping[str, bytes]:
    """The content of every part by its name, from the folder or else from the registries by way of the folder.

    Raises:
        CasescreenError: a part cannot be got or kept, or is not the one that was locked.
    """
    missing = [part for part in lock.parts if _kept(part, folder) is None]
    if missing:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CasescreenError(
                f"The folder {visible(str(folder))} for the parts could not be made: {error.strerror}.",
                advice="name another with --parts.",
            ) from error
        _fetch_from_npm([part for part in missing if part.from_npm], folder)
        _fetch_wheels([part for part in missing if not part.from_npm], lock, folder)
    return {part.name: _checked(part, folder) for part in lock.parts}


def _kept(part: LockedPart, folder: Path) -> bytes | None:
    try:
        content = (folder / part.file).read_bytes()
    except OSError:
        return None
    return content if sha256(content).hexdigest() == part.sha256 else None


def _checked(part: LockedPart, folder: Path) -> bytes:
    content = _kept(part, folder)
    if content is not None:
        return content
    path = folder / part.file
    if not path.exists():
        raise CasescreenError(
            f"{part.name} {part.version} was fetched, and {part.file} is not what came.",
            why=_UNSAFE,
            advice="look whether the registry still has this file.",
        )
    got = sha256(path.read_bytes()).hexdigest()
    raise CasescreenError(
        f"{visible(str(path))} is not the file that was locked: its SHA-256 is {got}, and {part.sha256} was locked.",
        why=_UNSAFE,
        advice="delete it and build again; if it comes again, do not use it, and tell us.",
    )


def _fetch_from_npm(parts: Iterable[LockedPart], folder: Path) -> None:
    for part in parts:
        npm = shutil.which("npm")
        if npm is None:
            raise CasescreenError(
                f"npm is not installed, and {part.name} comes from it.",
                advice=f"install Node.js, which brings npm; or put {part.file} into the folder of the parts.",
            )
        (folder / part.file).unlink(missing_ok=True)
        command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
        _run([*command, f"{part.name}@{part.version}"], (part,), "npm")


def _fetch_wheels(parts: Iterable[LockedPart], lock: Lock, folder: Path) -> None:
    wanted = tuple(parts)
    for part in wanted:
        (folder / part.file).unlink(missing_ok=True)
    platforms = [option for one in lock.platforms for option in ("--platform", one)]
    for part in wanted:
        requirements = folder / "requirements.txt"
        requirements.write_text(f"{part.name}=={part.version} --hash=sha256:{part.sha256}\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
        which = ["--only-binary=:all:", "--implementation", "cp", "--abi", lock.abi, "--python-version", lock.python]
        _run([*pip, *which, *platforms, "--require-hashes", "-r", str(requirements), "-d", str(folder)], (part,), "pip")
        requirements.unlink()


def _run(command: list[str], parts: tuple[LockedPart, ...], client: str) -> None:
    names = listed([f"{part.name} {part.version}" for part in parts], "and")
    try:
        ran = subprocess.run(  # noqa: S603 - no shell; what is named comes from the lock file
            command, capture_output=True, text=True, errors="replace", check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CasescreenError(f"{names} could not be fetched: {client} did not end.", advice=_TRY_AGAIN) from error
    if ran.returncode:
        said = [line for line in ran.stderr.splitlines() if line.strip()]
        last = visible(said[-1].strip()) if said else "nothing"
        raise CasescreenError(
            f"{names} could not be fetched. {client} says: {last}",
            advice=_TRY_AGAIN,
        )


_TRY_AGAIN = "see that the registry can be reached, and try again; parts that came are kept."
