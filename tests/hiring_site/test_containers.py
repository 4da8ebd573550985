"""The containers' commands, proved without containers: the same words, run against the tests' servers."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from hiring_site import programs

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def compose_command():
    for words in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(words[0]) and not subprocess.run([*words, "version"], capture_output=True).returncode:
            return words
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def without_interpreter(command):
    """`python -m celery …` and `celery …` are the same program."""
    return [*command[command.index("-m") + 1 :]] if "-m" in command[:2] else list(command)


def test_the_compose_file_is_valid():
    command = compose_command()
    if command is None:
        pytest.skip("neither `docker compose` nor `docker-compose` is installed (.ci/run installs it)")
    done = subprocess.run(
        [*command, "-f", str(ROOT / "docker-compose.yml"), "config"],
        env=os.environ | {"POSTGRES_PASSWORD": "x", "SECRET_KEY": "y"},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert set(COMPOSE) == {"db", "redis", "prepare", "web", "worker", "ml-worker", "beat"}


def test_compose_refuses_to_start_without_secrets():
    command = compose_command()
    if command is None:
        pytest.skip("neither `docker compose` nor `docker-compose` is installed (.ci/run installs it)")
    environ = {k: v for k, v in os.environ.items() if k not in ("POSTGRES_PASSWORD", "SECRET_KEY")}
    done = subprocess.run(
        [*command, "-f", str(ROOT / "docker-compose.yml"), "config"],
        env=environ,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode != 0
    assert "set it in .env" in done.stderr


def test_containers_and_make_run_start_the_same_programs(monkeypatch, tmp_path):
    monkeypatch.setenv("PENEIRA_VAR", "/data")
    for program in programs.programs("0.0.0.0", 8000):
        assert COMPOSE[program.name]["command"] == without_interpreter(program.command)


def test_the_image_holds_every_source_folder():
    copied = {line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")}
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert copied >= apps | {"hiring_site", "templates", "static", "locale", "manage.py", "requirements.txt"}


def test_the_image_runs_as_nobody_special():
    assert "\nUSER peneira\n" in DOCKERFILE


def test_the_web_command_answers(tmp_path):
    port = free_port()
    command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in COMPOSE["web"]["command"]]
    prepared = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
        env=os.environ | {"PENEIRA_VAR": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert prepared.returncode == 0, prepared.stderr
    with running(command, tmp_path) as process:
        assert wait_for(lambda: answers(f"http://127.0.0.1:{port}/sign-in/"), process)


@pytest.mark.parametrize("name", ["worker", "ml-worker"])
def test_the_worker_commands_come_up(name, tmp_path):
    words = COMPOSE[name]["command"]
    node = words[words.index("-n") + 1]
    unique = f"{node.split('@')[0]}{os.getpid()}@test"
    with running([unique if word == node else word for word in words], tmp_path) as process:
        ping = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "hiring_site",
            "inspect",
            "ping",
            "-d",
            unique,
            "-t",
            "2",
        ]
        assert wait_for(
            lambda: b"pong" in subprocess.run(ping, capture_output=True, cwd=ROOT).stdout, process
        )


def test_the_beat_command_keeps_its_schedule(tmp_path):
    schedule = tmp_path / "celerybeat-schedule"
    command = [
        word.replace("/data/celerybeat-schedule", str(schedule)) for word in COMPOSE["beat"]["command"]
    ]
    with running(command, tmp_path) as process:
        assert wait_for(lambda: any(tmp_path.glob("celerybeat-schedule*")), process)


@contextmanager
def running(command, folder):
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=os.environ | {"PENEIRA_VAR": str(folder)},
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    process.log = log
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=3) as response:
            return response.status == 200
    except OSError:
        return False


def wait_for(condition, process, seconds=40):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"ended with {process.returncode}: {process.log.read_text(errors='replace')[-1500:]}")
        if condition():
            return True
        time.sleep(0.2)
    pytest.fail(f"nothing after {seconds} s: {process.log.read_text(errors='replace')[-1500:]}")
