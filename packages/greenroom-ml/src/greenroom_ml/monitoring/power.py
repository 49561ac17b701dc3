"""How sure one can be to find a move that matters: the power of an analysis.

What matters is what counts as far: 0.5 σ of a number, a population stability index of
0.25 of a category. Found is what the smallest of `tests` p values has to be for
Benjamini and Hochberg (1995) when nothing else has moved: their level divided by
`tests`. In closed form, after Cohen, Statistical Power Analysis for the Behavioral
Sciences (1988): chapter 2 for the t test, which so many rows make a normal one, and
chapter 7 for chi², whose noncentrality is w² by the rows. The index is close to w².
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from scipy import optimize, stats

from greenroom_ml.monitoring.comparison import (
    FALSE_DISCOVERIES,
    STRONG,
    STRONG_SHIFT,
    Comparison,
)

# What is found in fewer cases is not said to be absent (Cohen, A Power Primer, 1992).
ENOUGH_POWER = 0.8
# Above any that a test of so few bins can ask for.
MOST_NONCENTRALITY = 1e4


def power(compared: Comparison, tests: int) -> float:
    """Return how probable it is that such a move is found, from 0 to 1."""
    if not compared.known:
        return 0.0
    if compared.freedom is None:
        # Outcomes have a limit of their own.
        return 1.0
    rows, reference_rows = compared.rows, compared.reference_rows
    return _power(rows, reference_rows, _freedom_of_test(compared), tests)


def rows_needed(compared: Comparison, tests: int) -> int | None:
    """Return how many values it takes; None: the training had too few rows for any."""
    if not compared.known:
        return compared.needed if compared.rows < compared.needed else None
    if compared.freedom is None:
        return compared.needed
    least = _least_scale(_freedom_of_test(compared), tests)
    per_row = least - 1 / compared.reference_rows
    return max(compared.needed, ceil(1 / per_row)) if per_row > 0 else None


def _freedom_of_test(compared: Comparison) -> int | None:
    """Return the degrees of freedom of chi²; None where Welch's t is beside it."""
    return compared.freedom if compared.shift is None else None


@lru_cache(maxsize=4096)
def _power(rows: int, reference_rows: int, freedom: int | None, tests: int) -> float:
    scale = 1 / rows + 1 / reference_rows
    if freedom is None:
        return float(stats.norm.cdf(STRONG_SHIFT / scale**0.5 - _critical(tests)))
    critical = stats.chi2.isf(FALSE_DISCOVERIES / tests, freedom)
    return float(stats.ncx2.sf(critical, freedom, STRONG / scale))


@lru_cache(maxsize=4096)
def _least_scale(freedom: int | None, tests: int) -> float:
    """Return 1/n + 1/m, of n rows now and m in training, at which power is enough."""
    if freedom is None:
        noncentrality = _critical(tests) + stats.norm.ppf(ENOUGH_POWER)
        return float(STRONG_SHIFT / noncentrality) ** 2
    critical = stats.chi2.isf(FALSE_DISCOVERIES / tests, freedom)
    return STRONG / optimize.brentq(
        lambda each: stats.ncx2.sf(critical, freedom, each) - ENOUGH_POWER,
        FALSE_DISCOVERIES,
        MOST_NONCENTRALITY,
    )


def _critical(tests: int) -> float:
    """Return what the shift has to be, in standard errors: of two p values, twice the
    smaller one counts, and either direction."""
    return float(stats.norm.isf(FALSE_DISCOVERIES / tests / 4))
