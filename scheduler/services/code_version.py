"""The version of the project's code that this process runs: what a failure may have come with."""

import subprocess
from functools import cache
from pathlib import Path

from scheduler import conf

LONGEST = 64
# Git answers in milliseconds, unless its folder is on a disk that is away; a node starts in any case.
_PATIENCE_SECONDS = 5
# A service often runs as another user than the owner of the code, which it runs in any case.
_DESCRIBE = ("-c", "safe.directory=*", "describe", "--always", "--dirty", "--abbrev=12", "--match=", "--exclude=*")


def code_version() -> str:
    """Return SCHEDULER_CODE_VERSION, else the commit of the project's checkout, else ""."""
    version = conf.code_version()
    if version is None:
        folder = conf.project_folder()
        version = commit_of(folder) if folder else ""
    return version[:LONGEST]


# Once: what a process has imported stays what it is, whatever is checked out below it.
@cache
def commit_of(folder: Path) -> str:
    """Return the commit that is checked out in a folder, with "-dirty" where files differ; "" where nobody knows."""
    command = ["git", "-C", str(folder), *_DESCRIBE]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return answer.stdout.strip()
