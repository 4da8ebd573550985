import pytest

from hiring_site import env


def test_a_flag_reads_the_usual_words(monkeypatch):
    for word, expected in {"1": True, "yes": True, "TRUE": True, "0": False, "off": False, "": False}.items():
        monkeypatch.setenv("PENEIRA_X", word)
        assert env.flag("PENEIRA_X") is expected


def test_a_flag_that_is_no_flag_says_so(monkeypatch):
    monkeypatch.setenv("PENEIRA_X", "maybe")
    with pytest.raises(env.BadEnvironment, match="PENEIRA_X must be 1 or 0"):
        env.flag("PENEIRA_X")


@pytest.mark.parametrize("word", ["eight", "-1", "8.5", ""])
def test_a_number_out_of_range_says_so(monkeypatch, word):
    monkeypatch.setenv("PENEIRA_X", word)
    with pytest.raises(env.BadEnvironment, match="PENEIRA_X must be a whole number of at least 0"):
        env.whole("PENEIRA_X", 3)


def test_a_number_has_a_default(monkeypatch):
    monkeypatch.delenv("PENEIRA_X", raising=False)
    assert env.whole("PENEIRA_X", 3) == 3


def test_words_are_split_and_trimmed(monkeypatch):
    monkeypatch.setenv("PENEIRA_X", " a, b ,,c")
    assert env.words("PENEIRA_X") == ["a", "b", "c"]


def test_a_stored_secret_survives(monkeypatch, tmp_path):
    monkeypatch.setenv("PENEIRA_VAR", str(tmp_path / "var"))
    first = env.stored_secret("key")
    assert env.stored_secret("key") == first
    assert len(first) >= 50
    assert (tmp_path / "var" / "key").stat().st_mode & 0o777 == 0o600


def test_only_postgresql_is_spoken():
    with pytest.raises(env.BadEnvironment, match="DATABASE_URL must begin with postgresql://"):
        env.database("sqlite:///db.sqlite3")


def test_a_database_behind_a_socket_keeps_its_folder():
    entry = env.database("postgresql://peneira@/peneira?host=/run/sockets")
    assert entry["OPTIONS"] == {"host": "/run/sockets"}
    assert entry["NAME"] == "peneira"


def test_named_servers_are_used_and_none_is_started(tmp_path, monkeypatch):
    monkeypatch.setenv("PENEIRA_VAR", str(tmp_path / "var"))
    environ = {"DATABASE_URL": "postgresql://db/x", "REDIS_URL": "redis://q/0"}
    env.provide_services(environ)
    assert environ == {"DATABASE_URL": "postgresql://db/x", "REDIS_URL": "redis://q/0"}
    assert not (tmp_path / "var").exists()


def test_networks_are_named_or_said_to_be_none(monkeypatch):
    monkeypatch.setenv("PENEIRA_X", "10.20.0.0/16, fd00::/8")
    assert env.networks("PENEIRA_X") == ["10.20.0.0/16", "fd00::/8"]
    monkeypatch.setenv("PENEIRA_X", "10.20.0.1/16")
    with pytest.raises(env.BadEnvironment, match="PENEIRA_X must name networks like 10"):
        env.networks("PENEIRA_X")
