"""Making API tokens."""

from django.contrib.auth.models import User

from scheduler.models import ApiToken, digest_of
from scheduler.services.tokens import create_token


def test_only_the_digest_is_stored(administrator: User) -> None:
    token, row = create_token(user=administrator, name="ci")

    stored = ApiToken.objects.values().get()
    assert row.pk == stored["id"]
    assert stored["digest"] == digest_of(token)
    assert token not in map(str, stored.values())
    assert (stored["name"], stored["user_id"]) == ("ci", administrator.pk)


def test_tokens_are_long_and_never_the_same(administrator: User) -> None:
    tokens = {create_token(user=administrator, name="same")[0] for _each in range(20)}

    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43
