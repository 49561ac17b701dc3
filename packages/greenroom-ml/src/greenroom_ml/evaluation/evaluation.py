# SPDX-License-Identifier: Apache-2.0
"""Judges a model beside its baselines, on the same rows: all that the gate needs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Sequence

import pandas as pd
from sklearn.base import clone

from greenroom_ml.evaluation.baselines import make_constant, make_linear
from greenroom_ml.evaluation.metrics import Answers, OwnMetrics
from greenroom_ml.evaluation.split import cross_validator
from greenroom_ml.evaluation.split_plan import GROUP, SplitPlan
from greenroom_ml.evaluation.spread import (
    Interval,
    Scores,
    cross_validated,
    paired_difference,
    resampled,
)

MODEL, CONSTANT, LINEAR = "model", "constant", "linear"
# A linear model of more rows takes long and says no more.
LINEAR_ROWS = 50_000
TIMED_ROWS = 20


@dataclass(frozen=True)
class Evaluation:
    """What was measured: by metric, of the model and its baselines.

    `how` says by what. `values`: by model and metric. `over`: by baseline and metric,
    by how much the model's is more. A baseline that cannot be trained is missing.
    """

    how: str
    rows: int
    values: dict[str, dict[str, Interval]]
    over: dict[str, dict[str, Interval]]


def evaluate(
    estimator: Any,
    rows: pd.DataFrame,
    features: Sequence[str],
    target: str,
    task: str,
    plan: SplitPlan,
    *,
    metric: str | None = None,
    folds: int = 5,
    repeats: int | str = "auto",
    own: OwnMetrics | None = None,
    held_out: pd.DataFrame | None = None,
    fitted: Any = None,
) -> Evaluation:
    """Judge an estimator by cross-validation of the rows that it learns from.

    `rows` has all cells as loaded, by which folds are made; `features` are learnt from.
    `metric` is the gate's. More than 200,000 rows are not cross-validated: then
    `fitted`, the model trained on `rows`, and its baselines answer the rows `held_out`,
    and the intervals are the bootstrap's.
    """
    models = {
        MODEL: estimator,
        CONSTANT: make_constant(task, metric),
        LINEAR: make_linear(task),
    }
    splits = cross_validator(rows, target, task, plan, folds, repeats)
    if splits is None:
        if held_out is None or fitted is None:
            raise ValueError("More than 200,000 rows: held_out and fitted are needed")
        return _by_held_out(
            models, fitted, rows, held_out, list(features), target, plan, task, own
        )
    scores: dict[str, Scores] = {}
    for name, model in models.items():
        scores[name] = cross_validated(
            model, rows[list(features)], rows[target], task, splits, own
        )
    metrics = list(scores[MODEL].values)
    return Evaluation(
        splits.sentence,
        scores[MODEL].rows,
        {
            name: {key: each.interval(key) for key in metrics if key in each.values}
            for name, each in scores.items()
        },
        {
            name: {
                key: scores[MODEL].minus(scores[name], key)
                for key in metrics
                if key in scores[name].values
            }
            for name in (CONSTANT, LINEAR)
        },
    )


def _by_held_out(
    models: dict[str, Any],
    fitted: Any,
    rows: pd.DataFrame,
    held_out: pd.DataFrame,
    features: list[str],
    target: str,
    plan: SplitPlan,
    task: str,
    own: OwnMetrics | None,
) -> Evaluation:
    some = rows.sample(min(len(rows), LINEAR_ROWS), random_state=plan.seed)
    groups = (
        held_out[plan.column].to_numpy() if plan.by == GROUP and plan.column else None
    )
    answers = {
        name: Answers.of(
            fitted if name == MODEL else clone(model).fit(some[features], some[target]),
            held_out[features],
            held_out[target],
            own,
        )
        for name, model in models.items()
    }
    metrics = list(answers[MODEL].metrics(task))
    return Evaluation(
        "held-out rows, too many to be cross-validated",
        len(held_out),
        {
            name: {key: resampled(each, key, plan.seed, groups) for key in metrics}
            for name, each in answers.items()
        },
        {
            name: {
                key: paired_difference(
                    answers[MODEL], answers[name], key, plan.seed, groups
                )
                for key in metrics
            }
            for name in (CONSTANT, LINEAR)
        },
    )


def milliseconds_per_row(model: Any, features: pd.DataFrame) -> float:
    """Return how long a fitted model takes to answer one row, the best of 20.

    One row at a time, as a server is asked. The best, not the mean: what is more is
    what else the machine does, as the documentation of timeit says.
    """
    taken = []
    for at in range(TIMED_ROWS):
        row = features.iloc[[at % len(features)]]
        start = time.perf_counter()
        model.predict(row)
        taken.append(time.perf_counter() - start)
    return min(taken) * 1000
