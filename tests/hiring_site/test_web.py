import threading

from django.db import OperationalError
from gunicorn.app.wsgiapp import WSGIApplication

from hiring_site import programs, web
from scoring import warming


def test_gunicorn_takes_every_setting(monkeypatch):
    monkeypatch.setattr("sys.argv", ["gunicorn", *programs.WEB_OPTIONS])
    settings = WSGIApplication().cfg
    assert (settings.workers, settings.threads, settings.keepalive) == (2, 8, 30)
    assert settings.worker_class_str == "gthread"
    assert settings.control_socket_disable
    assert settings.wsgi_app == "hiring_site.wsgi"
    assert settings.post_worker_init is web.post_worker_init


def test_a_new_worker_loads_its_models_beside_its_work(monkeypatch):
    done, settled = [], threading.Event()
    monkeypatch.setattr(web, "_warm_up", lambda: done.append("loaded"))
    monkeypatch.setattr(web.gc, "collect", lambda: done.append("collected"))
    monkeypatch.setattr(web.gc, "freeze", lambda: done.append("frozen"))
    monkeypatch.setattr(web.gc, "set_threshold", lambda *_counts: settled.set())
    web.post_worker_init(None)
    assert settled.wait(5)
    assert done == ["loaded", "collected", "frozen"]


def test_a_database_that_is_not_there_yet_stops_no_worker(monkeypatch, caplog, db):
    def gone():
        raise OperationalError("secret words of the server")

    monkeypatch.setattr(warming, "warm_up", gone)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    web._warm_up()
    assert "OperationalError" in caplog.text
    assert "secret words" not in caplog.text
