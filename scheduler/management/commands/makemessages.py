"""Django's makemessages, which also gathers the messages of our exceptions: their docstrings."""

import ast
from functools import cached_property
from pathlib import Path

from django.core.management.commands import makemessages


class SourceFile(makemessages.BuildFile):
    """A file whose messages are gathered from itself, or from a copy that says them as gettext wants them said."""

    @cached_property
    def holds_exceptions(self) -> bool:
        """Whether its classes' docstrings are messages."""
        return bool(self.translatable.file == "exceptions.py")

    @cached_property
    def is_templatized(self) -> bool:
        """Whether a copy is to be made."""
        return self.holds_exceptions or bool(super().is_templatized)

    def preprocess(self) -> None:
        """Make the copy."""
        if self.holds_exceptions:
            said = docstrings_of(Path(self.path).read_text(encoding="utf-8"))
            calls = "".join(f"gettext_noop({message!r})\n" for message in said)
            Path(self.work_path).write_text(calls, encoding="utf-8")
        else:
            super().preprocess()


class Command(makemessages.Command):
    """Gather all messages."""

    build_file_class = SourceFile
    # A guess that nobody has looked at is worse than no translation.
    msgmerge_options = makemessages.Command.msgmerge_options + ["--no-fuzzy-matching"]


def docstrings_of(source: str) -> list[str]:
    """Return the docstrings of a module's classes."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return [ast.get_docstring(each, clean=False) or "" for each in classes]
