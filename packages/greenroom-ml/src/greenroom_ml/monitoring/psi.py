"""How far counts have moved from a reference, and whether that is more than chance.

The measure is the population stability index over the bins of reference.py:
sum((a - e) * ln(a / e)), a and e the shares of a bin now and in training, neither below
1e-4. Its value grows when there are few rows, drift or not: of n rows now and m in
training it is about chi²(bins - 1) * (1/n + 1/m) without any drift (measured to hold
from 200 rows on). So a fixed limit alone would cry wolf for small samples, and
significance alone would for large ones: drift is both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np
from scipy.stats import chi2

from greenroom_ml.monitoring import reference

FLOOR = 1e-4
# The limits that banks have used for decades; a smaller shift matters to nobody.
MODERATE, STRONG = 0.1, 0.25
# One in a hundred comparisons of the same with the same is above this quantile.
CHANCE = 0.99
# Of all that is said to drift, so much may be there by chance (Benjamini-Hochberg).
FALSE_DISCOVERIES = 0.05
ENOUGH_ROWS, ENOUGH_PER_BIN = 500, 50
ENOUGH_REFERENCE_PER_BIN = 10


@dataclass(frozen=True)
class Shift:
    """One feature, or the prediction, in one period; no psi: not enough data."""

    rows: int
    needed: int
    psi: float | None = None
    limit: float | None = None
    p_value: float | None = None

    @property
    def moved(self) -> bool:
        """Whether it is above the limit, which knows the number of rows."""
        return self.psi is not None and self.psi >= self.limit

    @property
    def strong(self) -> bool:
        """Whether it moved far, by a limit that does not depend on the rows."""
        return self.moved and self.psi >= STRONG


def compare(bins: dict[str, Any], counts: Sequence[int], reference_rows: int) -> Shift:
    """Hold counts, in the order of `reference.bin_names`, against their reference."""
    expected = np.array(reference.bin_ratios(bins))
    seen = np.array(counts, dtype="float64")
    rows = int(seen.sum())
    used = int(np.count_nonzero((expected > 0) | (seen > 0)))
    needed = min(ENOUGH_ROWS, ENOUGH_PER_BIN * used)
    trained_on_enough = reference_rows >= ENOUGH_REFERENCE_PER_BIN * used
    if rows < needed or rows == 0 or not trained_on_enough:
        return Shift(rows, needed)
    psi = stability_index(expected, seen / rows)
    scale = 1 / rows + 1 / reference_rows
    freedom = max(used - 1, 1)
    return Shift(
        rows,
        needed,
        psi=psi,
        limit=max(MODERATE, float(chi2.ppf(CHANCE, freedom)) * scale),
        p_value=float(chi2.sf(psi / scale, freedom)),
    )


def stability_index(expected: np.ndarray, actual: np.ndarray) -> float:
    """Return the population stability index of two lists of shares."""
    expected = np.clip(expected, FLOOR, None)
    actual = np.clip(actual, FLOOR, None)
    return float(np.sum((actual - expected) * np.log(actual / expected)))


def discoveries(p_values: Sequence[float | None]) -> list[bool]:
    """Say which are significant when so many are looked at (Benjamini-Hochberg)."""
    known = sorted(p for p in p_values if p is not None)
    bound = -1.0
    for rank, p_value in enumerate(known, 1):
        if p_value <= FALSE_DISCOVERIES * rank / len(known):
            bound = p_value
    return [p is not None and p <= bound for p in p_values]


def largest_moves(bins: dict[str, Any], counts: Sequence[int]) -> list[dict[str, Any]]:
    """Return the three bins whose share has changed the most, and from what to what."""
    rows = sum(counts)
    named = zip(reference.bin_names(bins), reference.bin_ratios(bins), counts)
    moves = [
        {"bin": name, "reference": round(ratio, 4), "now": round(count / rows, 4)}
        for name, ratio, count in named
    ]
    return sorted(moves, key=lambda move: -abs(move["now"] - move["reference"]))[:3]
