import subprocess
import sys
import zlib

import pytest
from django.conf import settings

from candidates.documents import isolating
from candidates.documents.checking import Unreadable
from candidates.documents.isolating import Limits, read_apart
from tests.candidates.documents import files


def problem(data, **limits):
    with pytest.raises(Unreadable) as caught:
        read_apart(data, limits=Limits(**({"megabytes": 512, "seconds": 20, "pages": 50} | limits)))
    return caught.value.code


def run_in_child(monkeypatch, code):
    """Code in the place of the reader, after it gave up what it gives up."""
    start = (
        "import sys; from candidates.documents.child import give_up_all_but;"
        " give_up_all_but(megabytes=int(sys.argv[1]), seconds=int(sys.argv[2]));"
    )
    monkeypatch.setattr(
        isolating,
        "_command",
        lambda limits: [sys.executable, "-c", start + code, str(limits.megabytes), str(limits.seconds)],
    )


def test_a_reader_that_never_ends_is_stopped(monkeypatch):
    run_in_child(monkeypatch, "\nwhile True: pass")
    assert problem(b"x", seconds=1) == "timed_out"


def test_a_reader_that_sleeps_is_stopped(monkeypatch):
    monkeypatch.setattr(isolating, "BEYOND_CPU", 0)
    run_in_child(monkeypatch, "import time; time.sleep(60)")
    assert problem(b"x", seconds=1) == "timed_out"


def test_a_reader_that_wants_all_memory_is_stopped(monkeypatch):
    run_in_child(monkeypatch, "x = bytearray(2 * 1024**3)")
    assert problem(b"x") == "too_demanding"


def test_a_reader_that_crashes_is_a_damaged_file(monkeypatch):
    run_in_child(monkeypatch, "import os; os.abort()")
    assert problem(b"x") == "damaged"


def test_the_reader_cannot_write_a_file(monkeypatch, tmp_path):
    run_in_child(
        monkeypatch,
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f" open({str(tmp_path / 'x')!r}, 'w').write('x')",
    )
    assert problem(b"x") == "damaged"
    assert not (tmp_path / "x").exists() or not (tmp_path / "x").read_text()


def test_the_reader_knows_no_secret_and_no_database(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@db/peneira")
    monkeypatch.setenv("SECRET_KEY", "a secret")
    told = subprocess.run(
        [sys.executable, "-c", "import os; print(dict(os.environ))"],
        env=isolating._bare_environment(),
        capture_output=True,
        text=True,
    ).stdout
    assert "secret" not in told
    assert "postgresql" not in told


def test_reading_imports_neither_django_nor_what_learns():
    code = (
        "import sys; from candidates.documents import child;"
        " child.answer(sys.stdin.buffer.read(), most_pages=5);"
        " print([name for name in sys.modules if name.split('.')[0] in"
        " {'django', 'pandas', 'numpy', 'celery', 'psycopg2'}])"
    )
    run = [sys.executable, "-c", code]
    told = subprocess.run(run, cwd=settings.BASE_DIR, input=files.pdf(), capture_output=True, check=True)
    assert told.stdout.strip() == b"[]"


def test_a_pdf_that_swells_to_a_gigabyte_ends_within_its_memory():
    content = _swollen()
    swelling = files.written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    )
    assert len(swelling) < 2 * 1024 * 1024
    assert problem(swelling, megabytes=256, seconds=10) in {
        "too_demanding", "timed_out", "damaged", "empty", "image_only",
    }  # fmt: skip


def _swollen():
    packer = zlib.compressobj(9)
    parts = [packer.compress(b" " * 16 * 1024 * 1024) for _ in range(64)]
    return b"".join(parts) + packer.flush()
