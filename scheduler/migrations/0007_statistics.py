from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("scheduler", "0006_code_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="HourlyStatistics",
            fields=[
                ("hour", models.DateTimeField(help_text="Its beginning.", primary_key=True, serialize=False, verbose_name="hour")),
                ("counted_at", models.DateTimeField(verbose_name="counted at")),
                ("counts", models.JSONField(default=dict, help_text="How many executions, by status.", verbose_name="counts")),
                ("starts", models.JSONField(default=list, help_text="How many of them started, by five minutes.", verbose_name="starts")),
                ("lateness", models.JSONField(default=dict, help_text="How many of them started so late, by the number of a bucket.", verbose_name="lateness")),
            ],
            options={
                "verbose_name": "statistics of an hour",
                "verbose_name_plural": "statistics of hours",
                "ordering": ["-hour"],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("start", models.DateTimeField(help_text="The beginning of the first five minutes.", verbose_name="start")),
                ("starts", models.JSONField(default=list, help_text="How many runs start, by five minutes.", verbose_name="starts")),
            ],
            options={
                "verbose_name": "forecast",
                "verbose_name_plural": "forecasts",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="forecast_is_one_row")],
            },
        ),
        migrations.AddField(
            model_name="schedulerstate",
            name="counted_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="counted at"),
        ),
        migrations.AddField(
            model_name="schedulerstate",
            name="foretold_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="foretold at"),
        ),
    ]
