"""``make bench``: speed and memory on a generated company of real size; prints one table.

Each step runs in a process of its own, so that its peak memory is its own. Servers, files and models of the
measurement live in ``var/bench`` and stay for the next run (`--fresh` starts over). Sizes can be lowered:
``python -m benchmarks --candidates 4200 --jobs 1400 --prospects 5400``.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hiring_site import env

FULL_SIZE = {"candidates": 42_000, "jobs": 14_000, "prospects": 54_000}
# docs: what was seen on a machine of this kind with the careful way and with the simple way
KNOWN = {
    "import": "ceiling 4.1 s (COPY alone, without search vectors, skills, requirements)",
    "simple_load": "simple way 24–26 s",
    "rank_warm": "ceiling 0.02–0.025 s",
    "train": "ceiling 3–4 s (56,000 × 56, 300 trees)",
}


def main() -> None:
    options = _parse()
    folder = env.BASE_DIR / "var" / "bench"
    if options.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["PENEIRA_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    env.provide_services()
    print(f"{'step':<34}{'seconds':>10}{'peak MiB':>10}  note", flush=True)
    for name, arguments in _steps(options, folder):
        _print_row(name, _measure(name, arguments))
    if not options.only or "pages" in options.only:
        print(flush=True)
        subprocess.run([sys.executable, "-m", "benchmarks.pages"], check=False)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    for name, size in FULL_SIZE.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--only", nargs="*", default=[], help="names of steps")
    return parser.parse_args()


def _steps(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, list[str]]]:
    sizes = [str(getattr(options, name)) for name in FULL_SIZE]
    company = folder / f"company-{'-'.join(sizes)}"
    steps: list[tuple[str, list[str]]] = [
        ("generate", [*sizes, str(company)]),
        ("simple_load", [str(company)]),
        ("import", [str(company)]),
        ("import_again", [str(company)]),
        ("features", []),
        ("train", []),
        ("rank_cold_and_warm", []),
        ("job_page", []),
        ("candidate_search", []),
        ("search", []),
        ("predict_one", []),
        ("api", []),
    ]
    yield from (step for step in steps if not options.only or step[0] in options.only)


def _measure(name: str, arguments: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.steps", name, *arguments], stdout=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        return [{"name": name, "note": f"FAILED (exit {done.returncode})"}]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _print_row(step: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        seconds = f"{row['seconds']:.3f}" if "seconds" in row else ""
        peak = f"{row['peak_mib']:.0f}" if "peak_mib" in row else ""
        note = "; ".join(part for part in (row.get("note", ""), KNOWN.get(row["name"], "")) if part)
        print(f"{row['name']:<34}{seconds:>10}{peak:>10}  {note}", flush=True)


if __name__ == "__main__":
    main()
