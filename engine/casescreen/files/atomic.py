"""Files and folders that appear whole: the old one or the new one is there at any moment, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from casescreen.model.problem import CasescreenError
from casescreen.text import visible

_PREFIX = ".casescreen-"
_ANYBODY_MAY_WRITE = 0o222


@contextlib.contextmanager
def file_beside(path: Path) -> Iterator[Path]:
    """An empty file that nobody else can read, in the folder of ``path``. In the end it is gone, or was moved."""
    new = _name_beside(path)
    try:
        new.touch(mode=0o600, exist_ok=False)
        yield new
    finally:
        with contextlib.suppress(OSError):
            new.unlink()


@contextlib.contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """An empty folder that nobody else can read, in the folder of ``path``. In the end it is gone, or was moved."""
    from shutil import rmtree  # noqa: PLC0415 - start-up time: it brings every kind of archive

    folder = _name_beside(path)
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def _name_beside(path: Path) -> Path:
    """A name that nothing has: it is known before anything is made, so that nothing made can be left behind."""
    return path.parent / f"{_PREFIX}{os.urandom(16).hex()}.tmp"


def _resolved(path: Path) -> Path:
    """The place that a path leads to.

    Raises:
        CasescreenError: its links lead back to themselves, or a folder on the way may not be looked into.
    """
    try:
        place = path.resolve()
        leads_on = place.is_symlink()
    except PermissionError as error:
        raise not_written(path, error.strerror or str(error)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise _leads_nowhere(path) from error
    if leads_on:
        raise _leads_nowhere(path)
    return place


def _leads_nowhere(path: Path) -> CasescreenError:
    return CasescreenError(
        f"{visible(str(path))} is a link that leads back to itself, or no name of a file.",
        advice="remove the link, or give another name.",
    )


def create_whole(path: Path, content: bytes, mode: int) -> bool:
    """Write a new file, with ``mode`` saying who may read it: whole or not at all, and never over another.

    Returns:
        Whether it was made; it was not where a file of that name has just been put there.
    """
    path = _resolved(path)
    with file_beside(path) as new:
        write_through(new, content)
        new.chmod(mode)
        try:
            if not _linked(new, path):
                with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
                    file.write(content)
        except FileExistsError:
            return False
    return True


def _linked(file: Path, path: Path) -> bool:
    """Give the file a second name; false on a file system that has no links."""
    try:
        os.link(file, path)
    except FileExistsError:
        raise
    except OSError:
        return False
    return True


def write_through(file: Path, content: str | bytes | Iterable[str]) -> None:
    """Write the content, or one piece of it after another, and wait until it is on the disk."""
    with file.open("wb") as opened:
        for piece in (content,) if isinstance(content, str | bytes) else content:
            opened.write(piece.encode() if isinstance(piece, str) else piece)
        opened.flush()
        os.fsync(opened.fileno())


def usual_mode(everything: int) -> int:
    """What people may do with a new file or folder, of everything that they could."""
    mask = os.umask(0)
    os.umask(mask)
    return everything & ~mask


def check_place(path: Path, *, force: bool) -> None:
    """Refuse, before anything is made for it, a file that could not or should not be put there.

    Raises:
        CasescreenError: the file is there and ``force`` is not given, it is marked read-only or no ordinary file, or
            its folder is missing or read-only.
    """
    path = _resolved(path)
    if _is_there(path, force=force) and not path.stat().st_mode & _ANYBODY_MAY_WRITE:
        raise CasescreenError(
            f"{visible(str(path))} is marked read-only, and was left as it is.",
            why="somebody can have protected it from being replaced.",
            advice="give another name, or take that mark off the file.",
        )


def _is_there(path: Path, *, force: bool) -> bool:
    """Whether there is a file already in whose place another can be moved, be it read-only or not.

    Raises:
        CasescreenError: nothing can be moved there.
    """
    try:
        if not path.parent.is_dir():
            why = f"there is no folder {visible(str(path.parent))}"
            raise not_written(path, why, "make that folder, or look at the spelling.")
        if not os.access(path.parent, os.W_OK | os.X_OK):
            advice = "name another folder, or ask whoever looks after this one for access."
            raise not_written(path, "you may not write in its folder", advice)
        is_there, is_file = path.exists(), path.is_file()
    except OSError as error:  # a folder on the way there that may not be looked into
        raise not_written(path, error.strerror or str(error)) from error
    if is_there and not is_file:
        raise CasescreenError(
            f"{visible(str(path))} is not an ordinary file, and was left as it is.", advice="give the name of a file."
        )
    if is_there and not force:
        raise _there_already(path)
    return is_there


def write_whole(path: Path, content: str | bytes | Iterable[str], *, force: bool) -> None:
    """Write to a file beside it and move that into place.

    Args:
        path: where to. Its folder must be there. A symbolic link is followed, and stays.
        content: what to write, whole or in pieces; text as UTF-8, with its line ends as they stand.
        force: whether a file that is already there may be replaced.

    Raises:
        CasescreenError: the file is there and ``force`` is not given, it is no ordinary file, or it cannot be written.
    """
    put_whole(path, lambda new: write_through(new, content), force=force)


def put_whole(path: Path, make: Callable[[Path], None], *, force: bool) -> None:
    """As ``write_whole``, with what ``make`` writes into the file that it is given.

    Raises:
        CasescreenError: as for ``write_whole``.
    """
    from shutil import copymode  # noqa: PLC0415 - start-up time, as above

    path = _resolved(path)
    is_there = _is_there(path, force=force)
    try:
        with file_beside(path) as new:
            make(new)
            if is_there:
                copymode(path, new)  # whoever may read the old file may read the new one
            else:
                new.chmod(usual_mode(0o666))
            try:
                in_place = not force and _linked(new, path)
            except FileExistsError as error:  # another run has just made the file: a check beforehand could not know
                raise _there_already(path) from error
            if not in_place:
                new.replace(path)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        raise not_written(path, error.strerror or str(error), _MAKE_ROOM if full else _MAY_WRITE) from error


@contextlib.contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Let no other run that asks for the same go on with this file meanwhile.

    The system holds the lock, so that of a run that was killed is gone. Where locks do not hold, nothing is held.

    Raises:
        CasescreenError: there is such a run, or nothing can be written there.
    """
    beside = _resolved(path).with_name(f"{_PREFIX}{path.name}.lock")
    try:
        file = beside.open("ab")
    except OSError as error:
        raise not_written(path, error.strerror or str(error)) from error
    with file:
        # Whoever held it may have taken the file away meanwhile, and a third may hold another of that name.
        if is_locked(file) is False or not _is_still(file.fileno(), beside):
            raise CasescreenError(
                f"Another run is writing to {visible(str(path))}, which was left as it is.", advice="run this again."
            )
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # Windows lets nobody take away what is open
                beside.unlink()
    if os.name == "nt":
        with contextlib.suppress(OSError):
            beside.unlink()


