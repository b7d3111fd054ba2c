"""Makes API tokens."""

from django.contrib.auth.models import AbstractBaseUser

from scheduler.models import ApiToken, digest_of, new_token


def create_token(*, user: AbstractBaseUser, name: str) -> str:
    """Return a new token of the user, which is shown this once: only its digest is stored."""
    token = new_token()
    ApiToken.objects.create(user_id=user.pk, name=name, digest=digest_of(token))
    return token
