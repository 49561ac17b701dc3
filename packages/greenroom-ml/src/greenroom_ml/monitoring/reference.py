"""What the training data look like, in few figures: the yardstick for drift.

Each feature and the prediction is cut into a handful of bins, and the share of the rows
in each bin is kept. The server counts what it is asked into the same bins, so that the
two can be compared at any time, without keeping anybody's data.

A number has about ten bins of equal share, `(1.5, 2.25]` and so on. A category has one
bin per frequent value, and `other` for the rest. A missing value is in `missing`.
"""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np
import pandas as pd

from greenroom_ml.config import CLASSIFICATION

NUMBER = "number"
CATEGORY = "category"
OTHER = "other"
MISSING = "missing"

BINS = 10
# A rare value makes a noisy bin, and may be a name or an address: it has no bin.
MAX_VALUES = 20
MIN_SHARE = 0.01
MAX_VALUE_LENGTH = 100
# Each bin is a series in the monitoring of every replica.
MAX_FEATURES = 100
# Fewer training rows than this for a bin are no yardstick.
ENOUGH_PER_BIN = 10
# How sure a classifier is: bins of one width, so that a variance can be had of them.
CONFIDENCE_EDGES = [round(at / 20, 2) for at in range(1, 20)]


def build_reference(
    features: pd.DataFrame,
    predictions: Any,
    task: str,
    probabilities: np.ndarray | None = None,
) -> dict[str, Any]:
    """Return the bins of the features and of the predictions, as JSON.

    `predictions` and `probabilities`, [rows, classes], are best those of held-out rows:
    on the rows it has learnt from, a model is surer than it will ever be again. Of very
    many features, the first are taken.
    """
    predicted = pd.Series(np.asarray(predictions).ravel())
    if task == CLASSIFICATION:
        predicted = predicted.astype(object)
    return {
        "rows": len(features),
        "features": {
            str(name): _describe(features[name])
            for name in features.columns[:MAX_FEATURES]
        },
        "prediction": {"rows": len(predicted), **_describe(predicted)},
        **({} if probabilities is None else {"confidence": _confidence(probabilities)}),
    }


def bin_names(bins: dict[str, Any]) -> list[str]:
    """Return the names of the bins; the last ones are for what is in no other bin."""
    if bins["kind"] == CATEGORY:
        return [*bins["values"], OTHER, MISSING]
    edges = ["-inf", *(f"{edge:.10g}" for edge in bins["edges"]), "inf"]
    intervals = [f"({low}, {high}]" for low, high in zip(edges, edges[1:])]
    return [*intervals[:-1], intervals[-1].replace("]", ")"), MISSING]


def bin_ratios(bins: dict[str, Any]) -> list[float]:
    """Return the share of the rows in each bin, in the order of `bin_names`."""
    if bins["kind"] == CATEGORY:
        return [*bins["ratios"], bins["other"], bins["missing"]]
    return [*bins["ratios"], bins["missing"]]


def is_enough(bins: dict[str, Any], rows: int) -> bool:
    """Say whether a reference of so many rows is one to measure by."""
    return rows >= ENOUGH_PER_BIN * np.count_nonzero(bin_ratios(bins))


def count_bins(bins: dict[str, Any], values: pd.Series) -> list[int]:
    """Count values into bins, in the order of `bin_names`."""
    missing = values.isna().to_numpy()
    present = values[~missing]
    if bins["kind"] == CATEGORY:
        known = {value: index for index, value in enumerate(bins["values"])}
        counts = [0] * (len(known) + 1)
        for value, count in present.value_counts().items():
            counts[known.get(text(value), -1)] += int(count)
    else:
        places = np.searchsorted(bins["edges"], _numbers(present), side="left")
        counts = np.bincount(places, minlength=len(bins["edges"]) + 1).tolist()
    return [*counts, int(missing.sum())]


def with_counts(bins: dict[str, Any], counts: Sequence[float]) -> dict[str, Any]:
    """Return bins with the shares of these counts, in the order of `bin_names`."""
    # No row at all is no share at all.
    rows = max(sum(counts), 1)
    *ratios, missing = [round(count / rows, 6) for count in counts]
    if bins["kind"] == CATEGORY:
        *ratios, other = ratios
        return {**bins, "ratios": ratios, OTHER: other, MISSING: missing}
    return {**bins, "ratios": ratios, MISSING: missing}


def _confidence(probabilities: np.ndarray) -> dict[str, Any]:
    """Return the bins of the probability of the class that is answered."""
    surest = pd.Series(np.max(probabilities, axis=1))
    bins = {"kind": NUMBER, "edges": CONFIDENCE_EDGES}
    return {"rows": len(surest), **_with_ratios(bins, surest)}


def _describe(column: pd.Series) -> dict[str, Any]:
    kind = pd.api.types
    ordered = kind.is_numeric_dtype(column) or kind.is_datetime64_any_dtype(column)
    if ordered and not kind.is_bool_dtype(column):
        numbers = _numbers(column.dropna())
        bins = {"kind": NUMBER, "edges": _edges(numbers)}
    else:
        bins = {"kind": CATEGORY, "values": _frequent(column)}
    return _with_ratios(bins, column)


def _with_ratios(bins: dict[str, Any], column: pd.Series) -> dict[str, Any]:
    return with_counts(bins, count_bins(bins, column))


def _edges(numbers: np.ndarray) -> list[float]:
    """Return the deciles, each moved to the middle of the gap above it.

    A value that many rows share then lies well inside a bin, and stays there when a
    client sends it with fewer digits, as a 32-bit number for example.
    """
    ordered = np.sort(numbers[np.isfinite(numbers)])
    if len(ordered) == 0:
        return []
    lowest, highest = ordered[0], ordered[-1]
    if lowest == highest:
        margin = max(abs(lowest), 1.0) * 1e-6
        return [float(lowest - margin), float(lowest + margin)]
    ranks = np.ceil(np.arange(1, BINS) / BINS * len(ordered)).astype(int) - 1
    deciles = np.unique(ordered[ranks])
    below = deciles[deciles < highest]
    if len(below) == 0:
        # Nine tenths of the rows share the largest value.
        below = ordered[[np.searchsorted(ordered, highest) - 1]]
    above = ordered[np.searchsorted(ordered, below, side="right")]
    middles = below + (above - below) / 2
    return sorted({float(f"{middle:.10g}") for middle in middles})


def _frequent(column: pd.Series) -> list[str]:
    counts = column.dropna().map(text).value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    frequent = [
        value
        for value, count in ranked
        if count >= MIN_SHARE * len(column)
        and len(value) <= MAX_VALUE_LENGTH
        and value not in (OTHER, MISSING)
    ]
    return frequent[:MAX_VALUES]


def text(value: Any) -> str:
    """Return a value of a category as the text that names its bin."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _numbers(column: pd.Series) -> np.ndarray:
    if pd.api.types.is_datetime64_any_dtype(column):
        # Seconds since 1970-01-01.
        zone = column.dt.tz
        return (
            (column - pd.Timestamp(0, tz=zone)) / pd.Timedelta(seconds=1)
        ).to_numpy()
    return column.to_numpy(dtype="float64")
