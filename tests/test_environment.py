"""What is wrong in the environment or in .env is said by name, before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from carnation import environment

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("DEBUG", "maybe"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("SCHEDULER_TIMEZONE", "/etc/passwd"),
        ("LOG_LEVEL", "LOUD"),
        ("SCHEDULER_THREADS", "abc"),
        ("SCHEDULER_SHUTDOWN_GRACE_SECONDS", "soon"),
        ("DATABASE_URL", "nosuch://there"),
    ],
)
def test_wrong_variable_is_named(name: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import carnation.settings"],
        cwd=ROOT,
        env=os.environ | {name: value, "SECRET_KEY": "x"},
        capture_output=True,
        text=True,
    )

    last_line = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last_line
    assert name in last_line


@pytest.mark.parametrize("name", ["SCHEDULER_THREADS", "PORT", "DEBUG", "TIME_ZONE"])
def test_empty_variable_counts_as_not_set(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import carnation.settings"],
        cwd=ROOT,
        env=os.environ | {name: "", "SECRET_KEY": "x"},
    )

    assert done.returncode == 0


@pytest.mark.parametrize("line", ['DATABASE_URL = "sqlite:///x"', "nonsense", "1A=b"])
def test_line_that_is_no_setting_is_refused_not_skipped(tmp_path: Path, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# A comment\n\nHOST=127.0.0.1\n{line}\n")

    with pytest.raises(ImproperlyConfigured, match="line 4"):
        environment.read_file(file)


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARNATION_TEST_WORD", "from the environment")
    file = tmp_path / ".env"
    file.write_text("CARNATION_TEST_WORD=from the file\n")

    environment.read_file(file)

    assert environment.text("CARNATION_TEST_WORD") == "from the environment"
