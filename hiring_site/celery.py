"""The Celery application: ``celery -A hiring_site worker``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiring_site.settings")

app = Celery("hiring_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
