"""Makes API tokens, and takes them back."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from scheduler import clock
from scheduler.models import Action, ApiToken, Kind, digest_of, new_token
from scheduler.services import audit


@transaction.atomic
def create_token(*, user: AbstractBaseUser, name: str) -> tuple[str, ApiToken]:
    """Return a new token of the user, and its row. The token is known only now: the row holds its digest."""
    token = new_token()
    row = ApiToken.objects.create(user_id=user.pk, name=name, digest=digest_of(token))
    _note(Action.CREATED, row, user=user.get_username())
    return token, row


@transaction.atomic
def delete_token(token_id: int) -> None:
    """Take a token back; who sends it is nobody from now on. One that is gone already is no error."""
    row = ApiToken.objects.select_related("user").filter(pk=token_id).first()
    if row is not None:
        _note(Action.DELETED, row, user=row.user.get_username())
        row.delete()


def _note(action: Action, row: ApiToken, *, user: str) -> None:
    audit.note(action, now=clock.now(), of=audit.Thing(kind=Kind.TOKEN, name=row.name), details={"user": user})
