"""Who could see everything before there were roles goes on as a recruiter; administrators change that in the admin."""

from django.conf import settings
from django.db import migrations

GROUPS = ("Administrators", "Recruiters", "Auditors", "Hiring managers", "Integrations")


def make_recruiters(apps, schema_editor):
    User = apps.get_model(settings.AUTH_USER_MODEL)
    Group = apps.get_model("auth", "Group")
    without = User.objects.filter(is_superuser=False).exclude(groups__name__in=GROUPS)
    if not without.exists():
        return
    recruiters, _made = Group.objects.get_or_create(name="Recruiters")
    for user in without:
        user.groups.add(recruiters)


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0008_access_kinds"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(make_recruiters, migrations.RunPython.noop)]
