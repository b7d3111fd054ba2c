"""Make a user who may do what a benchmark does, and print an API token: python -m benchmarks.accounts NAME PASSWORD"""

import os
import sys

import django

PERMISSIONS = ("view_job", "add_job", "change_job", "delete_job")


def main(username: str, password: str) -> None:
    """An ordinary user with four permissions: a superuser, whose permissions are not looked up, would be flattery."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carnation.settings")
    django.setup()
    from django.contrib.auth.models import Permission, User

    from scheduler.services.tokens import create_token

    user = User.objects.create_user(username, password=password)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="scheduler", codename__in=PERMISSIONS),
    )
    token, _row = create_token(user=user, name="benchmark")
    print(token)


if __name__ == "__main__":
    main(*sys.argv[1:])
