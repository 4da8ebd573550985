"""What ``make run`` starts: servers, data, model, workers, web; and what stops them all again.

Each program runs in a session of its own, so that Ctrl-C reaches the launcher alone and it can stop them
in order (``hiring_site.programs``). Their output goes to ``var/logs``.
"""

import argparse
import ctypes
import fcntl
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from hiring_site import env, programs
from hiring_site.embedded import ServiceError

# Enough jobs with a hire and others in its last months to prove an order inside a job
DEMO = {"candidates": 1200, "jobs": 240, "prospects": 2400, "seed": 7, "hire-rate": 0.12}
ADMINISTRATOR = "admin"


def main(arguments: Sequence[str] | None = None) -> None:
    try:
        options = _parse(arguments)
        if not options.data_only:
            _check_port(options.host, options.port)
            _claim(env.var_dir())
        _prepare_environment()
        _prepare_data()
        if not options.data_only:
            _serve(options.host, options.port)
    except (ServiceError, env.BadEnvironment) as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--host", default=env.text("PENEIRA_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=env.whole("PENEIRA_PORT", 8000, minimum=1))
    parser.add_argument("--data-only", action="store_true", help="load the invented company, start nothing")
    return parser.parse_args(arguments)


# Before anything starts


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if not 0 < port < 65536:
        raise ServiceError(f"There is no port {port}; choose one from 1 to 65535: PENEIRA_PORT=8000 make run")
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServiceError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Peneira may be running already; "
                f"otherwise choose another port: PENEIRA_PORT={port + 1} make run"
            ) from error


def _claim(var: Path) -> None:
    """One launcher a folder, until this process ends: two beats would share one schedule file."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        lock = os.open(var / "launcher.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ServiceError(
            f"The folder {var} cannot be written ({error.strerror}). "
            "Make it writable, or set PENEIRA_VAR to another folder."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held by the descriptor, which is never closed
    except BlockingIOError:
        os.close(lock)
        raise ServiceError(
            f"Peneira is running already with the folder {var}. Stop it first (Ctrl-C where it runs), "
            "or set PENEIRA_VAR to another folder for a second one."
        ) from None


def _prepare_environment() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiring_site.settings")
    provide_openmp(env.var_dir() / "lib")
    started = time.monotonic()
    env.provide_services()
    check_reachable()
    _say("Database and queue", started)


def provide_openmp(folder: Path) -> None:
    """LightGBM wants the system's libgomp.so.1; where there is none, lend it scikit-learn's own copy."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        copies = [path for root in sys.path for path in Path(root).glob("scikit_learn.libs/libgomp*.so*")]
        if not copies:
            raise ServiceError(
                "The library libgomp is missing, and LightGBM cannot work without it. "
                "Install it (Debian, Ubuntu: apt-get install libgomp1) and start again."
            ) from None
        folder.mkdir(parents=True, exist_ok=True)
        link = folder / "libgomp.so.1"
        link.unlink(missing_ok=True)
        link.symlink_to(copies[0])
        paths = [str(folder), os.environ.get("LD_LIBRARY_PATH", "")]
        os.environ["LD_LIBRARY_PATH"] = ":".join(path for path in paths if path)


