"""The Python of the peer that cannot share Carnation's environment: Celery asks for another python-dateutil."""

import hashlib
import subprocess
import sys

from benchmarks.processes import ROOT

FOLDER = ROOT / ".venv-celery"
REQUIREMENTS = ROOT / "benchmarks" / "peers" / "requirements.txt"


def celery_python() -> str:
    """Return the Python of .venv-celery, which is made, or brought up to date, where need be."""
    python, stamp = FOLDER / "bin" / "python", FOLDER / "installed"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing Celery into .venv-celery ...", file=sys.stderr)
        _run(sys.executable, "-m", "venv", "--clear", str(FOLDER))
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS))
        stamp.write_text(wanted)
    return str(python)


def _run(*command: str) -> None:
    if status := subprocess.run(command, stdout=sys.stderr).returncode:
        sys.exit(f"Celery's environment could not be made: {' '.join(command)} ended with status {status}.")
