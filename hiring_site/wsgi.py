"""The door for web servers: ``gunicorn hiring_site.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiring_site.settings")

application = get_wsgi_application()
