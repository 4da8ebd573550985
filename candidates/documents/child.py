"""The process that reads one file nobody trusts: ``python -m candidates.documents.child``.

The file comes in as standard input, one line of JSON goes out. Before a byte is read the process gives up
memory, time, files and further processes; it has none of the program's environment, so no password either.
"""

import json
import resource
import sys
from contextlib import suppress
from typing import Any

from candidates.documents.checking import Unreadable
from candidates.documents.extracting import extract


def main(arguments: list[str]) -> None:
    megabytes, seconds, most_pages = (int(argument) for argument in arguments)
    give_up_all_but(megabytes=megabytes, seconds=seconds)
    json.dump(answer(sys.stdin.buffer.read(), most_pages=most_pages), sys.stdout)


def give_up_all_but(*, megabytes: int, seconds: int) -> None:
    memory = megabytes * 1024 * 1024
    for limited, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),  # pipes are no files
        (resource.RLIMIT_CORE, 0),  # a core would hold somebody's CV
        (resource.RLIMIT_NOFILE, 32),
    ):
        _, ceiling = resource.getrlimit(limited)
        lowest = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
        with suppress(ValueError):  # macOS knows no limit of memory; time still ends the process
            resource.setrlimit(limited, (lowest, lowest))


def answer(data: bytes, *, most_pages: int) -> dict[str, Any]:
    try:
        found = extract(data, most_pages=most_pages)
    except Unreadable as error:
        return {"problem": error.code}
    except (MemoryError, RecursionError):
        return {"problem": "too_demanding"}
    except Exception:  # whatever a library makes of a broken file; its message may quote the file
        return {"problem": "damaged"}
    return {"kind": found.kind, "text": found.text, "pages": found.pages, "proposed": _proposed(found.text)}


def _proposed(text: str) -> dict[str, Any]:
    """The text is worth having also where nothing could be read from it."""
    from candidates.documents.proposing import propose

    try:
        return propose(text)
    except (MemoryError, RecursionError):
        return {}


if __name__ == "__main__":
    main(sys.argv[1:])
