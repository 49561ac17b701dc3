"""The sentence that the gate says, which people and the triage read."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from greenroom_ml import gate
from greenroom_ml.config import GateConfig
from greenroom_ml.evaluation.judge import FAILED, Figures, Reason
from greenroom_ml.evaluation.spread import Interval

ACCURACY = GateConfig(metric="accuracy", threshold=0.9)
RMSE = GateConfig(metric="rmse", direction="minimize", threshold=55.0)


def near(mean: float, half: float = 0.001) -> Interval:
    return Interval(mean, mean - half, mean + half, 400)


def figures(value: float, constant: float = 0.5, half: float = 0.001) -> Figures:
    """Return the figures of a model that is far better than a constant answer."""
    return Figures(near(value, half), near(constant), near(value - constant))


def champion(best: float, beside: float) -> gate.Champion:
    return gate.Champion("wine-cultivar", "7", best, beside, near(beside - best))


@pytest.mark.parametrize(
    ("rule", "value", "best", "sentence"),
    [
        (
            ACCURACY,
            0.871,
            champion(0.913, 0.871),
            "Gate FAILED: accuracy 0.871 < 0.900 (threshold), 0.029 short; "
            "champion wine-cultivar v7 has 0.913, 0.042 better",
        ),
        (
            ACCURACY,
            0.905,
            champion(0.913, 0.905),
            "Gate FAILED: accuracy 0.905 ≥ 0.900 (threshold); "
            "champion wine-cultivar v7 has 0.913, 0.008 better",
        ),
        (
            ACCURACY,
            0.913,
            champion(0.911, 0.911),
            "Gate passed: accuracy 0.913 ≥ 0.900 (threshold); "
            "champion wine-cultivar v7 has 0.911 where this model has 0.911",
        ),
        (
            ACCURACY,
            0.95,
            gate.Champion("wine-cultivar", "7", note="its MLflow run is gone"),
            "Gate passed: accuracy 0.950 ≥ 0.900 (threshold); "
            "champion wine-cultivar v7 is not compared: its MLflow run is gone",
        ),
        (
            ACCURACY,
            0.89,
            None,
            "Gate FAILED: accuracy 0.890 < 0.900 (threshold), 0.010 short; "
            "there is no champion yet",
        ),
        (
            RMSE,
            60.25,
            champion(58, 60.25),
            "Gate FAILED: rmse 60.250 > 55.000 (threshold), 5.250 too much; "
            "champion wine-cultivar v7 has 58.000, 2.250 better",
        ),
        (
            RMSE,
            52,
            champion(53, 52),
            "Gate passed: rmse 52.000 ≤ 55.000 (threshold); "
            "champion wine-cultivar v7 has 53.000 where this model has 52.000",
        ),
        (
            ACCURACY,
            math.nan,
            None,
            "Gate FAILED: accuracy is not a number on the held-out rows",
        ),
    ],
)
def test_the_verdict_says_by_how_much_and_against_whom(
    rule: GateConfig, value: float, best: gate.Champion | None, sentence: str
) -> None:
    given = figures(value, constant=0.5 if rule is ACCURACY else 90)
    if best is not None:
        given = replace(given, over_champion=best.over)
    verdict = gate.judge(rule, given, best)
    assert gate.describe(verdict) == sentence
    assert verdict.passed == sentence.startswith("Gate passed")
    assert gate.summary(verdict).startswith(f"### {sentence}\n")


@pytest.mark.parametrize(
    ("when_unsure", "head"), [("pass", "passed"), ("fail", "FAILED")]
)
def test_what_nobody_can_tell_is_said(when_unsure: str, head: str) -> None:
    rule = ACCURACY.model_copy(update={"when_unsure": when_unsure})
    verdict = gate.judge(rule, figures(0.89, half=0.05))
    sentence = gate.describe(verdict)
    assert sentence.startswith(
        f"Gate {head}: accuracy 0.890 < 0.900 (threshold), 0.010 short; there is no "
        "champion yet; cannot tell: accuracy is 0.89 (0.84 to 0.94) on 400 rows"
    )
    assert verdict.passed == (head == "passed")
    assert gate._tags(verdict)["greenroom.gate.outcome"] == "cannot tell"


def test_everything_that_speaks_against_a_model_is_said() -> None:
    others = (Reason("libraries", FAILED, "the image has numpy 1.0"),)
    large = replace(figures(0.95, constant=0.95), model_mb=280.0)
    sentence = gate.describe(gate.judge(ACCURACY, large, None, others))
    assert sentence.startswith("Gate FAILED: accuracy 0.950 ≥ 0.900 (threshold); ")
    for words in (
        "The model has learnt nothing that accuracy shows",
        "The model size is 280 MB; gate.max_model_mb is 100",
        "the image has numpy 1.0",
    ):
        assert f"; {words}" in sentence
