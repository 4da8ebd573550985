"""Who changed what a job asks for: rows that the database lets nobody change (see candidates 0001)."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

CREATE = """
CREATE TRIGGER jobs_requirementchange_append_only BEFORE UPDATE OR DELETE ON jobs_requirementchange
    FOR EACH ROW EXECUTE FUNCTION peneira_append_only();
CREATE TRIGGER jobs_requirementchange_no_truncate BEFORE TRUNCATE ON jobs_requirementchange
    FOR EACH STATEMENT EXECUTE FUNCTION peneira_append_only();
"""
DROP = """
DROP TRIGGER jobs_requirementchange_append_only ON jobs_requirementchange;
DROP TRIGGER jobs_requirementchange_no_truncate ON jobs_requirementchange;
"""
WHAT = [
    ("must", "%(asked)s made required"),
    ("nice", "%(asked)s made nice to have"),
    ("removed", "%(asked)s removed"),
    ("restored", "%(asked)s asked for again"),
    ("proposed", "%(asked)s taken from the job's text"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0011_changes"),
        ("candidates", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RequirementChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=Now(), default=django.utils.timezone.now, verbose_name="when"
                    ),
                ),
                ("what", models.CharField(choices=WHAT, max_length=10)),
                ("named", models.JSONField(default=list)),
                ("before", models.JSONField(default=list)),
                ("after", models.JSONField(default=list)),
                ("was_edited", models.BooleanField(default=True)),
                ("is_back", models.BooleanField(db_default=False, default=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requirement_changes",
                        to="jobs.job",
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="jobs.requirementchange",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of requirements",
                "verbose_name_plural": "changes of requirements",
                "ordering": ["-pk"],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
