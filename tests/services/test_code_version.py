"""A node knows the version of the code it runs: as the settings say, else the commit of the checkout, else nothing."""

import subprocess
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from scheduler.services.code_version import code_version, commit_of
from scheduler.services.nodes import register_node
from tests.services.rows import NOW

GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with one commit."""
    (tmp_path / "jobs.py").write_text("one\n")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "First"]):
        subprocess.run([*GIT, *arguments], cwd=tmp_path, check=True)
    return tmp_path


def head_of(folder: Path) -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True).stdout.strip()


def test_setting_wins(settings: Settings) -> None:
    settings.SCHEDULER_CODE_VERSION = "2026.11.2"

    assert code_version() == "2026.11.2"


def test_empty_setting_says_nothing(settings: Settings) -> None:
    settings.SCHEDULER_CODE_VERSION = ""

    assert code_version() == ""


def test_checkout_tells_its_commit(settings: Settings, checkout: Path) -> None:
    settings.SCHEDULER_CODE_VERSION, settings.BASE_DIR = None, checkout

    assert code_version() == head_of(checkout)[:12]


def test_checkout_with_other_files_says_so(checkout: Path) -> None:
    (checkout / "jobs.py").write_text("two\n")

    assert commit_of(checkout) == f"{head_of(checkout)[:12]}-dirty"


def test_process_keeps_the_version_that_it_began_with(checkout: Path) -> None:
    before = commit_of(checkout)
    (checkout / "jobs.py").write_text("two\n")

    assert commit_of(checkout) == before


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_folder_that_is_no_checkout_tells_nothing(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()

    assert commit_of(tmp_path / folder) == ""


def test_machine_without_git_tells_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert commit_of(checkout) == ""


def test_project_without_a_folder_tells_nothing(settings: Settings) -> None:
    settings.SCHEDULER_CODE_VERSION = None
    del settings.BASE_DIR

    assert code_version() == ""


@pytest.mark.django_db
def test_node_says_which_code_it_runs(settings: Settings) -> None:
    settings.SCHEDULER_CODE_VERSION = "v" * 70

    assert register_node(name="one", pid=1, threads=1, now=NOW).code_version == "v" * 64
