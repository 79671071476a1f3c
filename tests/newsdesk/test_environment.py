"""What `make` prepares: installed once, again when the lock file changed, anew when it was left half-made."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from newsdesk import environment

ROOT = Path(__file__).parents[2]
Installed = list[list[str]]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two small lock files."""
    (tmp_path / "requirements-nlp.txt").write_text(
        "alpha==1 \\\n    --hash=sha256:00\nbeta==2 ; python_version < '4'\n"
    )
    (tmp_path / "requirements-dev.txt").write_text("alpha==1\nbeta==2\ngamma==3\n")
    venv = tmp_path / ".venv"
    for name, value in {
        "CHECKOUT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "installed.json",
        "UNFINISHED": venv / "unfinished",
    }.items():
        monkeypatch.setattr(environment, name, value)
    monkeypatch.setattr("venv.create", lambda folder, **_: python_in(folder))
    return tmp_path


def python_in(venv: Path) -> None:
    (venv / "bin").mkdir()
    (venv / "bin" / "python").symlink_to(sys.executable)


@pytest.fixture
def pip(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Stands in for pip, and keeps how it was called."""
    calls: Installed = []
    real: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        if "pip" not in command:
            return real(command, **options)
        calls.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(environment.subprocess, "run", run)
    return calls


def test_packages_are_installed_by_hash_and_named(pip: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    environment.prepare(dev=False)
    assert "--require-hashes" in pip[0]
    assert "Installing into .venv from requirements-nlp.txt: alpha 1, beta 2\n" in capsys.readouterr().out


def test_nothing_is_installed_twice(pip: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    environment.prepare(dev=False)
    capsys.readouterr()
    environment.prepare(dev=False)
    assert len(pip) == 1
    assert capsys.readouterr().out == ""


def test_a_changed_lock_file_is_installed(pip: Installed, checkout: Path) -> None:
    environment.prepare(dev=False)
    (checkout / "requirements-nlp.txt").write_text("alpha==2\n")
    environment.prepare(dev=False)
    assert len(pip) == 2


def test_what_tests_need_contains_what_the_demo_needs(
    pip: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "find_browser", lambda: None)
    environment.prepare(dev=True)
    environment.prepare(dev=False)
    assert len(pip) == 1


def test_a_half_made_environment_is_made_anew(pip: Installed, capsys: pytest.CaptureFixture[str]) -> None:
    environment.prepare(dev=False)
    environment.UNFINISHED.touch()
    environment.prepare(dev=False)
    assert "was left half-made: making it anew" in capsys.readouterr().out
    assert len(pip) == 2
    assert not environment.UNFINISHED.exists()


def test_an_environment_whose_python_is_gone_is_made_anew(
    pip: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.prepare(dev=False)
    environment.PYTHON.unlink()
    environment.prepare(dev=False)
    assert "has no Python any more: making it anew" in capsys.readouterr().out


def test_an_installation_that_failed_is_not_taken_for_done(
    checkout: Path, pip: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = environment.subprocess.run
    with monkeypatch.context() as patch:
        patch.setattr(
            environment.subprocess,
            "run",
            lambda command, **_: subprocess.CompletedProcess(command, int("pip" in command)),
        )
        with pytest.raises(environment.EnvironmentFailed, match="run this again"):
            environment.prepare(dev=False)
    assert environment.subprocess.run is good
    environment.prepare(dev=False)
    assert len(pip) == 1


def test_a_python_without_ensurepip_is_told_which_package_to_install(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(environment.EnvironmentFailed, match=r"apt-get install python3\.\d+-venv"):
        environment.prepare(dev=False)


def test_the_lock_files_name_no_index_and_hash_every_package() -> None:
    for name in environment.LOCKS:
        lines = (ROOT / name).read_text().splitlines()
        packages = [
            number for number, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))
        ]
        assert packages
        assert all("--hash=sha256:" in lines[number + 1] for number in packages)
        assert not [line for line in lines if line.startswith("-") or "://" in line]


def test_the_two_lock_files_agree() -> None:
    pinned = [
        {
            line.split(" ")[0]
            for line in (ROOT / name).read_text().splitlines()
            if "==" in line and line[0].isalpha()
        }
        for name in environment.LOCKS
    ]
    assert pinned[0] < pinned[1]


def test_make_says_which_python_is_missing() -> None:
    told = subprocess.run(
        ["make", "env", "PYTHON=/no/such/python"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode != 0
    assert "Python 3.12 or newer, and /no/such/python is not one" in told.stderr


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-nlp.txt": project["project"]["optional-dependencies"]["nlp"],
        "requirements-dev.txt": project["dependency-groups"]["dev"],
    }
    for name, dependencies in wanted.items():
        locked = {line.split("==")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}
        stated = {re.split(r"[\[>=<~! ]", dependency)[0].lower() for dependency in dependencies}
        assert stated <= locked, f"make lock: {stated - locked}"
