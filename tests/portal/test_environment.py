"""What is missing or wrong in the environment is said in one line, with exit code 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import environment

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "VIGIL_MODE": "production",
    "VIGIL_SECRET_KEY": "0123456789abcdef" * 4,
    "VIGIL_URL": "https://vigil.example",
    "DATABASE_URL": "postgresql://vigil_app:pw@127.0.0.1:1/vigil",
    "DATABASE_OWNER_URL": "postgresql://vigil_owner:pw@127.0.0.1:1/vigil",
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(  # noqa: S603  our own command line
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["VIGIL_SECRET_KEY", "VIGIL_URL", "DATABASE_URL"])
def test_production_names_the_variable_it_lacks(missing: str) -> None:
    done = manage("check", **{**PRODUCTION, missing: ""})
    assert done.returncode == 2
    assert done.stderr.startswith(f"{missing} is not set")
    assert done.stderr.count("\n") == 1


def test_production_passes_the_deploy_check() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_up_says_in_one_line_that_the_database_is_unreachable() -> None:
    done = manage("up", "--port", "0", "--live-port", "0", **PRODUCTION)
    assert done.returncode == 2
    assert "127.0.0.1:1 cannot be reached" in done.stderr
    assert done.stderr.count("\n") == 1
    assert ":pw" not in done.stderr


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
@pytest.mark.parametrize(
    "garbage", ["garbage", "mysql://u:topsecret@h/x", "postgresql://u:topsecret%zz@h/x",
                "postgresql://u:topsecret@h:port/x", "postgresql://[::1/x"],
)  # fmt: skip
def test_an_address_that_is_none_is_one_line(name: str, garbage: str) -> None:
    done = manage("up", **{**PRODUCTION, name: garbage})
    assert done.returncode == 2
    assert done.stderr.startswith(f"{name} is no address")
    assert done.stderr.count("\n") == 1
    assert "topsecret" not in done.stderr


@pytest.mark.parametrize(
    ("ports", "said"),
    [
        (("--port", "99999"), "Port 99999 for the portal is none"),
        (("--live-port", "-1"), "Port -1 for live updates is none"),
        (("--port", "18765", "--live-port", "18765"), "--port and --live-port are both 18765"),
    ],
)
def test_ports_that_cannot_be_are_one_line(ports: tuple[str, ...], said: str) -> None:
    done = manage("up", *ports, **PRODUCTION)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_a_database_without_a_mode_is_told_how_to_be_a_demo() -> None:
    said = {**PRODUCTION, "VIGIL_MODE": "", "VIGIL_SECRET_KEY": ""}
    done = manage("up", **said)
    assert done.returncode == 2
    assert "UP=--demo" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_number_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIGIL_TRUSTED_PROXIES", "one")
    with pytest.raises(SystemExit) as ended:
        environment.number("VIGIL_TRUSTED_PROXIES", 0)
    assert ended.value.code == 2
    assert "VIGIL_TRUSTED_PROXIES" in capsys.readouterr().err


def test_a_kept_secret_is_private_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    made = environment.kept_secret(path)
    assert environment.kept_secret(path) == made
    assert path.stat().st_mode & 0o077 == 0
    assert len(made) >= 50
