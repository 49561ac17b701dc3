# SPDX-License-Identifier: Apache-2.0
"""Intervals hold what they promise, and the gate decides by them."""

import math

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics
from sklearn.tree import DecisionTreeClassifier

from greenroom_ml.evaluation.baselines import make_constant, make_linear
from greenroom_ml.evaluation.judge import Figures, Reason, Rule, judge
from greenroom_ml.evaluation.metrics import METRICS, Answers
from greenroom_ml.evaluation.split import Folds, cross_validator
from greenroom_ml.evaluation.split_plan import SplitPlan
from greenroom_ml.evaluation.spread import (
    Interval,
    Scores,
    corrected_interval,
    cross_validated,
    paired_difference,
    resampled,
)


def between(low: float, high: float, rows: int = 400) -> Interval:
    return Interval((low + high) / 2, low, high, rows)


GOOD = Figures(
    value=between(0.8, 0.9),
    constant=between(0.5, 0.5),
    over_constant=between(0.3, 0.4),
)


def given(**changes) -> Figures:
    return Figures(**{**vars(GOOD), **changes})


@pytest.mark.parametrize(
    "threshold, when_unsure, outcome, passes",
    [
        (0.79, "pass", "passed", True),
        (0.8, "fail", "passed", True),
        (0.85, "pass", "cannot tell", True),
        (0.85, "fail", "cannot tell", False),
        (0.91, "pass", "failed", False),
    ],
)
def test_a_threshold_inside_the_interval_cannot_be_told(
    threshold, when_unsure, outcome, passes
):
    verdict = judge(Rule("roc_auc", threshold, when_unsure), GOOD)
    assert (verdict.outcome, verdict.passes) == (outcome, passes)
    assert "0.85 (0.8 to 0.9) on 400 rows" in verdict.sentence


@pytest.mark.parametrize("over", [between(0, 0), between(-0.1, 0.2), between(-2, -1)])
def test_no_better_than_a_constant_fails_whatever_the_threshold(over):
    figures = given(over_constant=over, constant=between(0.85, 0.85))
    verdict = judge(Rule("accuracy", 0.1), figures)
    assert verdict.outcome == "failed" and not verdict.passes
    assert "learnt nothing" in verdict.sentence


def test_of_errors_less_is_better():
    figures = Figures(between(2, 3), between(5, 5), between(-3, -2))
    assert judge(Rule("rmse", 4), figures).outcome == "passed"
    assert judge(Rule("rmse", 1), figures).outcome == "failed"
    worse = Figures(between(5, 6), between(5, 5), between(-0.1, 1))
    assert "learnt nothing" in judge(Rule("rmse", 9), worse).sentence
    assert "at most 1 is" in judge(Rule("rmse", 1), figures).sentence


def test_a_linear_model_that_does_as_well_is_said_and_fails_nothing():
    verdict = judge(
        Rule("roc_auc", 0.7),
        given(linear=between(0.8, 0.9), over_linear=between(-0.1, 0.1)),
    )
    assert verdict.passes
    assert any("does as well" in reason.sentence for reason in verdict.reasons)
    unsure = given(linear=between(0.7, 0.8), over_linear=between(-0.1, 0.3))
    reasons = judge(Rule("roc_auc", 0.7), unsure).reasons
    assert any("cannot tell it from a linear" in each.sentence for each in reasons)


@pytest.mark.parametrize(
    "over, passes",
    [
        (between(-0.2, -0.1), False),
        (between(-0.1, 0.1), True),
        (between(0.1, 0.2), True),
        (between(0, 0), True),
    ],
)
def test_a_candidate_fails_that_is_worse_than_the_champion(over, passes):
    verdict = judge(Rule("roc_auc", 0.7), given(over_champion=over, champion="v3"))
    assert verdict.passes is passes
    assert any("v3" in reason.sentence for reason in verdict.reasons)


def test_size_latency_and_other_checks_can_fail_and_nan_fails():
    rule = Rule("roc_auc", 0.7, max_model_mb=10, max_row_ms=5)
    assert judge(rule, given(model_mb=9, row_ms=4)).passes
    assert "gate.max_model_mb is 10" in judge(rule, given(model_mb=280)).sentence
    assert "gate.max_row_ms is 5" in judge(rule, given(row_ms=300)).sentence
    skew = Reason("versions", "failed", "The server has another scikit-learn")
    assert judge(rule, GOOD, (skew,)).sentence == skew.sentence
    nothing = Interval(math.nan, -math.inf, math.inf, 3)
    assert judge(rule, given(value=nothing)).outcome == "failed"


def test_the_interval_knows_that_folds_share_rows():
    values = np.array([0.7, 0.8, 0.75, 0.85, 0.9])
    wide = corrected_interval(values, 0.25, 100)
    half = 2.7764 * math.sqrt((1 / 5 + 0.25) * values.var(ddof=1))
    assert wide.mean == pytest.approx(0.8)
    assert wide.high - wide.mean == pytest.approx(half, rel=1e-4)
    few = Scores(
        Folds(((np.arange(80), np.arange(20)),), 1, ""), 20, {"r2": values + 0.1}
    )
    assert few.interval("r2").high == 1
    assert corrected_interval(np.array([0.5, math.nan]), 0.25, 9).high == math.inf


