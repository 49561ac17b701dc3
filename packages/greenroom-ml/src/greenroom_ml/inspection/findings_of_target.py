# SPDX-License-Identifier: Apache-2.0
"""What the target shows: rare classes, counts, and columns that give it away."""

from __future__ import annotations

import math
import warnings
from typing import Iterator

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from greenroom_ml.evaluation.metrics import CLASSIFICATION
from greenroom_ml.tables.table_cells import MAX_COLUMNS, Cells, Finding, TableCells

# Accuracy says little where one class has this share of the rows.
LARGEST_SHARE = 0.8
FOLDS = 5
# A target of more different numbers than this is hardly one of classes.
MAX_NUMBERED_CLASSES = 20
# One column that takes away so much of the constant answer's error gives the target
# away.
DECIDES = 0.98
# Where the answer is a number, so much of the variance stops the run, as in the form.
SURELY_DECIDES = 0.995
# In a series, so much of the change from row to row has to be told, too: what both grow
# with, such as time, tells nothing of them.
DECIDES_CHANGE = 0.8
# What rounding leaves of a sum, and of the target where two columns add up to it.
EXACT = 5e-4
ROUNDING = 1e-6
SAMPLE = 5_000
LEAVES = 64


def find_in_target(
    table: TableCells,
    metric: str | None,
    threshold: float | None,
    named: set[str],
    in_time: bool = False,
) -> list[Finding]:
    """Return what the target shows; `named` columns are not tried as its copies.

    `in_time`: rows follow each other in time.
    """
    findings = [*_classes(table, metric)] if table.task == CLASSIFICATION else []
    findings += _threshold(table, metric, threshold)
    if table.rows >= FOLDS * 4 and len(table.features) < MAX_COLUMNS:
        findings += _gives_away(table, named, in_time)
    return findings


def constant_figure(table: TableCells, metric: str) -> float | None:
    """Return what answering the same to every row scores; none if that is not known."""
    if table.task != CLASSIFICATION:
        return 0.0 if metric == "r2" else None
    shares = table.target.filled.value_counts(normalize=True)
    most, classes = float(shares.iloc[0]), len(shares)
    return {
        "accuracy": most,
        "balanced_accuracy": 1 / classes,
        "f1_macro": 2 * most / (1 + most) / classes,
        "roc_auc": 0.5,
    }.get(metric)


def _classes(table: TableCells, metric: str | None) -> Iterator[Finding]:
    counts = table.target.filled.value_counts()
    name, rows = table.target_name, table.rows
    share = counts.iloc[0] / rows
    if metric == "accuracy" and share >= LARGEST_SHARE:
        rare = int(counts.iloc[-1])
        better = "f1_macro" if len(counts) > 2 else "roc_auc"
        if len(counts) == 2 and share >= 0.9:
            better = "average_precision or roc_auc"
        yield Finding(
            "rare-classes",
            (name,),
            {"largest": str(counts.index[0]), "share": round(share, 4), "rarest": rare},
            f"{share:.1%} of the rows are {counts.index[0]!r}: who always says so has "
            f"an accuracy of {share:.4g}.",
            f"Set gate.metric: {better}, which tells a model from that",
        )
    numeric = table.target.is_number
    few = counts[counts < FOLDS]
    if numeric and (
        len(counts) > MAX_NUMBERED_CLASSES or (len(counts) > 10 and len(few) > 0)
    ):
        yield Finding(
            "counts-as-classes",
            (name,),
            {"classes": len(counts)},
            f"{name} holds {len(counts)} different numbers, each taken for a class of "
            "its own: that 2 is nearer to 3 than to 50 is lost.",
            "Set model.task: regression if they count or measure something",
        )
    if len(few):
        single = int((few == 1).sum())
        yield Finding(
            "small-classes",
            (name,),
            {"classes": {str(key): int(value) for key, value in few.items()}},
            f"{len(few)} of {len(counts)} classes have fewer than {FOLDS} rows"
            + (f", {single} of them one row" if single else "")
            + f": {', '.join(map(str, few.index[:8]))}{', …' if len(few) > 8 else ''}.",
            "Little can be learnt of them; add rows, or make one class of them",
        )


def _threshold(
    table: TableCells, metric: str | None, threshold: float | None
) -> Iterator[Finding]:
    if metric is None or threshold is None:
        return
    constant = constant_figure(table, metric)
    if constant is not None and threshold <= constant:
        yield Finding(
            "threshold-below-constant",
            (table.target_name,),
            {"threshold": threshold, "constant": round(constant, 4)},
            f"The gate asks for {metric} {threshold:g}, and the same answer to every "
            f"row has {constant:.4g}.",
            "Set gate.threshold higher: what the model is worth to you",
        )


