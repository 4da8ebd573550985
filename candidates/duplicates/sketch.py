"""How much two texts have in common, from sixty numbers each: one-permutation minhash of triples of words."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from zlib import crc32

from candidates.folding import fold_characters

BINS = 60
ROWS = 5  # of a band; texts that share half of their triples meet in one of the twelve in a third of cases
READ = 20_000  # characters: enough to know a CV again
FEWEST = 40  # triples; less text is alike by chance
EMPTY = 0xFFFFFFFF
_PRIME = (1 << 61) - 1
_A, _B = 0x9E3779B97F4A7C15 % _PRIME, 0xC2B2AE3D27D4EB4F % _PRIME


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    return crc32(word.encode()) * 2_654_435_761 % _PRIME


def sketch(text: str) -> tuple[int, ...] | None:
    """The least hash in each of sixty bins; None for a text too short to be compared."""
    words = [_hash(word) for word in fold_characters(text[:READ]).split()]
    triples = {(a * _A + b * _B + c) % _PRIME for a, b, c in zip(words, words[1:], words[2:], strict=False)}
    if len(triples) < FEWEST:
        return None
    least = [EMPTY] * BINS
    for triple in triples:
        place, number = triple % BINS, triple // BINS & 0xFFFFFFFE
        if number < least[place]:
            least[place] = number
    return tuple(least)


def bands(numbers: Sequence[int]) -> Iterator[str]:
    for start in range(0, BINS, ROWS):
        yield ",".join(map(str, numbers[start : start + ROWS]))


def resemblance(first: Sequence[int] | None, second: Sequence[int] | None) -> float:
    """The estimated share of triples that both texts have, of those that any has; 0 where one is unknown."""
    if first is None or second is None:
        return 0.0
    filled = same = 0
    for one, other in zip(first, second, strict=True):
        if one != EMPTY or other != EMPTY:
            filled += 1
            same += one == other
    return same / filled if filled else 0.0
