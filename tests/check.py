"""``make check``: everything a change must pass, each step timed; stops at none, fails if one failed."""

import os
import subprocess
import sys
import time

PYTHON = sys.executable
PRODUCTION = {
    "PENEIRA_HTTPS": "1",
    "PENEIRA_DEBUG": "0",
    "PENEIRA_HOSTS": "peneira.example.com",
    "SECRET_KEY": "a-key-of-this-check-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
}
MINIMUM_COVERAGE = 85  # per cent of lines and branches

STEPS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy", "--no-error-summary", "."],
    "import contracts": ["importlinter", "lint"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "deploy": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "api schema": ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
    "tests": [
        *("pytest", "-n", "3", "--dist", "loadscope", "-q", "--cov", "--cov-report=term"),
        f"--cov-fail-under={MINIMUM_COVERAGE}",
    ],
}


def command_of(words: list[str]) -> list[str]:
    if words[0] == "manage.py":
        return [PYTHON, *words]
    if words[0] == "importlinter":
        return [PYTHON, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return [PYTHON, "-m", *words]


def run(name: str, words: list[str]) -> bool:
    print(f"--- {name}", flush=True)
    started = time.monotonic()
    extra = PRODUCTION if name == "deploy" else {}
    done = subprocess.run(command_of(words), env=os.environ | extra)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"--- {name}: {verdict}, {time.monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0


def main() -> None:
    wanted = sys.argv[1:] or list(STEPS)
    failed = [name for name in wanted if not run(name, STEPS[name])]
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
