"""What is sent to the services: people described by system B's 46 features, no two alike."""

import json
import random
from collections.abc import Sequence
from typing import Any

from scoring.ml.names import SYSTEM_B_FEATURES, SYSTEM_B_NUMBERS

SEED = 7
ONE_OF = ("ingl_", "esp_")  # features of which exactly one is set


def described(codes: Sequence[int], number: int) -> list[dict[str, Any]]:
    """System B's requests about these people; a third of them say no salary."""
    chance = random.Random(SEED)
    return [
        {"codigo_profissional": codes[place % len(codes)], "features": _features(chance)}
        for place in range(number)
    ]


def _features(chance: random.Random) -> dict[str, Any]:
    values: dict[str, Any] = {name: int(chance.random() < 0.3) for name in SYSTEM_B_FEATURES}
    for prefix in ONE_OF:
        names = [name for name in values if name.startswith(prefix)]
        chosen = chance.choice(names)
        values |= {name: int(name == chosen) for name in names}
    for name in SYSTEM_B_NUMBERS:
        values[name] = None if chance.random() < 0.33 else round(chance.uniform(1500, 15000), 2)
    return values


def bodies(codes: Sequence[int], number: int = 500) -> list[str]:
    return [json.dumps(one) for one in described(codes, number)]


def batches(codes: Sequence[int], size: int = 1000, number: int = 4) -> list[str]:
    people = described(codes, size * number)
    return [json.dumps({"items": people[at : at + size]}) for at in range(0, len(people), size)]
