# SPDX-License-Identifier: Apache-2.0
"""A model is judged beside its baselines and explained; people can read what comes."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from greenroom_ml.evaluation.evaluation import evaluate, milliseconds_per_row
from greenroom_ml.evaluation.judge import Figures, Rule, judge
from greenroom_ml.evaluation.report import (
    as_json,
    evaluation_markdown,
    explanation_markdown,
    findings_markdown,
    verdict_markdown,
)
from greenroom_ml.evaluation.split import held_out
from greenroom_ml.evaluation.split_plan import SplitPlan
from greenroom_ml.explain import explain
from greenroom_ml.tables.table_cells import Finding


def table(rows: int = 500) -> pd.DataFrame:
    random = np.random.default_rng(0)
    x = random.normal(size=rows)
    noise = random.normal(size=rows)
    return pd.DataFrame(
        {
            "x": x,
            "of no use": random.normal(size=rows),
            "id": np.arange(rows),
            "class": np.where(x + noise / 2 > 0, "yes|<b>", "no"),
            "amount": 3 * x + noise,
        }
    )


def judged(task: str, target: str, metric: str, forest):
    frame = table()
    plan = SplitPlan(target=target)
    side = held_out(frame, plan)
    rows, test = frame[~side].reset_index(drop=True), frame[side]
    features = ["x", "of no use"]
    evaluation = evaluate(
        forest, rows, features, target, task, plan, metric=metric, repeats=2
    )
    model = forest.fit(rows[features], rows[target])
    explanation = explain(model, test[features], test[target], task, metric)
    return evaluation, model, explanation, test[features]


def test_a_classifier_is_judged_and_explained(tmp_path):
    forest = RandomForestClassifier(30, min_samples_leaf=5, random_state=0)
    evaluation, model, explanation, features = judged(
        "classification", "class", "roc_auc", forest
    )
    values, over = evaluation.values, evaluation.over
    assert 0.85 < values["model"]["roc_auc"].mean < 0.97
    assert values["constant"]["roc_auc"].mean == 0.5
    assert over["constant"]["roc_auc"].low > 0.3
    assert over["linear"]["roc_auc"].mean < 0.02
    assert set(explanation.figures) == {
        "confusion_matrix.png",
        "calibration.png",
        "permutation_importance.png",
    }
    matrix = explanation.numbers["confusion_matrix"]["rows_true_columns_predicted"]
    assert np.sum(matrix) == explanation.rows == len(features)
    importance = explanation.numbers["permutation_importance"]["features"]
    assert [each["name"] for each in importance] == ["x", "of no use"]
    assert importance[0]["mean"] > 0.2 > abs(importance[1]["mean"])
    for name, figure in explanation.figures.items():
        figure.savefig(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 5_000
    json.dumps(as_json(explanation.numbers), allow_nan=False)
    json.dumps(as_json(evaluation), allow_nan=False)
    assert 0 < milliseconds_per_row(model, features) < 5_000


def test_a_regressor_has_residuals_and_a_card_that_a_person_can_read():
    forest = RandomForestRegressor(30, min_samples_leaf=5, random_state=0)
    evaluation, _, explanation, features = judged(
        "regression", "amount", "rmse", forest
    )
    residuals = explanation.numbers["residuals"]
    assert abs(residuals["mean"]) < 0.5 and residuals["standard_deviation"] < 2
    verdict = judge(
        Rule("rmse", 2),
        Figures(
            evaluation.values["model"]["rmse"],
            evaluation.values["constant"]["rmse"],
            evaluation.over["constant"]["rmse"],
            evaluation.values["linear"]["rmse"],
            evaluation.over["linear"]["rmse"],
        ),
    )
    assert verdict.passes
    text = verdict_markdown(verdict)
    assert text.startswith("**Passed**: the model goes on.")
    card = evaluation_markdown(evaluation)
    assert "| metric | this model | a linear model | the same answer |" in card
    assert "cross-validation of 5 folds by rows, 2 times" in card
    explained = explanation_markdown(explanation)
    assert f"On {len(features)} held-out rows" in explained
    assert "![residuals](residuals.png)" in explained


def test_what_a_table_holds_is_text_in_markdown():
    finding = Finding("code", ("a",), {}, "a is '|<b>`x`'.", "Do *this*", stops=True)
    text = findings_markdown([finding])
    assert text.startswith("- **code**: ") and not set("|<>`") & set(text[12:])
    assert "Nothing was found" in findings_markdown([])


def test_few_rows_and_many_classes_are_said_and_shown_as_far_as_they_go():
    random = np.random.default_rng(1)
    features = pd.DataFrame({"x": random.normal(size=400)})
    target = pd.Series(random.integers(30, size=400))
    forest = RandomForestClassifier(5, random_state=0).fit(features, target)
    explanation = explain(
        forest, features[:30], target[:30], "classification", "accuracy"
    )
    assert "confusion_matrix.png" in explanation.figures
    assert "calibration.png" not in explanation.figures
    assert "30 rows are too few" in explanation.notes[0]
    classes = explanation.numbers["confusion_matrix"]["classes"]
    assert len(classes) == 15 and classes[-1] == "(others)"


def test_very_many_rows_are_judged_on_held_out_rows_by_bootstrap():
    random = np.random.default_rng(1)
    x = random.normal(size=201_000)
    rows = pd.DataFrame({"x": x, "y": 2 * x + random.normal(size=len(x))})
    test = rows[:2_000]
    plan, forest = SplitPlan(), RandomForestRegressor(2, max_leaf_nodes=50)
    with pytest.raises(ValueError, match="held_out"):
        evaluate(forest, rows, ["x"], "y", "regression", plan)
    model = forest.fit(rows[["x"]][:5_000], rows["y"][:5_000])
    evaluation = evaluate(
        forest, rows, ["x"], "y", "regression", plan, held_out=test, fitted=model
    )
    value = evaluation.values["model"]["r2"]
    assert value.rows == 2_000 and value.low < value.mean < value.high
    assert value.high - value.low < 0.05
    assert evaluation.over["constant"]["r2"].low > 0.7