def _gives_away(table: TableCells, named: set[str], in_time: bool) -> Iterator[Finding]:
    chosen = np.arange(table.rows)
    if table.rows > SAMPLE:
        chosen = np.sort(np.random.default_rng(0).permutation(table.rows)[:SAMPLE])
    target = _target(table).iloc[chosen]
    single = []
    for cells in table.features.values():
        if cells.name in named or cells.distinct < 2 or cells.is_prose or cells.is_date:
            continue
        score = _alone(cells, chosen, target, table.task)
        if score >= DECIDES:
            single.append((cells.name, score))
    for name, score in single:
        grows_too = in_time and not _tells_changes(table, [name])
        yield Finding(
            "decides-target",
            (name,),
            {"error_taken_away": round(score, 4)},
            f"{name} alone tells {table.target_name} in nearly every row ({score:.1%} "
            "of a constant answer's error is gone)"
            + (", perhaps because both grow with time." if grows_too else "."),
            f"Put {name} in data.leave_out unless it is known before the answer is; "
            "then put it in data.keep",
            stops=table.task == CLASSIFICATION
            or (score >= SURELY_DECIDES and not grows_too),
        )
    if not single and table.task != CLASSIFICATION:
        yield from _exact_sum(table, chosen, target, in_time)


def _tells_changes(table: TableCells, names: list[str]) -> bool:
    """Whether columns tell how the target changes from row to row, and not only it."""
    columns = [table.features[name].numbers for name in names]
    changes = pd.concat([*columns, table.target.numbers], axis=1).diff().dropna()
    if len(changes) < 3 * len(names) or not len(changes):
        return False
    *known, wanted = (changes - changes.mean()).to_numpy().T
    weights, *_ = np.linalg.lstsq(np.column_stack(known), wanted, rcond=None)
    left = wanted - np.column_stack(known) @ weights
    return bool(left @ left <= (1 - DECIDES_CHANGE) * (wanted @ wanted))


def _target(table: TableCells) -> pd.Series:
    if table.task == CLASSIFICATION:
        return table.target.texts
    numbers = table.target.numbers
    return numbers.fillna(numbers.mean())


def _alone(cells: Cells, rows: np.ndarray, target: pd.Series, task: str) -> float:
    """Return the share of a constant answer's error that a tree of one column ends.

    By cross-validation, if it is much on the rows that it learns from.
    """
    classify = task == CLASSIFICATION
    tree = DecisionTreeClassifier if classify else DecisionTreeRegressor
    model = tree(max_leaf_nodes=LEAVES, min_samples_leaf=3, random_state=0)
    if cells.is_number:
        column = cells.numbers.reindex(cells.texts.index).iloc[rows].to_frame()
    else:
        kind = (
            ("multiclass" if target.nunique() > 2 else "binary") if classify else None
        )
        encoder = TargetEncoder(target_type=kind or "continuous", random_state=0, cv=3)
        model = make_pipeline(encoder, model)
        column = cells.texts.iloc[rows].to_frame()
    constant = float((target == target.mode().iloc[0]).mean()) if classify else 0.0
    if constant == 1 or (not classify and target.std() == 0):
        return 0.0
    with warnings.catch_warnings():
        # Rare classes are in no fold of their own.
        warnings.simplefilter("ignore")
        try:
            known = model.fit(column, target).score(column, target)
            if (known - constant) / (1 - constant) < DECIDES:
                return 0.0
            scores = cross_val_score(model, column, target, cv=_folds(classify))
        except ValueError:
            return 0.0
    score = float(np.mean(scores))
    return 0.0 if math.isnan(score) else (score - constant) / (1 - constant)


def _folds(classify: bool) -> object:
    kind = StratifiedKFold if classify else KFold
    return kind(FOLDS, shuffle=True, random_state=0)


def _exact_sum(
    table: TableCells, rows: np.ndarray, target: pd.Series, in_time: bool
) -> Iterator[Finding]:
    """Find numbers of which the target is the sum, weighted or not.

    Two that add up to it stop the run; of more, a person may think what they will.
    """
    numbers = {
        cells.name: cells.numbers.reindex(cells.texts.index).iloc[rows]
        for cells in table.features.values()
        if cells.is_number and cells.distinct > 1
    }
    if len(numbers) < 2 or len(rows) < 3 * len(numbers):
        return
    frame = pd.DataFrame(numbers).dropna()
    wanted = target.loc[frame.index]
    if len(frame) < 3 * len(numbers) or wanted.std() == 0:
        return
    scaled = (frame - frame.mean()) / frame.std().replace(0, 1)
    weights, *_ = np.linalg.lstsq(
        scaled.to_numpy(), (wanted - wanted.mean()).to_numpy(), rcond=None
    )
    left = wanted - wanted.mean() - scaled.to_numpy() @ weights
    if float(left.var() / wanted.var()) > EXACT:
        return
    parts = [
        name
        for name, weight in zip(frame.columns, weights)
        if abs(weight) > 1e-3 * np.abs(weights).max()
    ]
    if in_time and not _tells_changes(table, parts):
        return
    gap = (wanted - frame[parts].sum(axis=1)).abs()
    adds_up = bool((gap <= ROUNDING * wanted.abs().clip(lower=1)).all())
    yield Finding(
        "decides-target",
        tuple(parts),
        {"left_of_the_variance": float(left.var() / wanted.var())},
        f"{table.target_name} is a sum of {', '.join(parts)}.",
        "Put in data.leave_out those that are not known before the answer is; what may "
        "be learnt from, in data.keep",
        stops=adds_up and len(parts) == 2,
    )
