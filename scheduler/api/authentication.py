"""Who is asking: HTTP Basic, a hashed token, or the admin's session."""

import hashlib
import hmac
import threading
import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, BasicAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from scheduler.models import ApiToken, digest_of

REMEMBER_SECONDS = 300
MOST_REMEMBERED = 1_000


class RecentLogins:
    """Keyed digests of credentials that were right a moment ago.

    Checking a password costs a fraction of a second by design, too much for each request of a polling client. The
    digest covers the stored hash, so a changed password is forgotten at once.
    """

    def __init__(self) -> None:
        self._expiries: dict[bytes, float] = {}
        self._lock = threading.Lock()

    def remember(self, digest: bytes) -> None:
        """Keep a digest for REMEMBER_SECONDS."""
        with self._lock:
            if len(self._expiries) >= MOST_REMEMBERED:
                self._expiries.clear()
            self._expiries[digest] = time.monotonic() + REMEMBER_SECONDS

    def knows(self, digest: bytes) -> bool:
        """Tell whether these credentials were right lately."""
        return self._expiries.get(digest, 0) > time.monotonic()


_recent_logins = RecentLogins()


class RememberingBasicAuthentication(BasicAuthentication):
    """HTTP Basic, without the cost of a password hash on each request."""

    www_authenticate_realm = "Authentication Required"

    def authenticate_credentials(
        self, userid: str, password: str, request: HttpRequest | Request | None = None
    ) -> tuple[Any, None]:
        """Return the user, or raise AuthenticationFailed."""
        if "\0" in userid:
            # PostgreSQL would refuse to look for such a name.
            raise AuthenticationFailed(_("Invalid username/password."))
        user = get_user_model()._default_manager.filter(**{get_user_model().USERNAME_FIELD: userid}).first()  # noqa: SLF001
        if user is not None and user.is_active and _recent_logins.knows(_credentials_digest(user, password)):
            return user, None
        user, _nothing = super().authenticate_credentials(userid, password, request)  # type: ignore[arg-type]
        # After the check, which may have upgraded the stored hash.
        _recent_logins.remember(_credentials_digest(user, password))
        return user, None


def _credentials_digest(user: AbstractBaseUser, password: str) -> bytes:
    message = "\0".join((str(user.pk), user.password, password))
    return hmac.digest(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token ...` or `Bearer ...`, made by `manage.py createtoken`."""

    keywords = (b"token", b"bearer")

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return the token's user; None where no token was sent. Raises AuthenticationFailed."""
        keyword, _space, token = get_authorization_header(request).partition(b" ")
        if keyword.lower() not in self.keywords:
            return None
        user = _user_of_token(digest_of(token.strip().decode("latin-1")))
        if user is None or not user.is_active:
            raise AuthenticationFailed(_("Invalid token."))
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme; Basic, which comes first, is what a 401 asks for."""
        return "Token"


def _user_of_token(digest: str) -> AbstractBaseUser | None:
    """Return a token's user; by hand, as Django takes twice as long to compose this statement as all else takes."""
    quote, user_model = connection.ops.quote_name, get_user_model()
    users, tokens = (quote(model._meta.db_table) for model in (user_model, ApiToken))
    found = user_model._default_manager.raw(  # noqa: SLF001
        f"SELECT u.* FROM {users} u JOIN {tokens} t ON t.user_id = u.{quote(str(user_model._meta.pk.column))}"  # noqa: S608
        " WHERE t.digest = %s",
        [digest],
    )
    return next(iter(found), None)
