"""Docstrings, in the styles that people write."""

import pytest

from scheduler.signatures.docstrings import read_docstring

pytestmark = pytest.mark.pure

GOOGLE = """Send a report.

    To whoever wants it.

    Args:
        name (str): Whose report: all of it,
            in two lines.
        times: How often.

        *rest: The others.
        untold:

    Returns:
        str: What it did.
    """
SPHINX = """Send a report.

    To whoever wants it.

    :param str name: Whose report: all of it,
        in two lines.
    :param times: How often.
    :type times: int
    :param rest: The others.
    :returns: What it did.
    """
NUMPY = """Send a report.

    To whoever wants it.

    Parameters
    ----------
    name : str
        Whose report: all of it,
        in two lines.
    times : int, optional
        How often.
    *rest
        The others.

    Returns
    -------
    str
        What it did.
    """


@pytest.mark.parametrize("docstring", [GOOGLE, SPHINX, NUMPY], ids=["google", "sphinx", "numpy"])
def test_arguments_have_the_words_of_the_docstring(docstring: str) -> None:
    docs = read_docstring(docstring)

    assert docs.text == "Send a report.\n\nTo whoever wants it."
    assert docs.arguments == {
        "name": "Whose report: all of it, in two lines.",
        "times": "How often.",
        "rest": "The others.",
    }


@pytest.mark.parametrize(
    ("docstring", "text"),
    [(None, ""), ("", ""), ("One line.", "One line."), ("One: two.\n\n    Note: three.", "One: two.\n\nNote: three.")],
)
def test_docstring_without_sections_is_shown_whole(docstring: str | None, text: str) -> None:
    docs = read_docstring(docstring)

    assert (docs.text, docs.arguments) == (text, {})