def check_reachable() -> None:
    """Raise ``ServiceError`` with a sentence when a server named by URL does not answer."""
    import psycopg2
    import redis

    env.database(os.environ["DATABASE_URL"])  # else the driver's message would show the password
    try:
        psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=5).close()
    except psycopg2.Error as error:
        raise ServiceError(
            f"The database at {_without_password(os.environ['DATABASE_URL'])} cannot be used: "
            f"{str(error).strip()}\nCorrect DATABASE_URL, start that server, or unset DATABASE_URL to use "
            "a private one."
        ) from error
    try:
        redis.Redis.from_url(os.environ["REDIS_URL"], socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise ServiceError(
            f"The queue at {_without_password(os.environ['REDIS_URL'])} cannot be used: {error}\n"
            "Correct REDIS_URL, start that server, or unset REDIS_URL to use a private one."
        ) from error


def _without_password(url: str) -> str:
    head, _, tail = url.rpartition("@")
    return f"{head.split('://')[0]}://…@{tail}" if head else url


def _prepare_data() -> None:
    _step("Tables", ["migrate", "--verbosity", "0"])
    _step("Reading again what this version reads differently", ["refresh"])
    _collect_static_files()
    _make_administrator()
    empty = "from candidates.models import Candidate; print(not Candidate.objects.exists())"
    fresh = env.flag("PENEIRA_DEMO", default=True) and _ask(empty) == "True"
    folder = env.var_dir() / "demo"
    unfinished = folder / "unfinished"
    if fresh:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.touch()
        _load_demo(folder)
    if unfinished.exists():
        _step("Training on the company's outcomes", ["train"])
        _step("Ranking the open jobs", ["rank_jobs", "--open"])
        _step("Accounts for each role", ["demo_users", str(_demo_passwords())])
        unfinished.unlink()


def _collect_static_files() -> None:
    """Compressing takes seconds: only when a file, or a package that brings files, changed."""
    mark = env.var_dir() / "static.collected"
    now = static_fingerprint()
    if mark.exists() and mark.read_text() == now:
        return
    _step("Static files", ["collectstatic", "--noinput", "--verbosity", "0"])
    mark.write_text(now)


def static_fingerprint(root: Path = env.BASE_DIR) -> str:
    whole = hashlib.sha256((root / "requirements.txt").read_bytes())
    whole.update((root / "hiring_site" / "settings.py").read_bytes())
    for path in sorted(path for path in (root / "static").rglob("*") if path.is_file()):
        whole.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def _load_demo(folder: Path) -> None:
    sizes = [f"--{name}={value}" for name, value in DEMO.items()]
    _step("Generating an invented company", ["generate_company", *sizes, "--force", str(folder)])
    files = {"applicants": "applicants.json", "jobs": "vagas.json", "prospects": "prospects.json"}
    _step("Importing it", ["import_data", *(f"--{kind}={folder / name}" for kind, name in files.items())])


def _make_administrator() -> None:
    """An account to sign in with, its password in ``var/`` and nowhere else."""
    made = _ask(
        "from django.contrib.auth.models import User; print(User.objects.filter(is_superuser=True).exists())"
    )
    if made == "True":
        return
    password = secrets.token_urlsafe(12)
    path = _password_file()
    path.touch(mode=0o600)
    path.write_text(password)
    _manage(
        ["createsuperuser", "--noinput", "--username", ADMINISTRATOR, "--email", ""],
        extra={"DJANGO_SUPERUSER_PASSWORD": password},
    )


def _password_file() -> Path:
    return env.var_dir() / "admin_password"


def _demo_passwords() -> Path:
    """Of the invented company's other accounts, one for each role."""
    return env.var_dir() / "demo_passwords"


def _step(title: str, command: Sequence[str]) -> None:
    started = time.monotonic()
    print(f"  {title} …", flush=True)
    done = _manage(command)
    if done.returncode != 0:
        raise ServiceError(
            f"{title}: `manage.py {command[0]}` failed.\n{done.stdout.strip()}\n"
            "Mend the cause and run `make run` again; it goes on from here."
        )
    _say(title, started)


def _manage(
    command: Sequence[str], *, extra: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(env.BASE_DIR / "manage.py"), *command],
        env=os.environ | (extra or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=env.BASE_DIR,
    )


def _ask(code: str) -> str:
    done = _manage(["shell", "--no-imports", "-c", code])
    if done.returncode != 0:
        raise ServiceError(f"The database could not be asked: {done.stdout.strip().splitlines()[-1]}")
    return done.stdout.strip().splitlines()[-1]


def _say(title: str, started: float) -> None:
    print(f"  {title}: {time.monotonic() - started:.1f} s", flush=True)


# Running


def _serve(host: str, port: int) -> None:
    running: list[programs.Running] = []
    asked_to_stop = _listen_for_stop()
    try:
        for program in programs.programs(host, port):
            running.append(programs.start(program))
        programs.wait_until_ready(running, host, port)
        _announce(host, port)
        restarts: list[float] = []
        while not asked_to_stop():
            running[:] = [
                programs.start_again(one, restarts) if programs.has_ended(one) else one for one in running
            ]
            time.sleep(0.3)
    finally:
        programs.stop(running)


def _announce(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    path = _password_file()
    password = path.read_text() if path.exists() else "(the one you chose)"
    print(
        f"\n  Peneira is ready:  http://{shown}:{port}/\n"
        f"  Sign in as         {ADMINISTRATOR}\n"
        f"  Password           {password}\n"
        f"{_demo_accounts()}\n"
        "  Ctrl-C stops everything.\n",
        flush=True,
    )


def _demo_accounts() -> str:
    """What to sign in with to see the product as others do."""
    path = _demo_passwords()
    lines = path.read_text().splitlines() if path.exists() else []
    accounts = [line.split(" ") for line in lines]
    told = [f"  {name:<18} {password}\n" for name, password in accounts]
    return "".join(["\n  Or as one of these:\n", *told]) if told else ""


def _listen_for_stop() -> Callable[[], bool]:
    asked: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), remember)
    return lambda: bool(asked)


if __name__ == "__main__":
    main()
