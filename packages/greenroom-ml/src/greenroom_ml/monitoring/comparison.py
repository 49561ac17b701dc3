"""How far counts have moved from a reference, and whether that is more than chance.

Two measures of how far, over the bins of reference.py:

- the population stability index, sum((a - e) * ln(a / e)), a and e the shares of a bin
  now and in training, neither below 1e-4;
- for numbers, the shift of the mean in standard deviations of the training rows, each
  bin taken at its normal score (van der Waerden's): what lies far out counts, and one
  absurd value does not decide.

And two tests of chance: Pearson's chi² of the two lists of counts, rare bins taken
together, and Welch's t of the normal scores. The first sees any change, the second sees
a shift in fewer rows. With both, the p value is twice the smaller one (Bonferroni).

Without any drift the index of n rows now and m in training is about
chi²(bins - 1) * (1/n + 1/m). So a fixed limit alone would cry wolf for small samples,
and significance alone would for large ones: drift is both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Sequence

import numpy as np
from scipy import stats

from greenroom_ml.monitoring import binned_tests, distances, reference

# The limits that banks have used for decades; a smaller move matters to nobody. Of a
# normal distribution that moves by d standard deviations, the index is d².
MODERATE, STRONG = 0.1, 0.25
MODERATE_SHIFT, STRONG_SHIFT = MODERATE**0.5, STRONG**0.5
# Of all that is said to drift, so much may be there by chance. An analysis a day that
# is wrong in one of twenty would be ignored within a month.
FALSE_DISCOVERIES = 0.01
# One in a hundred comparisons of the same with the same is above this quantile.
CHANCE = 0.99
ENOUGH_ROWS, ENOUGH_PER_BIN = 500, 50
# From so many training rows on, luck alone moves the index by less than MODERATE.
ENOUGH_PER_VALUE = 30
# The place of the bin of all other values, before the missing ones.
OTHERS = -2


@dataclass(frozen=True)
class Comparison:
    """One feature, or the answers, in one window; no p value: not enough data."""

    rows: int
    needed: int
    psi: float | None = None
    limit: float | None = None
    shift: float | None = None
    p_value: float | None = None
    # Above the limits, which know the number of rows; far above the fixed ones.
    moved: bool = False
    far: bool = False
    # Of the training, and of chi²; none where no bins were compared.
    reference_rows: int = 0
    freedom: int | None = None

    @property
    def known(self) -> bool:
        """Whether there was enough to tell."""
        return self.p_value is not None


def compare(
    bins: dict[str, Any], windows: Sequence[Sequence[float]], reference_rows: int
) -> list[Comparison]:
    """Hold the counts of each window against the reference.

    They are in the order of `reference.bin_names`.
    """
    expected = np.array(reference.bin_ratios(bins), dtype="float64")
    seen = np.array(windows, dtype="float64").reshape(-1, len(expected))
    rare = _rare_values(bins, reference_rows)
    expected, seen = (_with_others(rare, each) for each in (expected, seen))
    rows = seen.sum(axis=1)
    used = np.count_nonzero((expected > 0) | (seen > 0), axis=1)
    needed = np.minimum(ENOUGH_ROWS, ENOUGH_PER_BIN * used)
    enough = (rows >= needed) & (rows > 0)
    enough &= reference.is_enough(bins, reference_rows)
    if rare.any():
        # Of nothing but others, a move cannot be seen.
        enough &= np.count_nonzero(expected) > 1
    found = [
        Comparison(int(n), int(least), reference_rows=reference_rows)
        for n, least in zip(rows, needed)
    ]
    if not enough.any():
        return found
    seen, n, used = seen[enough], rows[enough], used[enough]
    freedom = np.maximum(used - 1, 1)
    scale = 1 / n + 1 / reference_rows
    psi = distances.stability_index(expected, seen / n[:, None])
    limit = np.maximum(MODERATE, stats.chi2.ppf(CHANCE, freedom) * scale)
    p_value = binned_tests.chi2(expected * reference_rows, seen)
    moved, far = psi >= limit, psi >= STRONG
    shift = np.full(len(n), np.nan)
    if bins["kind"] == reference.NUMBER:
        shift, of_shift = binned_tests.shift(expected, seen, reference_rows)
        both = np.minimum(1, 2 * np.minimum(p_value, of_shift))
        p_value = np.where(np.isnan(of_shift), p_value, both)
        chance = stats.norm.ppf((1 + CHANCE) / 2) * np.sqrt(scale)
        moved |= np.abs(shift) >= np.maximum(MODERATE_SHIFT, chance)
        far |= np.abs(shift) >= STRONG_SHIFT
    for at, place in enumerate(np.flatnonzero(enough)):
        found[place] = replace(
            found[place],
            psi=float(psi[at]),
            limit=float(limit[at]),
            shift=None if np.isnan(shift[at]) else float(shift[at]),
            p_value=float(p_value[at]),
            moved=bool(moved[at]),
            far=bool(moved[at] and far[at]),
            freedom=int(freedom[at]),
        )
    return found


def _rare_values(bins: dict[str, Any], reference_rows: int) -> np.ndarray:
    """Return which bins are of values that are among the frequent ones by luck.

    Of the many values of a tail, training has a bin for those that it saw the most.
    They will be seen less, and the others more, without any drift: what is within five
    standard deviations of the least of them is not known to be frequent.
    """
    ratios = np.array(reference.bin_ratios(bins))
    rare = np.zeros(len(ratios), dtype=bool)
    if bins["kind"] == reference.CATEGORY and bins[reference.OTHER] > 0:
        counts = ratios[:OTHERS] * reference_rows
        least = counts.min(initial=ENOUGH_PER_VALUE)
        rare[:OTHERS] = counts < min(least + 5 * least**0.5, ENOUGH_PER_VALUE)
    return rare


def _with_others(rare: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Count what is rare with the others."""
    pooled = np.where(rare, 0, counts)
    pooled[..., OTHERS] += np.where(rare, counts, 0).sum(axis=-1)
    return pooled


def q_values(p_values: Sequence[float | None]) -> list[float | None]:
    """Return p values as they count when so many are looked at (Benjamini-Hochberg)."""
    known = [p_value for p_value in p_values if p_value is not None]
    adjusted = iter(stats.false_discovery_control(known) if known else ())
    return [None if p_value is None else float(next(adjusted)) for p_value in p_values]
