"""What `make` needs before anything else: the virtual environment, and for tests a browser.

    python newsdesk/environment.py          what Newsdesk itself needs, with spaCy
    python newsdesk/environment.py --dev    and what tests and checks need, with a browser

Runs on the bare Python that the Makefile found, so it uses the standard library only. Packages are installed
when their lock file has changed; an environment that was left half-made, or whose Python is gone, is made
anew. It says what it installs.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"  # the digest of each lock file that was installed
UNFINISHED = VENV / "unfinished"  # there while we are at it
LOCKS = ("requirements-nlp.txt", "requirements-dev.txt")  # the second contains the first
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable")


class EnvironmentFailed(Exception):
    """The environment cannot be made; the message says what to do."""


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def prepare(dev: bool) -> None:
    """Make the environment, or bring it up to date. Raises EnvironmentFailed."""
    wanted = {name: digest(name) for name in (LOCKS if dev else LOCKS[:1])}
    try:
        with alone():
            if VENV.exists() and (reason := broken()):
                say(f"The environment in .venv {reason}: making it anew.")
                shutil.rmtree(VENV)
            if not VENV.exists():
                make()
            if not wanted.items() <= installed().items():
                install(LOCKS[dev])
                STAMP.write_text(json.dumps(wanted))
            UNFINISHED.unlink(missing_ok=True)
    except OSError as error:
        raise EnvironmentFailed(
            f"The environment in {VENV} cannot be written ({error.strerror}). If another account made it, "
            "remove it as that one with: make clean-env"
        ) from error
    if dev:
        find_browser()


@contextmanager
def alone() -> Iterator[None]:
    """One process at a time: `make demo` and `make test` may be called at once."""
    checkout = os.open(CHECKOUT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(checkout, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another make that is at the environment")
            fcntl.flock(checkout, fcntl.LOCK_EX)
        yield
    finally:
        os.close(checkout)


def digest(lock: str) -> str:
    return hashlib.sha256((CHECKOUT / lock).read_bytes()).hexdigest()


def installed() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def broken() -> str | None:
    """What is wrong with the environment; None: nothing."""
    if UNFINISHED.exists():
        return "was left half-made"
    try:
        tried = subprocess.run(
            [PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 12))"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return "has no Python any more"
    return "has a Python that does not work or is older than 3.12" if tried.returncode else None


def make() -> None:
    try:
        import ensurepip
        import venv
    except ImportError as error:
        version = ".".join(map(str, sys.version_info[:2]))
        raise EnvironmentFailed(
            f"The Python at {sys.executable} lacks its module {error.name}. On Debian and Ubuntu: "
            f"apt-get install python{version}-venv. Or name another one: make demo PYTHON=/path/to/python3.13"
        ) from error
    del ensurepip
    say(f"Making the environment .venv with Python {sys.version.split()[0]} ({sys.executable})")
    VENV.mkdir()
    UNFINISHED.touch()
    venv.create(VENV, with_pip=True, symlinks=True)


def install(lock: str) -> None:
    UNFINISHED.touch()
    packages = re.findall(r"^([\w.-]+)==([^\s;\\]+)", (CHECKOUT / lock).read_text(), re.MULTILINE)
    say(f"Installing into .venv from {lock}: {', '.join(f'{name} {version}' for name, version in packages)}")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    if subprocess.run([*command, "--require-hashes", "-r", lock], check=False).returncode:
        raise EnvironmentFailed("Not everything could be installed; pip says why above. Then run this again.")


def find_browser() -> None:
    """See to it that the browser tests have a Chromium."""
    if any(map(shutil.which, BROWSERS)):
        return
    if os.geteuid() == 0 and is_debian() and shutil.which("apt-get"):
        say("Installing Debian's package chromium, for the browser tests")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in ("update -qq", "install -y -qq --no-install-recommends chromium"):
            command = ["apt-get", *step.split()]
            subprocess.run(command, env=quiet, check=False, stdin=subprocess.DEVNULL)
        if shutil.which("chromium"):
            return
    say("Installing Playwright's Chromium, for the browser tests, unless it is there")
    if subprocess.run([PYTHON, "-m", "playwright", "install", "chromium"], check=False).returncode:
        raise EnvironmentFailed(
            "There is no Chromium for the browser tests: install the system's, and run this again."
        )


def is_debian() -> bool:
    """Debian and its kin, but not Ubuntu, whose package `chromium` is only a pointer to its own store."""
    try:
        told = Path("/etc/os-release").read_text()
    except OSError:
        return False
    kin = re.findall(r"^(?:ID|ID_LIKE)=(.*)$", told, re.MULTILINE)
    return "debian" in " ".join(kin) and "ubuntu" not in " ".join(kin)


if __name__ == "__main__":
    try:
        prepare(dev="--dev" in sys.argv[1:])
    except EnvironmentFailed as failure:
        sys.exit(str(failure))
