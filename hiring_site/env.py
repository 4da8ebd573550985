"""The environment: every setting from outside is read and checked here, and nowhere else.

``provide_services`` is the one place that decides between servers named by URL and the embedded ones.
"""

import os
import secrets
from collections.abc import MutableMapping
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})
# What MODEL_STORAGE_URL may say after its question mark, and the name of django-storages for it
BUCKET_OPTIONS = {"endpoint": "endpoint_url", "region": "region_name", "addressing": "addressing_style"}


class BadEnvironment(Exception):
    """A setting from the environment that cannot be used; the message says which and what to do."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    word = os.environ.get(name, "1" if default else "0").strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise BadEnvironment(f"{name} must be 1 or 0 (yes/no, true/false), not {word!r}.")


def whole(name: str, default: int, *, minimum: int = 0) -> int:
    word = os.environ.get(name, str(default)).strip()
    if not word.lstrip("-").isdigit() or int(word) < minimum:
        raise BadEnvironment(f"{name} must be a whole number of at least {minimum}, not {word!r}.")
    return int(word)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def networks(name: str) -> list[str]:
    """Networks like 10.20.0.0/16, separated by commas."""
    found = words(name)
    for word in found:
        try:
            ip_network(word)
        except ValueError as error:
            raise BadEnvironment(
                f"{name} must name networks like 10.20.0.0/16, separated by commas, not {word!r}."
            ) from error
    return found


def var_dir() -> Path:
    """The folder of everything the program makes itself: servers' data, secrets, artifacts, static files."""
    return Path(text("PENEIRA_VAR") or BASE_DIR / "var").resolve()


def stored_secret(name: str, *, length: int = 50) -> str:
    """A random secret that survives restarts, for installations that set none in the environment."""
    path = var_dir() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # O_EXCL: two processes may start at once, the first one's secret holds
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(length))
    return path.read_text().strip()


def provide_services(environ: MutableMapping[str, str] | None = None, *, fast: bool = False) -> None:
    """Make sure DATABASE_URL and REDIS_URL are set, starting embedded servers for those that are not.

    ``fast`` trades the embedded database's crash safety for speed (tests only).
    Raises ``embedded.ServiceError`` with a sentence that says what to do.
    """
    environ = os.environ if environ is None else environ
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not environ.get(name, "").strip()]
    if not missing:
        return
    from hiring_site import embedded

    for name, url in embedded.attach(var_dir(), missing, fast=fast).items():
        environ[name] = url


def database(url: str) -> dict[str, object]:
    """A Django database entry from a URL; only PostgreSQL is spoken here."""
    from environ import Env

    if not url.startswith(("postgres://", "postgresql://")):
        raise BadEnvironment(
            "DATABASE_URL must begin with postgresql:// (for example postgresql://user:password@host:5432/name)."
        )
    entry: dict[str, object] = Env.db_url_config(url)
    return entry | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}


def storage(url: str, folder: Path) -> dict[str, object]:
    """A Django storage entry: the folder, or the part of the bucket ``url`` that has the folder's name.

    ``url`` is like ``s3://bucket/prefix?endpoint=https://minio:9000&region=us-east-1``; credentials come from
    the usual ``AWS_`` variables.
    """
    if not url:
        return {"BACKEND": "scoring.storage.Folder", "OPTIONS": {"location": folder}}
    options = _bucket(url)
    place = "/".join(part for part in (options["location"], folder.name) if part)
    return {"BACKEND": "scoring.bucket.Bucket", "OPTIONS": options | {"location": place}}


def _bucket(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc or set("@:") & set(parts.netloc):
        raise BadEnvironment(
            "MODEL_STORAGE_URL must be like s3://bucket/prefix?endpoint=https://host:port; "
            "credentials go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    asked = parse_qsl(parts.query, keep_blank_values=True)
    unknown = [name for name, value in asked if name not in BUCKET_OPTIONS or not value]
    if unknown:
        known = ", ".join(BUCKET_OPTIONS)
        raise BadEnvironment(f"MODEL_STORAGE_URL may set {known}; not {', '.join(unknown)}.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise BadEnvironment("MODEL_STORAGE_URL needs further packages: pip install -r requirements-s3.txt")
    place = {"bucket_name": parts.netloc, "location": parts.path.strip("/")}
    return place | {BUCKET_OPTIONS[name]: value for name, value in asked}
