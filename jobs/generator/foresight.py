"""What of the hidden rule can be known on the day of an application: all but how many will follow.

The rule reads the final number of a job's prospects, which nobody knows on that day. What is known are the
others who had applied before (k of them), the days since the requisition (t), and how the numbers spread over
the company's jobs (those of the easy client apart). By Bayes, an application on day t of a job with n
prospects, k of them earlier, has the weight

    n · share(n) · (n-1 over k) · F(t)^k · (1 - F(t))^(n-1-k)

with F the distribution of the days from requisition to application. The best order of what is known goes by
the true probability averaged with these weights. Everything else counts as known: also the budget, which the
files state of a quarter of the jobs only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from jobs.generator.rule import size_part, true_probability
from jobs.generator.timeline import share_applied_before

LEAST = 0.001  # a number of prospects less likely than that is left out


class Foresight:
    """Believes about the final number of prospects; one for a company."""

    def __init__(self, sizes: Iterable[tuple[int, bool]], *, cap: int) -> None:
        """`sizes`: of each job its number of prospects and whether it is of the easy client."""
        self._share = {easy: [0] * (cap + 1) for easy in (False, True)}
        for size, easy in sizes:
            self._share[easy][size] += 1
        self._belief = lru_cache(maxsize=50_000)(self._believe)

    def probability(self, logit: float, *, size: int, easy: bool, earlier: int, days: int) -> float:
        """The true probability of `logit`, which counts `size` prospects, over all that they may become."""
        others = logit - size_part(size)
        weights = self._belief(easy, earlier, days)
        return sum(
            weight * true_probability(others + size_part(n)) for n, weight in enumerate(weights) if weight
        )

    def _believe(self, easy: bool, earlier: int, days: int) -> Sequence[float]:
        before = share_applied_before(days)
        weights = [
            n * share * math.comb(n - 1, earlier) * before**earlier * (1 - before) ** (n - 1 - earlier)
            if n > earlier
            else 0.0
            for n, share in enumerate(self._share[easy])
        ]
        whole = sum(weights)
        if not whole:  # somebody was earlier on a day on which nobody could be
            weights = [float(n * share) if n > earlier else 0.0 for n, share in enumerate(self._share[easy])]
        weights = [weight if weight > LEAST * whole else 0.0 for weight in weights]
        whole = sum(weights)
        return [weight / whole for weight in weights]
