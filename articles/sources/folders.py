"""A folder that is watched: which files have arrived in it, and opening them without being led elsewhere.

Everything goes through descriptors of the folders, and links are never followed: a link, or a name that is swapped
between looking and opening, leads to nothing outside.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self

DONE = "done"
SETTLED_AFTER = 60.0
"""Seconds without a change after which a file counts as whole."""

_UNFINISHED = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".filepart",
    ".crdownload",
    ".download",
    ".swp",
    ".lock",
    "~",
)
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FolderError(Exception):
    """The folder can't be looked into; the message says why, for people."""


class StillChanging(Exception):
    """The file has changed while it was read, or is gone: it is for the next look."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is whole. `changed_at` is when it last was touched in any way, as a Unix time."""

    name: str
    size: int
    changed_at: float
    mark: tuple[int, ...]


@dataclass(slots=True)
class Found:
    """What is in a folder: files to be taken in, oldest first; how many are not whole yet; and what is no file."""

    arrived: list[Arrived] = field(default_factory=list)
    still_changing: list[str] = field(default_factory=list)
    not_files: list[str] = field(default_factory=list)


def parts_of(folder: str) -> list[str]:
    """The names on the way to a folder below another. Raises FolderError for a way that leads out of it."""
    parts = PurePosixPath(folder).parts
    if not parts or folder.startswith("/") or ".." in parts or "\x00" in folder or "\\" in folder:
        raise FolderError("Name a folder below the site’s import folder, such as “wires/reuters”.")
    return list(parts)


class Folder:
    """A folder below `root`, open. Raises FolderError where it can't be opened."""

    def __init__(self, root: Path, folder: str) -> None:
        parts = parts_of(folder)
        try:
            self.number = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise FolderError(f"The site’s import folder can’t be opened ({error.strerror}).") from None
        for part in parts:
            above = self.number
            try:
                self.number = os.open(part, _DIRECTORY, dir_fd=above)
            except OSError as error:
                raise FolderError(_why(folder, error)) from None
            finally:
                os.close(above)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.number)

    def look(self, now: float, *, settled_after: float = SETTLED_AFTER) -> Found:
        """What is there; a file counts as whole when nothing has touched it for that many seconds.

        Names that begin with a dot, or end as those of unfinished files do, are passed over, and so are folders.
        """
        found = Found()
        try:
            with os.scandir(self.number) as entries:
                names = sorted(entry.name for entry in entries)
        except OSError as error:
            raise FolderError(f"The folder can’t be read ({error.strerror}).") from None
        for name in names:
            if name.startswith(".") or name.lower().endswith(_UNFINISHED):
                continue
            try:
                status = os.stat(name, dir_fd=self.number, follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISDIR(status.st_mode):
                continue
            if not stat.S_ISREG(status.st_mode):
                found.not_files.append(name)
            elif now - status.st_ctime < settled_after:
                found.still_changing.append(name)
            else:
                found.arrived.append(Arrived(name, status.st_size, status.st_ctime, _mark(status)))
        found.arrived.sort(key=lambda one: (one.changed_at, one.name))
        return found

    @contextmanager
    def opened(self, one: Arrived) -> Iterator[BinaryIO]:
        """The file, to be read. Raises StillChanging if it is another one than was seen, now or at the end."""
        try:
            number = os.open(one.name, _FILE, dir_fd=self.number)
        except FileNotFoundError:
            raise StillChanging from None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EMLINK):
                raise StillChanging from None
            raise FolderError(f"“{shown(one.name)}” can’t be opened ({error.strerror}).") from None
        with os.fdopen(number, "rb") as file:
            if _mark(os.fstat(number)) != one.mark:
                raise StillChanging
            yield file
            if _mark(os.fstat(number)) != one.mark:
                raise StillChanging

    def put_away(self, one: Arrived, otherwise: str) -> bool:
        """Move the file to `done`, under its name or, where that is taken, with `otherwise` in it.

        False if it stays, since the folder can't be written to.
        """
        try:
            with suppress(FileExistsError):
                os.mkdir(DONE, dir_fd=self.number)
            done = os.open(DONE, _DIRECTORY, dir_fd=self.number)
        except OSError:
            return False
        try:
            name = one.name
            if _is_there(name, done):
                path = PurePosixPath(name)
                name = f"{path.stem}-{otherwise}{path.suffix}"
            os.rename(one.name, name, src_dir_fd=self.number, dst_dir_fd=done)
        except FileNotFoundError:
            return True  # another worker has done so
        except OSError:
            return False
        finally:
            os.close(done)
        return True


def shown(name: str) -> str:
    """A file's name for people, and for PostgreSQL: what is no UTF-8 in it is replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def _mark(status: os.stat_result) -> tuple[int, ...]:
    """What changes with the file, whoever sets its dates."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_mode,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def _is_there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _why(folder: str, error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return f"There is no folder “{folder}” in the site’s import folder."
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return f"“{folder}” is no folder, or leads through a link, which is not followed."
    return f"The folder “{folder}” can’t be opened ({error.strerror})."
