"""The environment: every setting from outside is read and checked here, and nowhere else.

``provide_services`` is the one place that decides between servers named by URL and the embedded ones.
"""

import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


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
