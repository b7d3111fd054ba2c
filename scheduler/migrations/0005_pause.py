from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scheduler', '0004_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='paused_until',
            field=models.DateTimeField(blank=True, help_text='When a paused job resumes by itself. Empty: never.', null=True, verbose_name='paused until'),
        ),
        migrations.AddField(
            model_name='job',
            name='pause_reason',
            field=models.CharField(blank=True, default='', max_length=255, verbose_name='reason of the pause'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['paused_until'], name='job_paused_until'),
        ),
    ]
