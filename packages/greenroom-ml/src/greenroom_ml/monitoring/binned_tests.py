"""Tests of binned counts against those of a reference, for many windows at once.

Whatever is asked, the answer is scipy's; a window is a row.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from greenroom_ml.monitoring.distances import FLOOR

# Below it, chi² does not follow its distribution (Cochran).
LEAST_EXPECTED = 5
# Numbers that differ by less are the same.
SAME = 1e-9


def normal_scores(ratios: np.ndarray) -> np.ndarray:
    """Return the mean of a standard normal variable in each bin, by the bins' shares.

    An empty bin has the score of its place between the others.
    """
    above = np.cumsum(ratios)
    places = stats.norm.ppf(np.clip([above - ratios, above], FLOOR, 1 - FLOOR))
    edges = stats.norm.ppf(np.clip([above - ratios, above], 0, 1))
    between = stats.norm.pdf(edges[0]) - stats.norm.pdf(edges[1])
    mean = between / np.where(ratios > 0, ratios, 1)
    return np.where(ratios > 0, mean, places.mean(axis=0))


def chi2(reference_counts: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Return Pearson's p value of each window, as scipy's chi2_contingency would.

    Where all but one bin is rare even together, it is Fisher's.
    """
    table = np.stack(np.broadcast_arrays(reference_counts, seen), axis=1)
    table = _pool_rare(table)
    both = table.sum(axis=1, keepdims=True)
    totals = table.sum(axis=2, keepdims=True)
    expected = both * totals / totals.sum(axis=1, keepdims=True)
    freedom = np.count_nonzero(both[:, 0] > 0, axis=1) - 1
    # What nobody has seen is where it was expected to be.
    empty = expected == 0
    statistic = stats.chisquare(
        np.where(empty, 1, table).reshape(len(seen), -1),
        np.where(empty, 1, expected).reshape(len(seen), -1),
        axis=1,
    ).statistic
    p_value = np.where(
        freedom > 0, stats.chi2.sf(statistic, np.maximum(freedom, 1)), 1.0
    )
    few = np.where(empty, np.inf, expected).min(axis=(1, 2)) < LEAST_EXPECTED
    for window in np.flatnonzero(few & (freedom == 1)):
        cells = table[window][:, both[window, 0] > 0].round().astype(int)
        p_value[window] = stats.fisher_exact(cells).pvalue
    return p_value


def _pool_rare(table: np.ndarray) -> np.ndarray:
    """Put the bins with few rows into one; if that is rare, into the largest.

    Of two bins, both are left.
    """
    totals = table.sum(axis=2)
    shares = table.sum(axis=1) / totals.sum(axis=1, keepdims=True)
    least = LEAST_EXPECTED / totals.min(axis=1, keepdims=True)
    windows, largest = np.arange(len(table)), shares.argmax(axis=1)
    rare = shares < least
    rare[windows, largest] = False
    pooled = np.where(rare[:, None, :], table, 0).sum(axis=2)
    kept = np.where(rare[:, None, :], 0, table)
    into_largest = (shares * rare).sum(axis=1) < least[:, 0]
    into_largest &= np.count_nonzero(kept.sum(axis=1), axis=1) > 1
    kept[windows, :, largest] += np.where(into_largest[:, None], pooled, 0)
    last = np.where(into_largest[:, None], 0, pooled)
    return np.concatenate([kept, last[:, :, None]], axis=2)


def shift(
    expected: np.ndarray, seen: np.ndarray, reference_rows: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the shift of the mean of the normal scores, and Welch's p value.

    Not a number: there is no unit to measure by, or nothing but missing values, which
    are in the last bin and nowhere on the scale.
    """
    present, seen = expected[:-1], seen[:, :-1]
    size, n = present.sum(), seen.sum(axis=1)
    unknown = np.full(len(seen), np.nan)
    if size <= 0:
        return unknown, unknown
    ratios = present / size
    scores = normal_scores(ratios)
    before = ratios @ scores
    deviation = np.sqrt(ratios @ (scores - before) ** 2)
    if deviation < SAME:
        return unknown, unknown
    with np.errstate(invalid="ignore", divide="ignore"):
        now = seen @ scores / n
        squares = np.sum(seen * (scores - now[:, None]) ** 2, axis=1)
        spread = np.sqrt(squares / (n - 1))
        p_value = stats.ttest_ind_from_stats(
            before, deviation, size * reference_rows, now, spread, n, equal_var=False
        ).pvalue
    few = n < LEAST_EXPECTED
    return (
        np.where(few, np.nan, (now - before) / deviation),
        np.where(few, np.nan, p_value),
    )
