"""The one door by which something to import is fetched from elsewhere: http and https, bounded, without redirects.

Whoever may import may let the server ask any address that it reaches, as Flask-APScheduler mostly listens on an inner
one; what comes back is shown only as far as it can be read as jobs.
"""

import time
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _

from scheduler.exceptions import InvalidInput

MOST_BYTES = 900_000
_TIMEOUT_SECONDS, _LONGEST_SECONDS = 5, 15
_CHUNK = 65_536


def fetch_text(url: str) -> str:
    """Return what an address answers. Raises InvalidInput for the field `url`."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInput({"url": _("Enter an address that begins with http:// or https://.")})
        with requests.get(url, timeout=_TIMEOUT_SECONDS, stream=True, allow_redirects=False) as answer:
            return _read(answer)
    except (requests.RequestException, ValueError) as error:
        # The error's own words may hold the address, and with it a password.
        name = type(error).__name__
        raise InvalidInput({"url": _("The address could not be read: %s.") % name}) from error


def _read(answer: requests.Response) -> str:
    if answer.status_code != requests.codes.ok:
        raise InvalidInput({"url": _("It answers with the status %d instead of 200.") % answer.status_code})
    content, end = b"", time.monotonic() + _LONGEST_SECONDS
    for chunk in answer.iter_content(_CHUNK):
        content += chunk
        if len(content) > MOST_BYTES:
            raise InvalidInput({"url": _("The answer is larger than %d bytes.") % MOST_BYTES})
        if time.monotonic() > end:
            raise InvalidInput({"url": _("The answer takes too long.")})
    return content.decode("utf-8")
