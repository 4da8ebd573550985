import os
from contextlib import contextmanager

import boto3
import numpy as np
import pandas as pd
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer

from hiring_site import env
from scoring import snapshots, storage, training
from scoring.ml.artifact import ArtifactCorrupt, ArtifactError
from scoring.storage import StorageUnavailable
from tests.scoring.test_snapshots import company

FILES = {"manifest.json": b"{}", "model.txt": b"tree\n" * 1000, "arrays.npz": bytes(range(256)) * 50}


@pytest.fixture(scope="module")
def server():
    """An S3 that speaks over loopback, as a service of another maker would."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(server, monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    client = boto3.client("s3", endpoint_url=server, region_name="us-east-1")
    client.create_bucket(Bucket="hiring")
    yield client
    for entry in client.list_objects_v2(Bucket="hiring").get("Contents", []):
        client.delete_object(Bucket="hiring", Key=entry["Key"])
    client.delete_bucket(Bucket="hiring")


def use(settings, url):
    settings.STORAGES = settings.STORAGES | {
        "models": env.storage(url, settings.MODELS_DIR),
        "snapshots": env.storage(url, settings.SNAPSHOTS_DIR),
    }


@pytest.fixture(params=["folder", "bucket"])
def kind(request, settings):
    if request.param == "bucket":
        request.getfixturevalue("s3")
        server = request.getfixturevalue("server")
        use(settings, f"s3://hiring/peneira?endpoint={server}&region=us-east-1")
    return request.param


def replace(name, content):
    """As somebody would who has access to the place itself."""
    place = storages["models"]
    place.delete(name)
    place.save(name, ContentFile(content))


# Both kinds


@pytest.mark.usefixtures("kind")
def test_a_model_comes_back_as_it_was_written():
    storage.write_model("v1", FILES)

    assert storage.read_model("v1") == FILES
    assert storage.is_taken("v1")
    assert not storage.is_taken("v")
    assert not storage.is_taken("v2")


@pytest.mark.usefixtures("kind")
def test_a_model_is_never_overwritten():
    storage.write_model("v1", FILES)

    with pytest.raises(FileExistsError, match="v1 exists"):
        storage.write_model("v1", FILES | {"model.txt": b"other"})
    assert storage.read_model("v1") == FILES


@pytest.mark.usefixtures("kind")
def test_a_name_with_leftovers_is_taken():
    storages["models"].save("v1/model.txt", ContentFile(b"left by a crash"))

    assert storage.is_taken("v1")
    with pytest.raises(FileExistsError):
        storage.write_model("v1", FILES)
    assert storage.get(storages["models"], "v1/model.txt") == b"left by a crash"


@pytest.mark.usefixtures("kind")
def test_the_manifest_is_written_last(monkeypatch):
    put, seen = storage.put, []

    def watched(place, name, content):
        put(place, name, content)
        seen.append(name)
        if name != "v1/manifest.json":
            with pytest.raises(ArtifactCorrupt):
                storage.read_model("v1")

    monkeypatch.setattr(storage, "put", watched)
    storage.write_model("v1", FILES)

    assert seen == ["v1/arrays.npz", "v1/model.txt", "v1/manifest.json"]


@pytest.mark.usefixtures("kind")
def test_half_a_model_is_not_read():
    storage.write_model("v1", FILES)
    storages["models"].delete("v1/manifest.json")

    with pytest.raises(ArtifactCorrupt, match=r"v1 has the files arrays\.npz, model\.txt\. Restore"):
        storage.read_model("v1")
    with pytest.raises(ArtifactCorrupt, match="has the files none"):
        storage.read_model("v2")


@pytest.mark.usefixtures("kind")
def test_writing_that_fails_takes_back_what_it_wrote(monkeypatch):
    put = storage.put

    def no_room(place, name, content):
        if name.endswith("model.txt"):
            raise OSError(28, "No space left on device")
        put(place, name, content)

    monkeypatch.setattr(storage, "put", no_room)

    with pytest.raises(OSError, match="No space"):
        storage.write_model("v1", FILES)
    assert not storage.is_taken("v1")


@pytest.mark.usefixtures("kind")
def test_of_two_writers_at_once_the_second_fails_and_harms_nothing(monkeypatch):
    storage.write_model("v1", FILES)
    place = storages["models"]
    exists, asked = type(place).exists, []

    def looked_just_before(self, name):
        asked.append(name)
        return asked.count(name) > 1 and exists(self, name)

    monkeypatch.setattr(type(place), "exists", looked_just_before)
    monkeypatch.setattr(storage, "is_taken", lambda name: False)

    with pytest.raises(FileExistsError, match="never overwritten"):
        storage.write_model("v1", FILES | {"arrays.npz": b"other"})
    assert storage.read_model("v1") == FILES


@pytest.mark.usefixtures("kind")
def test_a_model_needs_its_manifest():
    with pytest.raises(ValueError, match=r"manifest\.json"):
        storage.write_model("v1", {"model.txt": b"x"})
    assert not storage.is_taken("v1")


@pytest.mark.usefixtures("kind")
def test_a_name_that_leads_out_of_the_storage_is_refused():
    with pytest.raises(Exception, match=r"traversal|denied|outside"):
        storage.put(storages["models"], "../secret", b"x")


@pytest.mark.django_db
@pytest.mark.usefixtures("kind")
def test_a_snapshot_comes_back_and_an_altered_one_does_not():
    dataset = company()
    snapshot = snapshots.write_snapshot(dataset)
    place = storages["snapshots"]

    assert snapshots.write_snapshot(dataset) == snapshot
    pd.testing.assert_frame_equal(snapshots.read_snapshot(snapshot).X, dataset.X, check_exact=True)

    content = bytearray(storage.get(place, snapshot.path))
    content[len(content) // 2] ^= 1
    place.delete(snapshot.path)
    with pytest.raises(snapshots.SnapshotCorrupt, match="not there"):
        snapshots.read_snapshot(snapshot)
    place.save(snapshot.path, ContentFile(bytes(content)))
    with pytest.raises(snapshots.SnapshotCorrupt, match="was altered"):
        snapshots.read_snapshot(snapshot)
    assert np.array_equal(company().y, dataset.y, equal_nan=True)


# Folder


def test_a_folder_has_the_files_of_a_model_and_nothing_else(settings):
    storage.write_model("v7", FILES)

    assert sorted(path.name for path in (settings.MODELS_DIR / "v7").iterdir()) == sorted(FILES)
    assert [path.name for path in settings.MODELS_DIR.iterdir()] == ["v7"]


def test_what_is_written_is_on_the_disk(settings, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_ino), fsync(handle)))

    storage.write_model("v7", FILES)

    written = [settings.MODELS_DIR / "v7" / name for name in FILES]
    for place in (*written, settings.MODELS_DIR / "v7", settings.MODELS_DIR):
        assert place.stat().st_ino in synced


def test_a_folder_that_may_not_be_read_is_said(settings, monkeypatch):
    storage.write_model("v7", FILES)

    @contextmanager
    def refused(*args):
        raise PermissionError(13, "Permission denied")
        yield

    monkeypatch.setattr(storage.Folder, "open", refused)

    with pytest.raises(ArtifactCorrupt, match="Model v7 cannot be read"):
        storage.read_model("v7")


# Bucket


def test_objects_lie_under_prefix_and_name(s3, server, settings):
    use(settings, f"s3://hiring/teams/hr?endpoint={server}")
    storage.write_model("v1", FILES)

    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="hiring")["Contents"]]
    assert keys == [f"teams/hr/models/v1/{name}" for name in sorted(FILES)]


def test_models_beyond_a_page_of_names_do_not_hide_one_another(s3, server, settings):
    use(settings, f"s3://hiring?endpoint={server}")
    for number in range(1, 12):
        storage.write_model(f"v{number}", {"manifest.json": b"%d" % number})

    assert storage.read_model("v1") == {"manifest.json": b"1"}
    assert storage.read_model("v11") == {"manifest.json": b"11"}


def test_a_missing_bucket_is_said(s3, server, settings):
    use(settings, f"s3://elsewhere/peneira?endpoint={server}")

    with pytest.raises(StorageUnavailable, match="There is no bucket “elsewhere”"):
        storage.write_model("v1", FILES)
    with pytest.raises(ArtifactError, match="There is no bucket “elsewhere”") as caught:
        storage.read_model("v1")
    assert not isinstance(caught.value, ArtifactCorrupt)
    with pytest.raises(StorageUnavailable, match="There is no bucket"):
        storage.get(storages["snapshots"], "x.parquet")


@pytest.mark.django_db
def test_a_training_says_at_once_that_the_bucket_is_missing(s3, server, settings):
    use(settings, f"s3://elsewhere?endpoint={server}")
    run, _ = training.new_run()

    assert training.run(run) is None

    run.refresh_from_db()
    assert run.error == "There is no bucket “elsewhere”. Make it, or correct MODEL_STORAGE_URL."
    assert run.log == ""  # before anything was read


def test_a_server_that_does_not_answer_is_said(s3, settings, free_port):
    use(settings, f"s3://hiring?endpoint=http://127.0.0.1:{free_port}")

    with pytest.raises(ArtifactError, match="cannot be reached"):
        storage.read_model("v1")
    with pytest.raises(StorageUnavailable, match="cannot be reached"):
        storage.write_model("v1", FILES)


@pytest.fixture
def free_port():
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener.getsockname()[1]  # bound and not listening: nobody can answer there


def test_missing_credentials_are_said(s3, server, settings, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    use(settings, f"s3://hiring?endpoint={server}")

    with pytest.raises(StorageUnavailable, match=r"no credentials.*AWS_ACCESS_KEY_ID"):
        storage.write_model("v1", FILES)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("AccessDenied", "refuses these credentials"), ("SlowDown", "cannot be used \\(SlowDown\\)")],
)
def test_other_refusals_are_said(s3, server, settings, monkeypatch, code, sentence):
    from botocore.exceptions import ClientError
    from storages.backends.s3 import S3Storage

    def refuse(self, name):
        raise ClientError({"Error": {"Code": code}}, "ListObjects")

    use(settings, f"s3://hiring?endpoint={server}")
    monkeypatch.setattr(S3Storage, "listdir", refuse)

    with pytest.raises(ArtifactError, match=sentence):
        storage.read_model("v1")


# The setting


def test_without_the_setting_models_are_in_the_folder(tmp_path):
    assert env.storage("", tmp_path) == {
        "BACKEND": "scoring.storage.Folder",
        "OPTIONS": {"location": tmp_path},
    }


def test_the_setting_names_bucket_prefix_and_service(tmp_path):
    url = "s3://hiring/hr/peneira/?endpoint=https://minio:9000&region=sa-east-1&addressing=path"

    assert env.storage(url, tmp_path / "models") == {
        "BACKEND": "scoring.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": "hiring",
            "location": "hr/peneira/models",
            "endpoint_url": "https://minio:9000",
            "region_name": "sa-east-1",
            "addressing_style": "path",
        },
    }
    assert env.storage("s3://Hiring", tmp_path / "models")["OPTIONS"] == {
        "bucket_name": "Hiring",
        "location": "models",
    }


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("/srv/models", "must be like s3://"),
        ("gs://hiring", "must be like s3://"),
        ("s3:///prefix", "must be like s3://"),
        ("s3://key:secret@hiring/models", "credentials go into AWS_ACCESS_KEY_ID"),
        ("s3://hiring?endpiont=http://minio", "may set endpoint, region, addressing; not endpiont"),
        ("s3://hiring?region=", "not region"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_without_quoting_secrets(tmp_path, url, sentence):
    with pytest.raises(env.BadEnvironment, match=sentence) as caught:
        env.storage(url, tmp_path)
    assert "secret@" not in str(caught.value)


def test_the_setting_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "find_spec", lambda name: None)

    with pytest.raises(env.BadEnvironment, match=r"requirements-s3\.txt"):
        env.storage("s3://hiring", tmp_path)
