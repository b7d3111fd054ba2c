"""Make the groups viewers, operators, editors and administrators."""

from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

VIEW = [f"scheduler.view_{model}" for model in (
    "job", "execution", "node", "schedulerstate", "maintenancewindow", "workcalendar",
)]
OPERATE = ["scheduler.operate_job", "scheduler.change_schedulerstate"]
EDIT = [
    *(f"scheduler.{verb}_{model}" for model in ("job", "maintenancewindow", "workcalendar")
      for verb in ("add", "change", "delete")),
    "scheduler.view_auditentry",
]
ADMINISTER = [
    *(f"scheduler.{verb}_apitoken" for verb in ("add", "change", "delete", "view")),
    *(f"auth.{verb}_{model}" for model in ("user", "group") for verb in ("add", "change", "delete", "view")),
]
GROUPS = {
    "viewers": VIEW,
    "operators": VIEW + OPERATE,
    "editors": VIEW + OPERATE + EDIT,
    "administrators": VIEW + OPERATE + EDIT + ADMINISTER,
}


def create_groups(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make those that are not there yet; a group of one of these names is somebody's own, and stays as it is.

    A fresh database has no permissions before all migrations have run, so what is needed is made here.
    """
    Group = apps.get_model("auth", "Group")
    for name, permissions in GROUPS.items():
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            group.permissions.set([permission_called(apps, each) for each in permissions])


def permission_called(apps: StateApps, name: str) -> Any:
    """Return a permission, which Django would make when all migrations have run, with the name that it would have."""
    label, codename = name.split(".")
    verb, model_name = codename.split("_")
    # Whatever the users' model is, it is found under its own name.
    model = apps.get_model(settings.AUTH_USER_MODEL if name.endswith("_user") else f"{label}.{model_name}")
    app_label, model_name = model._meta.app_label, model._meta.model_name
    content_type, _new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model_name
    )
    said = dict(model._meta.permissions).get(codename, f"Can {verb} {model._meta.verbose_name}")
    permission, _new = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=f"{verb}_{model_name}", defaults={"name": said}
    )
    return permission


class Migration(migrations.Migration):

    dependencies = [
        ("scheduler", "0002_exact_schedule_ids"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
