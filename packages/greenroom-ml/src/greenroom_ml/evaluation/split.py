# SPDX-License-Identifier: Apache-2.0
"""Which rows judge the model: by a hash of the row or its group, or the newest.

A hash and no shuffle: a row keeps its side when others are added, so that no model is
ever judged on rows that an older version of it learnt from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterator

import numpy as np
import pandas as pd
from sklearn.model_selection import (
    PredefinedSplit,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    TimeSeriesSplit,
)

from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.metrics import CLASSIFICATION
from greenroom_ml.evaluation.split_plan import GROUP, ROWS, TIME, SplitPlan, row_hashes
from greenroom_ml.tables.moments import moments

# More rows than this are cross-validated once only, far more not at all: the figure is
# then exact enough.
MANY_ROWS = 20_000
TOO_MANY_ROWS = 200_000
# Few rows are judged more often. Beyond 3 times 5 folds an interval hardly narrows (by
# 5 % at 5 times, 8 % at 10): what is left is that folds share rows.
REPEATS = 3
JUDGEMENTS = 10_000
Fold = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Folds:
    """The folds of a cross-validation: positions of training and of judging rows.

    `repeats` is how often every row is judged. `sentence` says what was done. Of a
    `series` the folds follow each other in time, and so do the rows that judge.
    """

    splits: tuple[Fold, ...]
    repeats: int
    sentence: str
    series: bool = False

    def __iter__(self) -> Iterator[Fold]:
        return iter(self.splits)

    @property
    def judged_to_trained(self) -> float:
        """Judging rows for each training row, the mean over the folds."""
        return float(np.mean([len(test) / len(train) for train, test in self.splits]))


def held_out(frame: pd.DataFrame, plan: SplitPlan) -> np.ndarray:
    """Return for each row whether it is held out of training.

    The frame holds the cells as loaded; columns that are made of others do not belong
    in it, lest a new one moves rows from side to side. Rows that differ in the target
    alone share a side, too: of such, a model is told the wrong answer in training
    exactly where it is asked for the other. By time, the newest `test_size` of the
    distinct moments are held out. Raise PipelineError if either side would be empty.
    """
    if plan.by == TIME:
        order = _ranks(frame, plan)
        distinct = int(order.max()) + 1
        chosen = order >= distinct - max(1, round(distinct * plan.test_size))
    else:
        share = row_hashes(frame, plan).astype("float64") / 2.0**64
        chosen = share < plan.test_size
    if chosen.all() or not chosen.any():
        what = {GROUP: f"groups in {plan.column!r}", TIME: "moments"}.get(
            plan.by, "different rows"
        )
        raise PipelineError(
            f"split: all rows would be on one side, because there are too few {what}; "
            "choose another split.by, or add rows"
        )
    return chosen


def cross_validator(
    frame: pd.DataFrame,
    target: str,
    task: str,
    plan: SplitPlan,
    folds: int = 5,
    repeats: int | str = "auto",
) -> Folds | None:
    """Return the folds that fit the kind of split; none for more than 200,000 rows.

    By rows: repeated and, for classes, stratified; equal rows are in one fold. By
    group: a group is in one fold. By time: each fold judges the rows after those that
    it learns from, and is not repeated. `repeats: auto` is 3 for up to 4,000 rows and
    less for more; of more than 20,000 rows the folds are chosen by hash.
    """
    if len(frame) > TOO_MANY_ROWS:
        return None
    plan = replace(plan, target=target)
    if plan.by == TIME:
        return _by_time(frame, plan, folds)
    groups = pd.factorize(row_hashes(frame, plan))[0]
    folds = min(folds, int(groups.max()) + 1)
    if folds < 2:
        raise PipelineError(
            f"split: {plan.column or 'the table'} has one group only; choose another "
            "split.by"
        )
    times = _repeats(len(frame), repeats)
    strata = frame[target].to_numpy() if task == CLASSIFICATION else None
    what = "rows" if plan.by == ROWS else f"groups of {plan.column}"
    if len(frame) > MANY_ROWS:
        splits = _by_hash(frame, plan, folds, times)
    elif len(np.unique(groups)) < len(frame):
        splits = _grouped(groups, strata, plan.seed, folds, times)
        if plan.by == ROWS:
            what = "rows, equal ones together"
    elif strata is not None:
        splits = _stratified(strata, plan.seed, folds, times)
    else:
        kfold = RepeatedKFold(n_splits=folds, n_repeats=times, random_state=plan.seed)
        splits = list(kfold.split(np.zeros(len(frame))))
    return Folds(
        tuple(splits),
        times,
        f"cross-validation of {folds} folds by {what}"
        + (f", {times} times" if times > 1 else ""),
    )


def _repeats(rows: int, repeats: int | str) -> int:
    if repeats != "auto":
        return int(repeats)
    return max(1, min(REPEATS, round(JUDGEMENTS / rows)))


def _by_time(frame: pd.DataFrame, plan: SplitPlan, folds: int) -> Folds:
    order = _ranks(frame, plan)
    distinct = int(order.max()) + 1
    if distinct < 4:
        raise PipelineError(
            f"split: {plan.column or 'the table'} has {distinct} different moments; at "
            "least 4 are needed to split by time"
        )
    # The first fold learns from half of the moments: what is asked for is how a model
    # of all rows does, not one of few.
    folds = min(folds, distinct // 2)
    kfold = TimeSeriesSplit(n_splits=folds, test_size=max(1, distinct // (2 * folds)))
    splits = [
        (np.flatnonzero(order < test[0]), _in_order(order, test))
        for _, test in kfold.split(np.arange(distinct))
    ]
    return Folds(
        tuple(splits),
        1,
        f"cross-validation of {folds} folds by time ({plan.column or 'row order'}), "
        "each judged on what came after",
        series=True,
    )


def time_order(frame: pd.DataFrame, plan: SplitPlan) -> np.ndarray:
    """Return the positions of the rows in the order of their moments."""
    return np.argsort(_ranks(frame, plan), kind="stable")


def _in_order(order: np.ndarray, moments: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero(np.isin(order, moments))
    return rows[np.argsort(order[rows], kind="stable")]


def _by_hash(
    frame: pd.DataFrame, plan: SplitPlan, folds: int, times: int
) -> list[Fold]:
    splits: list[Fold] = []
    for time in range(times):
        again = replace(plan, seed=plan.seed + 1 + time)
        fold = (row_hashes(frame, again) % np.uint64(folds)).astype("int64")
        splits.extend(PredefinedSplit(fold).split())
    return splits


def _grouped(
    groups: np.ndarray, strata: np.ndarray | None, seed: int, folds: int, times: int
) -> list[Fold]:
    # Numbers have no strata; one class for all then only evens out the sizes of folds.
    strata = np.zeros(len(groups)) if strata is None else strata
    splits: list[Fold] = []
    for time in range(times):
        kfold = StratifiedGroupKFold(folds, shuffle=True, random_state=seed + time)
        splits.extend(
            kfold.split(np.zeros(len(groups)), _common(strata, folds), groups)
        )
    return splits


def _stratified(strata: np.ndarray, seed: int, folds: int, times: int) -> list[Fold]:
    kfold = RepeatedStratifiedKFold(n_splits=folds, n_repeats=times, random_state=seed)
    return list(kfold.split(np.zeros(len(strata)), _common(strata, folds)))


def _common(strata: np.ndarray, folds: int) -> np.ndarray:
    """Return strata of which each has a row for every fold: rare classes are one."""
    codes, names = pd.factorize(strata)
    counts = np.bincount(codes)
    if len(names) and counts.min() < folds:
        rare = counts < folds
        into = int(np.argmax(counts)) if counts[rare].sum() < folds else len(names)
        codes = np.where(rare[codes], into, codes)
    return codes


def _ranks(frame: pd.DataFrame, plan: SplitPlan) -> np.ndarray:
    """Return the place of each row's moment among the distinct moments."""
    if plan.column is None:
        return np.arange(len(frame))
    when = moments(frame[plan.column])
    if when is None or when.isna().any():
        at = (
            ""
            if when is None
            else f" in row {int(when.isna().to_numpy().argmax()) + 2}"
        )
        raise PipelineError(
            f"split.column: {plan.column!r} has no date{at}; choose a column with a "
            "date in every row, or leave out the rows without"
        )
    return pd.factorize(when, sort=True)[0]