def noisy(rows: int, share: float, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    y = random.integers(2, size=rows)
    x = np.where(random.random(rows) < share, y, 1 - y)
    word = pd.Series(np.where(random.random(rows) < 0.3, None, "a"), dtype="object")
    return pd.DataFrame({"x": x, "z": random.normal(size=rows), "word": word, "y": y})


def test_baselines_are_judged_beside_the_model_on_the_same_folds():
    frame = noisy(600, 0.85)
    features, target = frame.drop(columns="y"), frame["y"]
    folds = cross_validator(frame, "y", "classification", SplitPlan())
    scores = [
        cross_validated(model, features, target, "classification", folds)
        for model in (make_linear("classification"), make_constant("classification"))
    ]
    over = scores[0].minus(scores[1], "accuracy")
    assert scores[0].rows == 600 and 0.25 < over.low < over.mean < 0.45
    assert (
        scores[0].interval("accuracy").low < 0.85 < scores[0].interval("accuracy").high
    )
    assert scores[1].interval("roc_auc").mean == 0.5
    assert set(scores[0].values) == set(METRICS["classification"])


def test_a_pair_is_told_apart_on_rows_where_intervals_overlap():
    frame = noisy(300, 0.9)
    features, truth = frame[["x"]], frame["y"].to_numpy()
    good = Answers.of(DecisionTreeClassifier().fit(features, truth), features, truth)
    # Wrong in ten rows more, right in all else.
    predicted = good.predicted.copy()
    wrong = np.flatnonzero(predicted == truth)[:10]
    predicted[wrong] = 1 - predicted[wrong]
    worse = Answers(truth, predicted)
    one, other = resampled(good, "accuracy"), resampled(worse, "accuracy")
    assert one.low < other.high
    difference = paired_difference(good, worse, "accuracy")
    assert 0 < difference.low < 10 / 300 < difference.high
    assert paired_difference(good, worse, "accuracy") == difference
    assert paired_difference(good, good, "accuracy").high == 0
    with pytest.raises(ValueError, match="same rows"):
        paired_difference(good, good.take(np.arange(9)), "accuracy")


def test_metrics_are_those_of_scikit_learn_and_of_the_owner():
    random = np.random.default_rng(1)
    truth = random.integers(3, size=200)
    scores = random.dirichlet([1, 1, 1], size=200)
    answers = Answers(
        truth,
        scores.argmax(axis=1),
        scores,
        np.arange(3),
        own=lambda truth, predicted, _: {"cost": float((truth != predicted).sum())},
    )
    figures = answers.metrics("classification")
    assert figures["roc_auc"] == pytest.approx(
        np.mean([metrics.roc_auc_score(truth == k, scores[:, k]) for k in range(3)])
    )
    assert figures["balanced_accuracy"] == pytest.approx(
        metrics.balanced_accuracy_score(truth, answers.predicted)
    )
    named = Answers(*(np.array(["c", "a", "b"])[k] for k in (truth, scores.argmax(1))))
    assert named.coded().truth.dtype.kind == "i"
    for each in (named, named.coded(), answers):
        assert each.metric("f1_macro") == pytest.approx(
            metrics.f1_score(truth, answers.predicted, average="macro")
        )
    assert figures["cost"] == (truth != answers.predicted).sum()
    assert math.isnan(answers.metric("unheard of"))
    one = Answers(np.zeros(5), np.zeros(5), np.ones((5, 2)) / 2, np.arange(2))
    assert math.isnan(one.metric("roc_auc"))


def test_a_series_is_judged_by_all_its_answers_in_blocks_of_neighbours():
    random = np.random.default_rng(0)
    course = np.cumsum(random.normal(size=400))
    frame = pd.DataFrame({"x": course, "y": course + random.normal(size=400)})
    folds = cross_validator(frame, "y", "regression", SplitPlan(by="time"))
    scores = {
        name: cross_validated(model, frame[["x"]], frame["y"], "regression", folds)
        for name, model in {
            "linear": make_linear("regression"),
            "constant": make_constant("regression"),
        }.items()
    }
    linear, constant = scores["linear"], scores["constant"]
    truth = frame["y"].to_numpy()
    assert np.array_equal(linear.answers.truth, truth[-200:])
    assert linear.interval("r2").mean == pytest.approx(
        metrics.r2_score(linear.answers.truth, linear.answers.predicted)
    )
    assert linear.minus(constant, "r2").low > 0
    # Errors of a constant last; who took rows for independent would be too sure.
    wide = constant.interval("rmse")
    narrow = resampled(constant.answers, "rmse")
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_answers_of_models_that_know_other_classes_are_joined():
    parts = [
        Answers(
            np.array(["a", "b"]), np.array(["a", "b"]), np.eye(2), np.array(["a", "b"])
        ),
        Answers(
            np.array(["c"]), np.array(["c"]), np.array([[0, 1]]), np.array(["b", "c"])
        ),
    ]
    joined = Answers.joined(parts)
    assert joined.classes.tolist() == ["a", "b", "c"]
    assert joined.probabilities.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert joined.metric("roc_auc") == joined.metric("accuracy") == 1
