import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hiring_site import launcher, programs
from hiring_site.embedded import ServiceError
from hiring_site.env import BadEnvironment

ROOT = Path(__file__).resolve().parents[2]


def test_a_port_in_use_is_named_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=rf"Port {port} .*PENEIRA_PORT={port + 1} make run"):
            launcher._check_port("127.0.0.1", port)


def test_a_second_launcher_on_the_same_folder_says_so(tmp_path):
    # Another process: that one's lock must go with it, however it ends
    claim = f"from hiring_site import launcher as l; l._claim(l.Path({str(tmp_path)!r}))"
    first = subprocess.Popen(
        [sys.executable, "-c", f"{claim}; print('held', flush=True); input()"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(ServiceError, match="running already with the folder"):
            launcher._claim(tmp_path)
    finally:
        first.kill()
        first.wait()
    launcher._claim(tmp_path)


def test_an_unreachable_database_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:s3cret@127.0.0.1:1/x")
    with pytest.raises(ServiceError, match="unset DATABASE_URL") as caught:
        launcher.check_reachable()
    assert "s3cret" not in str(caught.value)


def test_a_database_of_another_kind_is_refused_without_its_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://someone:s3cret@127.0.0.1:1/x")
    with pytest.raises(BadEnvironment, match="must begin with postgresql://") as caught:
        launcher.check_reachable()
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("port", "sentence"), [("99999", "no port 99999"), ("abc", "PENEIRA_PORT must be a whole number")]
)
def test_a_port_that_is_none_ends_the_command_with_a_sentence(monkeypatch, port, sentence):
    monkeypatch.setenv("PENEIRA_PORT", port)
    with pytest.raises(SystemExit, match=sentence):
        launcher.main([])


def test_an_unreachable_queue_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://:s3cret@127.0.0.1:1/0")
    with pytest.raises(ServiceError, match="unset REDIS_URL") as caught:
        launcher.check_reachable()
    assert "s3cret" not in str(caught.value)


def test_an_unreachable_database_ends_the_command_with_a_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "hiring_site.launcher", "--port", "18999"],
        env=os.environ | {"PENEIRA_VAR": str(tmp_path), "DATABASE_URL": "postgresql://u:pw@127.0.0.1:1/x"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_programs_that_end_by_themselves_are_reported(tmp_path, monkeypatch):
    monkeypatch.setenv("PENEIRA_VAR", str(tmp_path))
    one = programs.start(programs.Program("web", (sys.executable, "-c", "print('the reason')")))
    one.process.wait()
    with pytest.raises(ServiceError, match="web ended by itself") as caught:
        programs.fail_if_ended([one])
    assert "the reason" in str(caught.value)


def test_a_program_that_dies_is_started_again_but_not_for_ever(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PENEIRA_VAR", str(tmp_path))
    dying = programs.start(programs.Program("worker", (sys.executable, "-c", "print('why')")))
    restarts = []
    for _ in range(programs.RESTARTS):
        dying.process.wait()
        dying = programs.start_again(dying, restarts)
    assert "worker ended by itself and is started again" in capsys.readouterr().out
    dying.process.wait()
    with pytest.raises(ServiceError, match="worker ended by itself") as caught:
        programs.start_again(dying, restarts)
    assert "why" in str(caught.value)


def test_restarts_of_long_ago_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setenv("PENEIRA_VAR", str(tmp_path))
    dying = programs.start(programs.Program("worker", (sys.executable, "-c", "")))
    dying.process.wait()
    long_ago = [-programs.RESTART_WINDOW] * programs.RESTARTS
    programs.start_again(dying, long_ago).process.wait()
    assert len(long_ago) == 1


def test_stopping_ends_every_program(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PENEIRA_VAR", str(tmp_path))
    monkeypatch.setattr(programs, "STOP_SECONDS", 1)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    polite = "import time; print(1, flush=True); time.sleep(60)"
    running = [
        programs.start(programs.Program(str(n), (sys.executable, "-c", c)))
        for n, c in enumerate([deaf, polite])
    ]
    while not all(one.log.read_text() for one in running):
        pass
    programs.stop(running)
    assert all(one.process.poll() is not None for one in running)


def test_where_openmp_is_missing_a_copy_is_lent(tmp_path, monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setattr(launcher.ctypes, "CDLL", missing)
    monkeypatch.setattr(launcher.sys, "platform", "linux")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    launcher.provide_openmp(tmp_path / "lib")
    assert (tmp_path / "lib" / "libgomp.so.1").resolve().is_file()
    assert os.environ["LD_LIBRARY_PATH"] == str(tmp_path / "lib")


def test_static_files_are_collected_again_only_when_they_changed(tmp_path):
    for name in ("requirements.txt", "hiring_site/settings.py", "static/css/a.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a")
    before = launcher.static_fingerprint(tmp_path)
    assert launcher.static_fingerprint(tmp_path) == before
    (tmp_path / "static/css/a.css").write_text("b")
    assert launcher.static_fingerprint(tmp_path) != before


def test_it_says_with_what_one_can_sign_in_as_each_role(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(launcher.env, "var_dir", lambda: tmp_path)
    (tmp_path / "admin_password").write_text("pa-ss")
    launcher._announce("127.0.0.1", 8000)
    assert "Or as one of these" not in capsys.readouterr().out
    (tmp_path / "demo_passwords").write_text("recruiter w-1\nmanager w_2\n")
    launcher._announce("127.0.0.1", 8000)
    said = capsys.readouterr().out
    assert "  Password           pa-ss\n" in said
    assert "  recruiter          w-1\n  manager            w_2\n" in said
