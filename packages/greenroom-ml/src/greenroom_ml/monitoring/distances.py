"""How far apart two samples are, or two lists of counts: distances and tests by name.

All are scipy's; what is done here is the binning and the smoothing by which libraries
differ, and each name says whose variant it is. `bin_together` bins as Evidently does,
`bin_by_reference` as banks do (deciles). Counts may be shares, too, except for the
tests, which have to know how many values there were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon

# No bin is emptier than this: the logarithm of nothing is infinite.
FLOOR = 1e-4
# So few different values are taken one by one, and not in intervals (Evidently).
FEW_VALUES = 20
DECILES = 10

Counts = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Tested:
    """A statistic and its two-sided p value."""

    statistic: float
    p_value: float
    freedom: int | None = None
    # Kolmogorov-Smirnov: the value at which the gap is widest, and +1 where more of the
    # reference lies below it than of what is seen now.
    location: float | None = None
    sign: int | None = None


def bin_together(reference: Any, now: Any) -> tuple[np.ndarray, np.ndarray]:
    """Count two samples into the same bins, as Evidently does.

    Sturges' intervals over both samples together; texts, and numbers of at most 20
    different values, one by one.
    """
    reference, now = np.asarray(reference), np.asarray(now)
    both = np.concatenate([reference, now])
    values = np.unique(both)
    if len(values) <= FEW_VALUES or not np.issubdtype(both.dtype, np.number):
        return (
            np.array([np.count_nonzero(reference == value) for value in values]),
            np.array([np.count_nonzero(now == value) for value in values]),
        )
    edges = np.histogram_bin_edges(both, bins="sturges")
    return np.histogram(reference, edges)[0], np.histogram(now, edges)[0]


def bin_by_reference(reference: Any, now: Any) -> tuple[np.ndarray, np.ndarray]:
    """Count two samples of numbers into the deciles of the first, open at both ends."""
    inner = np.unique(np.quantile(reference, np.linspace(0, 1, DECILES + 1)))[1:-1]
    edges = np.concatenate([[-np.inf], inner, [np.inf]])
    return np.histogram(reference, edges)[0], np.histogram(now, edges)[0]


def shares(counts: Counts) -> np.ndarray:
    """Return counts as shares of their sum."""
    counts = np.asarray(counts, dtype="float64")
    return counts / counts.sum()


def psi_evidently(reference: Counts, now: Counts) -> float:
    """Return the population stability index; only empty bins are put at 1e-4."""
    expected, actual = _filled(reference), _filled(now)
    return float(np.sum((actual - expected) * np.log(actual / expected)))


def psi_floored(reference: Counts, now: Counts) -> float:
    """Return the population stability index; every bin is at 1e-4 or above."""
    return float(stability_index(shares(reference), shares(now)))


def stability_index(expected: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Return the same of shares, over the last axis."""
    expected, actual = (np.clip(each, FLOOR, None) for each in (expected, actual))
    return np.sum((actual - expected) * np.log(actual / expected), axis=-1)


def kl_evidently(reference: Counts, now: Counts) -> float:
    """Return the Kullback-Leibler divergence of the reference from now, in nats."""
    return float(stats.entropy(_filled(reference), _filled(now)))


def js_distance(reference: Counts, now: Counts, base: float | None = None) -> float:
    """Return the Jensen-Shannon distance: scipy and Evidently base e, NannyML base 2.

    It is the root of the divergence.
    """
    return float(jensenshannon(shares(reference), shares(now), base))


def hellinger(reference: Counts, now: Counts) -> float:
    """Return Hellinger's distance, between 0 and 1."""
    roots = np.sqrt(shares(reference)) - np.sqrt(shares(now))
    return float(np.linalg.norm(roots) / np.sqrt(2))


def total_variation(reference: Counts, now: Counts) -> float:
    """Return the total variation distance: the share that has changed its bin."""
    return float(np.abs(shares(reference) - shares(now)).sum() / 2)


def kolmogorov_smirnov(reference: Any, now: Any, method: str = "auto") -> Tested:
    """Compare two samples of numbers; `method` is exact, asymp or auto (scipy's)."""
    found = stats.ks_2samp(reference, now, method=method)
    return Tested(
        float(found.statistic),
        float(found.pvalue),
        location=float(found.statistic_location),
        sign=int(found.statistic_sign),
    )


def wasserstein(reference: Any, now: Any, *weights: Any) -> float:
    """Return the earth mover's distance, in the unit of the values.

    Binned: the values are those of the bins, and `weights` their counts.
    """
    return float(stats.wasserstein_distance(reference, now, *weights))


def wasserstein_normed(reference: Any, now: Any) -> float:
    """Return the same in standard deviations of the reference (Evidently).

    A constant reference counts as one of 0.001, as there.
    """
    return wasserstein(reference, now) / max(float(np.std(reference)), 0.001)


def energy(reference: Any, now: Any) -> float:
    """Return the energy distance of two samples of numbers."""
    return float(stats.energy_distance(reference, now))


def chi2_fit(reference: Counts, now: Counts) -> Tested:
    """Hold counts against the reference as if it were the truth (Evidently).

    It has no answer where the reference has an empty bin: raise ValueError.
    """
    seen = np.asarray(now, dtype="float64")
    expected = shares(reference) * seen.sum()
    if np.any(expected == 0):
        raise ValueError("a value that the reference has not: take chi2_contingency")
    found = stats.chisquare(seen, expected)
    return Tested(float(found.statistic), float(found.pvalue), len(seen) - 1)


def chi2_contingency(reference: Counts, now: Counts, yates: bool = False) -> Tested:
    """Compare two lists of counts, both of which are samples; `yates` for two bins."""
    table = np.array([reference, now], dtype="float64")
    table = table[:, table.sum(axis=0) > 0]
    found = stats.chi2_contingency(table, correction=yates)
    return Tested(float(found.statistic), float(found.pvalue), int(found.dof))


def _filled(counts: Counts) -> np.ndarray:
    found = shares(counts)
    return np.where(found == 0, FLOOR, found)
