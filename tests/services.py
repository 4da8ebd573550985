"""Loaded first by pytest: servers of the tests' own, before Django reads its settings."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from hiring_site import env

os.environ.setdefault("PENEIRA_VAR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ["PENEIRA_DEBUG"] = "0"
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
(env.var_dir() / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns of a missing one
env.provide_services(fast=True)
worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
own = env.var_dir() / "valkey" / "url"
if worker and own.is_file() and own.read_text() == os.environ["REDIS_URL"]:  # of a server that is ours alone
    # A test that empties the cache must not sign out the users of another worker's tests
    os.environ["REDIS_URL"] = (
        urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{1 + int(worker) % 15}").geturl()
    )
