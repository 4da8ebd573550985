import os
import subprocess
import sys
from pathlib import Path

import pytest

from hiring_site import embedded

ROOT = Path(__file__).resolve().parents[2]
USE_SERVERS = """
import os, sys
from hiring_site import env
env.provide_services(fast=True)
import psycopg2, redis
connection = psycopg2.connect(os.environ["DATABASE_URL"])
cursor = connection.cursor()
cursor.execute(sys.argv[1])
connection.commit()
print(cursor.fetchone()[0] if cursor.description else "done")
redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
"""


def use_servers(var, sql, **options):
    environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, "-c", USE_SERVERS, sql],
        env=environ | {"PENEIRA_VAR": str(var)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )


def test_the_servers_start_keep_their_data_and_stop(server_folders):
    var = server_folders() / "var"
    assert use_servers(var, "CREATE TABLE kept AS SELECT 42 AS answer").returncode == 0
    assert not (var / "postgres" / "postmaster.pid").exists()
    assert embedded._valkey_pid(var / "valkey") is None

    again = use_servers(var, "SELECT answer FROM kept")

    assert again.stdout.strip() == "42", again.stderr
    assert not (var / "postgres" / "postmaster.pid").exists()


def test_the_log_of_the_database_names_nobody(server_folders):
    var = server_folders() / "var"
    assert (
        use_servers(var, "CREATE TABLE people (name text UNIQUE CHECK (length(name) < 20))").returncode == 0
    )
    for statement in (
        "INSERT INTO people VALUES ('Ana Pereira'), ('Ana Pereira')",
        "INSERT INTO people VALUES ('Ana Pereira de Souza e Lima')",
        "SELECT 'Ana Pereira' FROM nowhere",
    ):
        assert use_servers(var, statement).returncode == 1
    log = (var / "postgres" / "server.log").read_text()
    assert "duplicate key" in log
    assert "Ana Pereira" not in log


def test_whoever_leaves_last_stops_the_servers(server_folders):
    var = server_folders() / "var"
    nested = (
        "import subprocess, sys, os\nfrom hiring_site import env\nenv.provide_services(fast=True)\n"
        "del os.environ['DATABASE_URL'], os.environ['REDIS_URL']\n"
        "again = 'from hiring_site import env; env.provide_services(fast=True)'\n"
        "subprocess.run([sys.executable, '-c', again], check=True)\n"
        "from hiring_site import embedded\n"
        "print(embedded._postgres_runs(env.var_dir() / 'postgres'), embedded._valkey_pid(env.var_dir() / "
        "'valkey') is not None)"
    )
    environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, "-c", nested],
        env=environ | {"PENEIRA_VAR": str(var)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split() == ["True", "True"], done.stderr
    assert not (var / "postgres" / "postmaster.pid").exists()


def test_a_lone_command_that_is_asked_to_end_stops_the_servers(server_folders):
    var = server_folders() / "var"
    environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    with subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "shell",
            "--no-imports",
            "-c",
            "import time; print(1, flush=True); time.sleep(60)",
        ],
        env=environ | {"PENEIRA_VAR": str(var)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline() == b"1\n"
        assert (var / "postgres" / "postmaster.pid").exists()
        process.terminate()
        process.wait(timeout=30)
    assert not (var / "postgres" / "postmaster.pid").exists()
    assert embedded._valkey_pid(var / "valkey") is None


def test_a_forked_child_stops_nothing(server_folders):
    var = server_folders() / "var"
    forking = (
        "import os, sys\nfrom hiring_site import env, embedded\nenv.provide_services(fast=True)\n"
        "pid = os.fork()\n"
        "if pid == 0:\n    sys.exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "print(embedded._postgres_runs(env.var_dir() / 'postgres'))"
    )
    environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, "-c", forking],
        env=environ | {"PENEIRA_VAR": str(var)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.strip() == "True", done.stderr


def test_a_half_made_database_is_named_and_left_alone(tmp_path):
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "base").mkdir()
    with pytest.raises(embedded.ServiceError, match=r"half-made database.*delete the folder"):
        embedded.start_postgres(tmp_path)
    assert (data / "base").exists()


def test_a_database_of_another_version_is_refused(tmp_path):
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.ServiceError, match="made by PostgreSQL 12"):
        embedded.start_postgres(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(embedded.ServiceError, match=r"cannot be written.*PENEIRA_VAR"):
        embedded.attach(blocked / "var", ["DATABASE_URL"])


def test_a_stale_pid_file_is_no_running_server(tmp_path):
    folder = tmp_path / "valkey"
    folder.mkdir()
    (folder / "valkey.pid").write_text(str(os.getpid()))
    (folder / "url").write_text("redis://127.0.0.1:1/0")
    assert embedded._running_valkey(folder) is None


def test_long_paths_get_a_short_socket_folder(tmp_path):
    var = tmp_path / ("long" * 30)
    var.mkdir()
    folder = embedded._socket_folder(var)
    try:
        assert len(str(folder)) < embedded.SOCKET_PATH_LIMIT
    finally:
        folder.rmdir()
