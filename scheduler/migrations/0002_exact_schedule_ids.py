"""Give django-apscheduler's ids the exact comparison that ours have, on the databases that compare loosely.

Otherwise the jobs "a" and "A" would share one schedule.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from scheduler.models.fields import exact_collation

PARENT = "django_apscheduler_djangojob"
CHILD = "django_apscheduler_djangojobexecution"


def compare_exactly(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Change both ends of the foreign key, which must agree, and so set the key aside meanwhile."""
    collation = exact_collation(schema_editor.connection)
    if collation is None:
        return
    with schema_editor.connection.cursor() as cursor:
        constraints = schema_editor.connection.introspection.get_constraints(cursor, CHILD)
    key = next(name for name, constraint in constraints.items() if constraint["foreign_key"] == (PARENT, "id"))
    exact = f"varchar(255) CHARACTER SET utf8mb4 COLLATE {collation} NOT NULL"
    schema_editor.execute(f"ALTER TABLE {CHILD} DROP FOREIGN KEY {key}")
    schema_editor.execute(f"ALTER TABLE {PARENT} MODIFY id {exact}")
    schema_editor.execute(f"ALTER TABLE {CHILD} MODIFY job_id {exact}")
    schema_editor.execute(
        f"ALTER TABLE {CHILD} ADD CONSTRAINT {key} FOREIGN KEY (job_id) REFERENCES {PARENT} (id)"
    )


class Migration(migrations.Migration):
    """Runs after both apps have made their tables, outside of a transaction, as MySQL's DDL wants it."""

    atomic = False

    dependencies = [
        ("scheduler", "0001_tables"),
        ("django_apscheduler", "0009_djangojobexecution_unique_job_executions"),
    ]

    operations = [migrations.RunPython(compare_exactly, migrations.RunPython.noop)]
