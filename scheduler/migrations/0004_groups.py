"""Make the groups viewers, operators, editors and administrators, and room in the audit log for more than jobs."""

from typing import Any

import scheduler.models.fields
from django.conf import settings
from django.db import migrations, models
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


def keep_operating(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let those go on to run and pause jobs who could because they may change them."""
    Permission = apps.get_model("auth", "Permission")
    change = Permission.objects.filter(content_type__app_label="scheduler", codename="change_job").first()
    if change is not None:
        operate = permission_called(apps, "scheduler.operate_job")
        for group in change.group_set.all():
            group.permissions.add(operate)
        for user in change.user_set.all():
            user.user_permissions.add(operate)


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


def name_the_scheduler(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of the entries about no job that they are about the scheduler: so far, there were no others."""
    apps.get_model("scheduler", "AuditEntry").objects.filter(job_id="").update(kind="scheduler")


class Migration(migrations.Migration):

    dependencies = [
        ('scheduler', '0003_history'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='job',
            options={'ordering': ['id'], 'permissions': [('operate_job', 'Can run, pause and cancel')], 'verbose_name': 'job', 'verbose_name_plural': 'jobs'},
        ),
        migrations.AddField(
            model_name='auditentry',
            name='address',
            field=models.CharField(blank=True, default='', help_text='From where a request came.', max_length=45, verbose_name='address'),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='kind',
            field=models.CharField(choices=[('job', 'job'), ('scheduler', 'scheduler'), ('calendar', 'calendar'), ('window', 'maintenance window'), ('token', 'API token'), ('user', 'user'), ('group', 'group')], default='job', max_length=16, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='name',
            field=models.CharField(blank=True, default='', max_length=255, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='job_id',
            field=scheduler.models.fields.ExactCharField(blank=True, help_text='Empty: something else than a job.', max_length=255, verbose_name='job'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['actor', 'id'], name='audit_of_actor'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['action', 'id'], name='audit_of_action'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['source', 'id'], name='audit_of_source'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['kind', 'id'], name='audit_of_kind'),
        ),
        migrations.RunPython(name_the_scheduler, migrations.RunPython.noop),
        migrations.RunPython(keep_operating, migrations.RunPython.noop),
        migrations.RunPython(create_groups, migrations.RunPython.noop),
    ]
