from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduler', '0005_pause'),
    ]

    operations = [
        migrations.AddField(
            model_name='node',
            name='code_version',
            field=models.CharField(blank=True, default='', help_text="Of the project's code when it started; empty where nobody knows.", max_length=64, verbose_name='code version'),
        ),
    ]
