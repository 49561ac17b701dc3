# SPDX-License-Identifier: Apache-2.0
"""How far a figure would be another one with other rows: means with 95 % intervals."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field, replace
from typing import Any, Mapping

import numpy as np
import pandas as pd
from scipy import stats
from sklearn import config_context
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, UndefinedMetricWarning
from sklearn.model_selection import cross_validate

from greenroom_ml.evaluation.metrics import Answers, OwnMetrics, bounds
from greenroom_ml.evaluation.split import Folds

LEVEL = 0.95
RESAMPLES = 500
# Metrics of so few rows at least can be resampled: below, all samples are alike.
MIN_ROWS = 2


@dataclass(frozen=True)
class Interval:
    """A figure and the bounds that hold the true one in 95 of 100 cases.

    `rows` judged it. `how` says how the bounds were found.
    """

    mean: float
    low: float
    high: float
    rows: int
    how: str = ""

    def __str__(self) -> str:
        return f"{self.mean:.4g} ({self.low:.4g} to {self.high:.4g})"


@dataclass(frozen=True)
class Scores:
    """Metrics of one model: one value for each fold, in the folds' order.

    `answers` are those of all folds of a series. Its folds are few and differ, as
    seasons do, and a figure such as r2 means little in a short one: a series is judged
    by all answers together.
    """

    folds: Folds
    rows: int
    values: Mapping[str, np.ndarray] = field(default_factory=dict)
    answers: Answers | None = None

    def interval(self, metric: str) -> Interval:
        """Return the mean over the folds, or of a series the figure, with interval."""
        if self.answers is not None:
            found = resampled(self.answers, metric, series=True)
        else:
            found = corrected_interval(
                self.values[metric], self.folds.judged_to_trained, self.rows
            )
        least, most = bounds(metric)
        return replace(found, low=max(least, found.low), high=min(most, found.high))

    def minus(self, other: Scores, metric: str) -> Interval:
        """Return by how much the metric is more than another model's on these folds."""
        if self.answers is not None and other.answers is not None:
            return paired_difference(self.answers, other.answers, metric, series=True)
        return corrected_interval(
            self.values[metric] - other.values[metric],
            self.folds.judged_to_trained,
            self.rows,
        )


def cross_validated(
    estimator: Any,
    features: pd.DataFrame,
    target: pd.Series,
    task: str,
    folds: Folds,
    own: OwnMetrics | None = None,
) -> Scores:
    """Return the metrics of an estimator, trained anew for each fold.

    `own`: the owner's metrics, beside those of the task.
    """
    answers: list[Answers] = []

    def score(model: Any, rows: pd.DataFrame, truth: pd.Series) -> dict[str, float]:
        answers.append(Answers.of(model, rows, truth, own))
        return answers[-1].metrics(task)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        warnings.filterwarnings("ignore", "X does not have valid feature names")
        result = cross_validate(
            clone(estimator),
            features,
            target,
            cv=list(folds),
            scoring=score,
            error_score="raise",
        )
    judged = len({row for _, test in folds for row in test.tolist()})
    values = {
        name.removeprefix("test_"): np.asarray(result[name], dtype="float64")
        for name in result
        if name.startswith("test_")
    }
    return Scores(
        folds, judged, values, Answers.joined(answers) if folds.series else None
    )


def corrected_interval(
    values: np.ndarray, judged_to_trained: float, rows: int
) -> Interval:
    """Return the mean over folds with the corrected resampled t interval.

    Folds share training rows, so that their variance is too small by far: 1/n becomes
    1/n + judged/trained (Nadeau and Bengio, Inference for the generalization error,
    Machine Learning 52, 2003). Folds without a figure do not count; with fewer than two
    that do the bounds are infinite.
    """
    finite = np.asarray(values, dtype="float64")
    finite = finite[np.isfinite(finite)]
    how = "cross-validation"
    if not len(finite):
        return Interval(math.nan, -math.inf, math.inf, rows, how)
    mean = float(finite.mean())
    if len(finite) < 2:
        return Interval(mean, -math.inf, math.inf, rows, how)
    error = math.sqrt((1 / len(finite) + judged_to_trained) * finite.var(ddof=1))
    half = float(stats.t.ppf((1 + LEVEL) / 2, len(finite) - 1)) * error
    return Interval(mean, mean - half, mean + half, rows, how)


def resampled(
    answers: Answers,
    metric: str,
    seed: int = 42,
    groups: np.ndarray | None = None,
    series: bool = False,
) -> Interval:
    """Return a metric of rows with its bootstrap interval (percentiles).

    Rows are drawn with replacement 500 times, of many rows less often. With `groups`,
    whole groups are, as rows of a group are alike; of a `series`, rows in the order of
    time, blocks of neighbours are (Künsch, The jackknife and the bootstrap for general
    stationary observations, Annals of Statistics 17, 1989).
    """
    answers = answers.coded()
    rows = len(answers.truth)
    with _fast():
        drawn = [
            answers.take(sample).metric(metric)
            for sample in _samples(rows, seed, groups, series)
        ]
    return _percentiles(answers.metric(metric), drawn, rows)


def paired_difference(
    candidate: Answers,
    champion: Answers,
    metric: str,
    seed: int = 42,
    groups: np.ndarray | None = None,
    series: bool = False,
) -> Interval:
    """Return by how much the candidate's metric is more than the champion's.

    Both answered the same rows; each bootstrap sample is of the same rows for both, so
    that rows which are hard for both say nothing. `groups` and `series` are as above.
    Raise ValueError if the rows are not the same.
    """
    if not np.array_equal(candidate.truth, champion.truth):
        raise ValueError("The two models did not answer the same rows")
    rows = len(candidate.truth)
    candidate, champion = candidate.coded(), champion.coded()
    with _fast():
        drawn = [
            candidate.take(sample).metric(metric) - champion.take(sample).metric(metric)
            for sample in _samples(rows, seed, groups, series)
        ]
    return _percentiles(candidate.metric(metric) - champion.metric(metric), drawn, rows)


def _fast() -> Any:
    # The cells were checked when the models answered; a thousand times is too often.
    return config_context(assume_finite=True, skip_parameter_validation=True)


def _samples(
    rows: int, seed: int, groups: np.ndarray | None, series: bool
) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    # Metrics of many rows take long and hardly differ from sample to sample.
    times = RESAMPLES if rows <= 5_000 else max(100, RESAMPLES * 5_000 // rows)
    if series:
        # So long a block keeps what neighbours have in common, and leaves enough
        # blocks.
        block = max(1, math.ceil(rows ** (1 / 3)))
        starts = random.integers(rows, size=(times, math.ceil(rows / block)))
        drawn = (starts[:, :, None] + np.arange(block)) % rows
        return list(drawn.reshape(times, -1)[:, :rows])
    if groups is None:
        return [random.integers(rows, size=rows) for _ in range(times)]
    codes, names = pd.factorize(np.asarray(groups, dtype=object))
    members = pd.Series(np.arange(rows)).groupby(codes).indices
    return [
        np.concatenate(
            [members[k] for k in random.integers(len(names), size=len(names))]
        )
        for _ in range(times)
    ]


def _percentiles(mean: float, drawn: list[float], rows: int) -> Interval:
    finite = np.asarray(drawn)[np.isfinite(drawn)]
    how = "bootstrap"
    if rows < MIN_ROWS or not len(finite):
        return Interval(mean, -math.inf, math.inf, rows, how)
    low, high = np.quantile(finite, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(mean, float(low), float(high), rows, how)
