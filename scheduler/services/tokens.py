"""Makes API tokens."""

from django.contrib.auth.models import AbstractBaseUser

from scheduler.models import ApiToken, digest_of, new_token


def create_token(*, user: AbstractBaseUser, name: str) -> tuple[str, ApiToken]:
    """Return a new token of the user, and its row. The token is known only now: the row holds its digest."""
    token = new_token()
    return token, ApiToken.objects.create(user_id=user.pk, name=name, digest=digest_of(token))
