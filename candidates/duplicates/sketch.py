"""How much two texts have in common, from sixty numbers each: one-permutation minhash of triples of words."""

from collections.abc import Iterator, Sequence
from operator import eq
from zlib import crc32

from candidates.folding import fold_characters

BINS = 60
ROWS = 5  # of a band; texts that share half of their triples meet in one of the twelve in a third of cases
READ = 20_000  # characters: enough to know a CV again
FEWEST = 40  # triples; less text is alike by chance
EMPTY = 0xFFFFFFFF
_MASK = (1 << 60) - 1
_A, _B = 0x9E3779B1, 0x85EBCA77


class _Numbers(dict[str, int]):
    """Words and their numbers: most words of a CV stood in another one before."""

    MOST = 300_000

    def __missing__(self, word: str) -> int:
        if len(self) > self.MOST:
            self.clear()
        number = self[word] = crc32(word.encode()) * 0xC2B2AE35 & 0x3FFFFFFF
        return number


_numbers = _Numbers()


def sketch(text: str) -> tuple[int, ...] | None:
    """The least number in each of sixty bins; None for a text too short to be compared."""
    words = [_numbers[word] for word in fold_characters(text[:READ]).split()]
    triples = {
        (a * _A + b * _B + c * 0xC2B2AE3D) & _MASK
        for a, b, c in zip(words, words[1:], words[2:], strict=False)
    }
    if len(triples) < FEWEST:
        return None
    least = [EMPTY] * BINS
    for triple in triples:
        number = triple // BINS & 0xFFFFFFFE
        place = triple % BINS
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
    both_empty = 0
    if EMPTY in first and EMPTY in second:
        both_empty = sum(one == other == EMPTY for one, other in zip(first, second, strict=True))
    filled = BINS - both_empty
    return (sum(map(eq, first, second)) - both_empty) / filled if filled else 0.0
