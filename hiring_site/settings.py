"""Django settings. Values from outside come through ``hiring_site.env``."""

import os
from datetime import timedelta

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from hiring_site import api_texts, env

# BLAS and OpenMP threads spin when the machine is shared; set before anything loads numpy
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

VERSION = "0.1.0"

BASE_DIR = env.BASE_DIR
VAR_DIR = env.var_dir()

DEBUG = env.flag("PENEIRA_DEBUG")
SECRET_KEY = env.text("SECRET_KEY") or env.stored_secret("secret_key")
ALLOWED_HOSTS = env.words("PENEIRA_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_FAILURE_VIEW = "hiring_site.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.words("PENEIRA_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "hiring_site.apps.StaticFiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "candidates",
    "jobs",
    "scoring",
    "monitoring",
]

MIDDLEWARE = [
    "hiring_site.short_way.ShortWayMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hiring_site.middleware.CorrelationIdMiddleware",
    "hiring_site.viewer.ViewerMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "hiring_site.middleware.StorableTextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hiring_site.middleware.HtmxLoginMiddleware",
]

ROOT_URLCONF = "hiring_site.urls"
WSGI_APPLICATION = "hiring_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "hiring_site.jinja.environment"},
    },
]
FORM_RENDERER = "hiring_site.jinja.FormRenderer"

# Database and broker: one kind everywhere (docs/architecture.md, part 4)

DATABASES = {"default": env.database(env.text("DATABASE_URL") or "postgresql:///peneira")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL") or "redis://127.0.0.1:6379/0"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Above the longest task: an unacknowledged message is delivered again after this many seconds
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": int(timedelta(hours=12).total_seconds()),
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    # A queue that hangs must not hold who sends to it; above the second for which workers wait for work
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
# A task that cannot be sent is found by the sweeps: nobody waits for it
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "scoring.tasks.run_training": {"queue": "ml"},
    "scoring.tasks.run_further_check": {"queue": "ml"},
}
CELERY_TIMEZONE = "America/Sao_Paulo"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "drift": {"task": "monitoring.tasks.run_nightly_drift", "schedule": crontab(hour=2, minute=30)},
    "duplicates": {"task": "candidates.tasks.find_duplicates", "schedule": crontab(hour=3, minute=30)},
    "searches": {"task": "candidates.tasks.check_searches", "schedule": crontab(hour=4, minute=0)},
    "unconfirmed": {"task": "candidates.tasks.expire_documents", "schedule": crontab(hour=4, minute=30)},
    "search-index": {"task": "candidates.tasks.refresh_search", "schedule": timedelta(minutes=5)},
    "idempotent-answers": {
        "task": "candidates.tasks.purge_idempotent_answers",
        "schedule": timedelta(hours=1),
    },
    "reap-imports": {"task": "jobs.tasks.reap_imports", "schedule": timedelta(minutes=1)},
    "reap-documents": {"task": "candidates.tasks.reap_documents", "schedule": timedelta(minutes=1)},
    "reap-scoring": {"task": "scoring.tasks.reap_runs", "schedule": timedelta(minutes=1)},
    "webhooks": {
        "task": "candidates.tasks.deliver_webhooks",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},  # a queue that stood still needs the last of these alone
    },
    "purge-webhooks": {"task": "candidates.tasks.purge_webhooks", "schedule": crontab(hour=5, minute=0)},
}

# People

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# Language and time

LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())  # as the theme: remembered, not asked anew
LANGUAGES = [("en", _("English")), ("pt-br", _("Portuguese (Brazil)"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Sao_Paulo"
USE_TZ = True

# Files

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"  # uploads and artifacts; never served by URL
MODELS_DIR = VAR_DIR / "models"  # also when models are in a bucket: its cache/ is this machine's own
SNAPSHOTS_DIR = VAR_DIR / "snapshots"
MODEL_STORAGE_URL = env.text("MODEL_STORAGE_URL")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
    "models": env.storage(MODEL_STORAGE_URL, MODELS_DIR),
    "snapshots": env.storage(MODEL_STORAGE_URL, SNAPSHOTS_DIR),
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "zip",
    "gz",
    "br",
    "woff",
    "woff2",
    "map",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
UPLOADS_DIR = VAR_DIR / "uploads"

# Uploaded CVs: what is taken at once, and what reading one file may cost (docs/workbench.md)
DOCUMENT_FILES = env.whole("PENEIRA_DOCUMENT_FILES", 50, minimum=1)
DATA_UPLOAD_MAX_NUMBER_FILES = 2 * DOCUMENT_FILES  # beyond, nobody is told which are too many
DOCUMENT_MEGABYTES = env.whole("PENEIRA_DOCUMENT_MEGABYTES", 10, minimum=1)
DOCUMENT_PAGES = env.whole("PENEIRA_DOCUMENT_PAGES", 50, minimum=1)
DOCUMENT_SECONDS = env.whole("PENEIRA_DOCUMENT_SECONDS", 20, minimum=1)
DOCUMENT_MEGABYTES_OF_MEMORY = env.whole("PENEIRA_DOCUMENT_MEMORY", 512, minimum=128)
DOCUMENT_DISCARDED_DAYS = env.whole("PENEIRA_DOCUMENT_DISCARDED_DAYS", 7)  # until a discarded file is gone
DOCUMENT_UNCONFIRMED_DAYS = env.whole("PENEIRA_DOCUMENT_UNCONFIRMED_DAYS", 30, minimum=1)

# Security

HTTPS = env.flag("PENEIRA_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.flag("PENEIRA_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "candidates.integration.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["candidates.permissions.MayCall", "candidates.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "hiring_site.api_schema.OperationSchema",
    "DEFAULT_PARSER_CLASSES": ["hiring_site.api_parsing.JsonParser"],
    "EXCEPTION_HANDLER": "hiring_site.problems.answer",
    # Which address is counted: a client can write X-Forwarded-For itself, so only a known proxy's is read
    "NUM_PROXIES": 1 if env.flag("PENEIRA_BEHIND_PROXY") else 0,
    "DEFAULT_THROTTLE_RATES": {"sign-in-address": "30/min", "sign-in-username": "10/min"},
}
# Requests a minute of one key or person, and of one address without a valid key, token or session
API_PER_MINUTE = env.whole("PENEIRA_API_PER_MINUTE", 6000, minimum=1)
API_STRANGERS_PER_MINUTE = env.whole("PENEIRA_API_STRANGERS_PER_MINUTE", 60, minimum=1)
SPECTACULAR_SETTINGS = {
    "TITLE": "Peneira API",
    "DESCRIPTION": api_texts.DESCRIPTION,
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "TAGS": [{"name": name, "description": text} for name, text in api_texts.TAGS.items()],
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "hiring_site.api_schema.forget_labels",
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hiring_site.api_schema.complete",
        "candidates.api.webhook_events.add",
    ],
    "ENUM_NAME_OVERRIDES": api_texts.ENUMS,
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "validatorUrl": None,
        "docExpansion": "none",
        "filter": True,
        "displayRequestDuration": True,
        "defaultModelsExpandDepth": -1,
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}

# Logs: to the standard error, without personal data; requests carry their correlation id

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "correlation": {"()": "hiring_site.middleware.CorrelationFilter"},
        "route": {"()": "hiring_site.middleware.RouteFilter"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(correlation_id)s] %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["route", "correlation"],
        },
    },
    "root": {"handlers": ["console"], "level": env.text("PENEIRA_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}

# Monitoring

DRIFT_MINIMUM = env.whole("PENEIRA_DRIFT_MINIMUM", 30, minimum=1)  # predictions a day, to be judged at all

# Webhooks (docs/operations.md)

WEBHOOK_INSECURE = env.flag("PENEIRA_WEBHOOK_INSECURE")  # http:// as well: for development
WEBHOOK_PRIVATE = env.networks("PENEIRA_WEBHOOK_PRIVATE")  # own networks that webhooks may be sent into
WEBHOOK_DAYS = env.whole("PENEIRA_WEBHOOK_DAYS", 30, minimum=4)  # events and deliveries are kept

# Learning

TRAINING_THREADS = env.whole("PENEIRA_TRAINING_THREADS", 1, minimum=1)
MINIMUM_PRECISION = 0.80

# The gate before a new version serves (docs/gate.md)
GATE_F1_PERCENT = env.whole("PENEIRA_GATE_F1_PERCENT", 95)  # of the champion's
FAIRNESS_PERCENT = env.whole("PENEIRA_FAIRNESS_PERCENT", 80)  # the four-fifths rule; 0 flags nothing
FAIRNESS_MINIMUM = env.whole("PENEIRA_FAIRNESS_MINIMUM", 30, minimum=5)  # applications, to be judged at all
GIT_COMMIT = env.text("PENEIRA_COMMIT")
# Where finished runs are mirrored to (requirements-mlflow.txt); "" mirrors nothing
MLFLOW_TRACKING_URI = env.text("MLFLOW_TRACKING_URI")
MLFLOW_EXPERIMENT = env.text("MLFLOW_EXPERIMENT_NAME") or "peneira"
