# SPDX-License-Identifier: Apache-2.0
"""Judges a folder of real tables as a model repository would, and prints what it says.

Each folder in it holds `table.csv` and `case.json` (target, task, metric, threshold
and, in `extra`, model.framework). What the inspection proposes is taken as a person's
choice: columns left out, split by time or group. `benchmarks/tables.py FOLDER [CASE
...]` prints a table in Markdown; `--defaults` compares default models by size.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn import ensemble
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.evaluation import evaluate, milliseconds_per_row
from greenroom_ml.evaluation.judge import Figures, Rule, judge
from greenroom_ml.evaluation.split import held_out
from greenroom_ml.evaluation.split_plan import SplitPlan
from greenroom_ml.inspection.inspection import inspect_table, read_cells
from greenroom_ml.tables.moments import moments
from greenroom_ml.tables.table_cells import Cells, Finding, TableCells

DAY = 86_400e9
LEFT_OUT = ("index-column", "id-column", "split-column", "decides-target")
DEFAULT = "forest, 2 a leaf, 250 leaves"
REFUSED = ("too-few-rows", "too-many-columns")


def typed(cells: Cells, odd: set[str]) -> pd.Series:
    """Return a column as a model takes it: numbers, days, or texts."""
    if cells.is_number or cells.name in odd:
        return cells.numbers.reindex(cells.texts.index)
    if cells.is_date:
        when = moments(cells.filled)
        assert when is not None
        return (when / DAY).reindex(cells.texts.index)
    return cells.texts.where(cells.texts.isin(cells.filled.unique()), "missing")


def choose(findings: list[Finding]) -> tuple[set[str], SplitPlan]:
    """Return what a person chooses who does as the findings propose."""
    left_out = {
        name
        for each in findings
        if each.code in (*LEFT_OUT, "repeated-id", "constant-column")
        for name in each.columns
    }
    by = {each.code: each.columns[0] for each in findings if each.columns}
    if "time-order" in by:
        return left_out, SplitPlan(by="time", column=by["time-order"])
    if "repeated-id" in by:
        return left_out, SplitPlan(by="group", column=by["repeated-id"])
    return left_out, SplitPlan()


class Named(ClassifierMixin, BaseEstimator):
    """Lets XGBoost, which takes the numbers 0, 1, 2, …, learn classes by name."""

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier

    def fit(self, features: Any, target: Any) -> Named:
        self.classes_, numbers = np.unique(target, return_inverse=True)
        self.fitted_ = clone(self.classifier).fit(features, numbers)
        return self

    def predict(self, features: Any) -> Any:
        return self.classes_[self.fitted_.predict(features)]

    def predict_proba(self, features: Any) -> Any:
        return self.fitted_.predict_proba(features)


def pipeline(estimator: Any) -> Any:
    numbers = SimpleImputer(strategy="median", keep_empty_features=True)
    texts = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, max_categories=100
    )
    columns = ColumnTransformer(
        [
            ("numbers", numbers, make_column_selector(dtype_include="number")),
            ("texts", texts, make_column_selector(dtype_exclude="number")),
        ]
    )
    return make_pipeline(columns, estimator)


def framework(name: str, task: str) -> Any:
    """Return the estimator that a repository of this framework begins with."""
    classify = task == "classification"
    common = {"n_estimators": 200, "learning_rate": 0.05, "n_jobs": 1}
    if name == "xgboost":
        import xgboost

        boosters = (xgboost.XGBRegressor, xgboost.XGBClassifier)
        own = {"max_depth": 4, "min_child_weight": 3}
        share = {"subsample": 0.8, "colsample_bytree": 0.8}
        booster = boosters[classify](random_state=42, **common, **own, **share)
        return Named(booster) if classify else booster
    if name == "lightgbm":
        import lightgbm

        boosters = (lightgbm.LGBMRegressor, lightgbm.LGBMClassifier)
        own = {"min_child_samples": 20, "subsample_freq": 1, "verbosity": -1}
        share = {"subsample": 0.8, "colsample_bytree": 0.8}
        return boosters[classify](random_state=42, **common, **own, **share)
    return candidates(task)[DEFAULT]


def candidates(task: str) -> dict[str, Any]:
    """Return the models that could be the default."""
    classify = task == "classification"
    forest = (
        ensemble.RandomForestClassifier if classify else ensemble.RandomForestRegressor
    )
    boosting = (
        ensemble.HistGradientBoostingClassifier
        if classify
        else ensemble.HistGradientBoostingRegressor
    )
    common = {"n_jobs": 1, "random_state": 42}
    return {
        "forest, as it was": forest(100, **common),
        DEFAULT: forest(100, min_samples_leaf=2, max_leaf_nodes=250, **common),
        "forest, 2 a leaf, 1,000 leaves": forest(
            100, **common, min_samples_leaf=2, max_leaf_nodes=1_000
        ),
        # Its early stopping cannot be: it fails on a class of one row.
        "boosting": boosting(early_stopping=False, random_state=42),
    }


def prepare(folder: Path) -> tuple[dict[str, Any], list[Finding], pd.DataFrame, Any]:
    case = json.loads((folder / "case.json").read_text())
    cells, findings = read_cells(folder / "table.csv")
    findings += inspect_table(
        cells, case["target"], case["task"], case["metric"], case["threshold"]
    )
    table = TableCells(cells, case["target"], case["task"])
    odd = {each.columns[0] for each in findings if each.code == "unreadable-cells"}
    columns = table.features
    frame = pd.DataFrame({name: typed(each, odd) for name, each in columns.items()})
    left_out, plan = choose(findings)
    target = table.target
    frame[case["target"]] = (
        target.numbers.to_numpy() if case["task"] == "regression" else target.texts
    )
    unused = {name for name, each in columns.items() if each.is_prose} - odd
    if plan.by == "group":
        unused.add(str(plan.column))
    features = [name for name in columns if name not in {*left_out, *unused}]
    counts = {
        name
        for each in findings
        if each.code == "index-column"
        for name in each.columns
    }
    key = tuple(name for name in columns if name not in counts)
    return (
        case,
        findings,
        frame,
        (features, replace(plan, key=key, target=case["target"])),
    )


def megabytes(model: Any) -> float:
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    return buffer.tell() / 1e6


def run(folder: Path) -> str:
    """Return one line of the table: split, figures, verdict, findings."""
    case, findings, frame, (features, plan) = prepare(folder)
    codes = ", ".join(
        f"**{each.code}**" if each.stops else each.code for each in findings
    )
    refused = [each for each in findings if each.code in REFUSED]
    if refused:
        return f"| {folder.name} | – | – | – | – | refused | {refused[0].sentence} |"
    metric = case["metric"]
    estimator = framework(case["extra"].get("model.framework", ""), case["task"])
    side = held_out(frame, plan)
    rows, test = frame[~side].reset_index(drop=True), frame[side]
    start = time.perf_counter()
    evaluation = evaluate(
        pipeline(estimator),
        rows,
        features,
        case["target"],
        case["task"],
        plan,
        metric=metric,
    )
    taken = time.perf_counter() - start
    model = pipeline(estimator).fit(rows[features], rows[case["target"]])
    values, over = evaluation.values, evaluation.over
    verdict = judge(
        Rule(metric, case["threshold"]),
        Figures(
            values["model"][metric],
            values["constant"][metric],
            over["constant"][metric],
            values["linear"][metric],
            over["linear"][metric],
            model_mb=megabytes(model),
            row_ms=milliseconds_per_row(model, test[features]),
        ),
    )
    how = plan.by + (f" ({plan.column})" if plan.column else "")
    value, linear = values["model"][metric], values["linear"][metric]
    said = [each for each in verdict.reasons if each.outcome in ("failed", "note")]
    return (
        f"| {folder.name} | {how}, {value.rows:,} + {len(test):,} | {metric} {value} | "
        f"{values['constant'][metric].mean:.3g} / {linear.mean:.3g} | "
        f"{case['threshold']:g}: {verdict.outcome} | "
        f"{'; '.join(f'{each.check}: {each.outcome}' for each in said) or '–'} | "
        f"{codes} | {megabytes(model):.2g} MB, {taken:.0f} s |"
    )


def compare(folder: Path) -> str:
    """Return one line for each default model: figure and size."""
    case, findings, frame, (features, plan) = prepare(folder)
    if any(each.code in REFUSED for each in findings):
        return ""
    rows = frame[~held_out(frame, plan)].reset_index(drop=True)
    lines = []
    for name, estimator in candidates(case["task"]).items():
        start = time.perf_counter()
        value = evaluate(
            pipeline(estimator),
            rows,
            features,
            case["target"],
            case["task"],
            plan,
            metric=case["metric"],
            repeats=1,
        ).values["model"][case["metric"]]
        taken = time.perf_counter() - start
        model = pipeline(estimator).fit(rows[features], rows[case["target"]])
        speed = milliseconds_per_row(model, rows[features])
        lines.append(
            f"| {folder.name} | {name} | {case['metric']} {value.mean:.3f} | "
            f"{megabytes(model):.2f} | {speed:.1f} | {taken:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--defaults", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    print(
        "| case | model | figure | MB | ms a row | seconds |\n" + "| - " * 6 + "|"
        if options.defaults
        else "| case | split, rows + held out | metric (95 %) | constant / linear | "
        "threshold: verdict | said by the gate | findings (bold: stops) | cost |\n"
        + "| - " * 8
        + "|"
    )
    for folder in sorted(options.folder.iterdir()):
        if options.cases and not any(each in folder.name for each in options.cases):
            continue
        try:
            print((compare if options.defaults else run)(folder), flush=True)
        except PipelineError as error:
            print(f"| {folder.name} | refused: {error} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