def _is_still(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def is_locked(file: IO[bytes]) -> bool | None:
    """Whether the file is ours alone now, until it is closed; None where the system has no such locks."""
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 - there is none elsewhere

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        else:
            import fcntl  # noqa: PLC0415 - there is none on Windows

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except (OSError, ImportError):
        return None
    return True


_MAY_WRITE = "check that the folder is there and that you may write in it."
_MAKE_ROOM = "make room there, or write it elsewhere."


def not_written(path: Path, why: str, advice: str = _MAY_WRITE) -> CasescreenError:
    """The error that a file could not be written."""
    return CasescreenError(f"{visible(str(path))} could not be written: {why}.", advice=advice)


def _there_already(path: Path) -> CasescreenError:
    return CasescreenError(
        f"{visible(str(path))} is there already, and was left as it is.",
        advice="give another name, or add --force to replace it.",
    )


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder that is new or empty; at any moment all of them are there or none.

    Raises:
        CasescreenError: the folder holds something already, or cannot be written.
    """

    def fill(folder: Path) -> None:
        for name, content in files.items():
            write_through(folder / name, content)

    put_folder(path, fill)


def put_folder(path: Path, make: Callable[[Path], None]) -> None:
    """As ``write_folder``, with what ``make`` puts into the empty folder that it is given.

    Raises:
        CasescreenError: as for ``write_folder``.
    """
    path = _resolved(path)
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise CasescreenError(
                f"{visible(str(path))} is there already and not an empty folder, and was left as it is.",
                why="files of another caseload in it would be read as part of this one.",
                advice="give the name of a new folder.",
            )
        with folder_beside(path) as new:
            make(new)
            new.chmod(usual_mode(0o777))
            if path.exists():
                path.rmdir()  # fails where something has just been put into it
            new.rename(path)
    except OSError as error:
        raise CasescreenError(
            f"The folder {visible(str(path))} could not be written: {error.strerror or error}.",
            advice="check that the folder around it is there and that you may write in it.",
        ) from error
