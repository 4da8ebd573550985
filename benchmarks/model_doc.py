"""Writes docs/model.md: ``python -m benchmarks.model_doc [--real FOLDER]``.

The generated company is made, imported and learned from in a database of its own under ``var/bench``. With
``--real``, so are the source files in FOLDER (applicants, vagas and prospects as .json.gz); without it, that
section of the present page is kept.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from hiring_site import env

PAGE = env.BASE_DIR / "docs" / "model.md"
SIZES = {"candidates": 42_000, "jobs": 14_000, "prospects": 54_000}
HEAD = """# The model and its measured quality

Made by `python -m benchmarks.model_doc`; not written by hand. Every figure is of the test window: the
latest jobs, none of which was seen in training, with nothing chosen on them. "Inside jobs" compares people
of one job, where a random order has an AUC of 0.5; that, not the overall figure, is what a ranking can be
judged by.

Known limits: the CV text is the latest one a person sent, possibly later than the application; outcomes hold
the habits of those who decided; a company's own figures differ from these and stand on its model page.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path)
    options = parser.parse_args()
    sections = [_generated(), _real(options.real) if options.real else _kept("## Real source files")]
    PAGE.write_text(HEAD + "\n" + "\n".join(section.strip() + "\n" for section in sections if section))


def _generated() -> str:
    var = env.BASE_DIR / "var" / "bench" / "doc-generated"
    folder = var / "company"
    sizes = [f"--{name}={size}" for name, size in SIZES.items()]
    said = _manage(var, "generate_company", *sizes, "--seed=7", "--force", str(folder))
    best = next(line for line in said.splitlines() if line.startswith("Best possible AUC"))
    files = {"applicants": "applicants.json", "jobs": "vagas.json", "prospects": "prospects.json"}
    report = _learn(var, {kind: folder / name for kind, name in files.items()})
    return (
        "## Generated company\n\n42,000 candidates, 14,000 jobs, 54,000 prospects (seed 7). Its hires follow "
        "a known rule, so the best that any model could reach on all its jobs is known. "
        f"{best}\n\n{report}"
    )


def _real(source: Path) -> str:
    var = env.BASE_DIR / "var" / "bench" / "doc-real"
    names = {"applicants": "applicants", "jobs": "vagas", "prospects": "prospects"}
    report = _learn(var, {kind: source / f"{name}.json.gz" for kind, name in names.items()})
    return (
        "## Real source files\n\nA real company's files up to the end of 2023: 9,444 jobs and 45,383 "
        "prospects, but the CVs of only 300 of some 25,600 candidates; of the others, a code. The person's "
        f"part can hardly be learned from these.\n\n{report}"
    )


def _kept(title: str) -> str:
    page = PAGE.read_text() if PAGE.exists() else ""
    found = re.search(rf"^{title}\n.*?(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    return found.group() if found else ""


def _learn(var: Path, files: dict[str, Path]) -> str:
    _manage(var, "migrate", "--verbosity=0")
    _manage(var, "import_data", *(f"--{kind}={path}" for kind, path in files.items()))
    _manage(var, "train")
    return _manage(var, "model_report")


def _manage(var: Path, *command: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, str(env.BASE_DIR / "manage.py"), *command],
        env=clean | {"PENEIRA_VAR": str(var)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    main()
