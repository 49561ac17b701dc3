"""The rules of the gate, and the sentence it says."""

from __future__ import annotations

import math

import pytest

from greenroom_ml import gate
from greenroom_ml.config import GateConfig

ACCURACY = GateConfig(metric="accuracy", threshold=0.9)
RMSE = GateConfig(metric="rmse", direction="minimize", threshold=55.0)


def champion(value: float | None) -> gate.Champion:
    return gate.Champion("wine-cultivar", "7", value)


@pytest.mark.parametrize(
    ("rule", "value", "best", "sentence"),
    [
        (
            ACCURACY,
            0.871,
            champion(0.913),
            "Gate FAILED: accuracy 0.871 < 0.900 (threshold), 0.029 short; "
            "champion wine-cultivar v7 has 0.913, 0.042 better",
        ),
        (
            ACCURACY,
            0.905,
            champion(0.913),
            "Gate FAILED: accuracy 0.905 ≥ 0.900 (threshold); "
            "champion wine-cultivar v7 has 0.913, 0.008 better",
        ),
        (
            ACCURACY,
            0.913,
            champion(0.913),
            "Gate passed: accuracy 0.913 ≥ 0.900 (threshold); "
            "champion wine-cultivar v7 has 0.913",
        ),
        (
            ACCURACY,
            0.9,
            None,
            "Gate passed: accuracy 0.900 ≥ 0.900 (threshold); there is no champion yet",
        ),
        (
            ACCURACY,
            0.95,
            champion(None),
            "Gate passed: accuracy 0.950 ≥ 0.900 (threshold); "
            "champion wine-cultivar v7 was judged on other data and is not compared",
        ),
        (
            ACCURACY,
            0.89999,
            None,
            "Gate FAILED: accuracy 0.89999 < 0.90000 (threshold), 0.00001 short; "
            "there is no champion yet",
        ),
        (
            RMSE,
            60.25,
            champion(58),
            "Gate FAILED: rmse 60.250 > 55.000 (threshold), 5.250 too much; "
            "champion wine-cultivar v7 has 58.000, 2.250 better",
        ),
        (
            RMSE,
            52,
            champion(53),
            "Gate passed: rmse 52.000 ≤ 55.000 (threshold); "
            "champion wine-cultivar v7 has 53.000",
        ),
        (
            ACCURACY,
            math.nan,
            champion(0.913),
            "Gate FAILED: accuracy is not a number on the held-out rows",
        ),
    ],
)
def test_the_verdict_says_by_how_much_and_against_whom(
    rule: GateConfig, value: float, best: gate.Champion | None, sentence: str
) -> None:
    verdict = gate.judge(rule, value, best)
    assert gate.describe(verdict) == sentence
    assert verdict.passed == sentence.startswith("Gate passed")
    assert gate.summary(verdict).startswith(f"### {sentence}\n")


def test_a_model_that_the_server_cannot_load_does_not_pass() -> None:
    verdict = gate.judge(ACCURACY, 0.95, None, ("the image has numpy 1.0",))
    assert not verdict.passed
    assert gate.describe(verdict) == (
        "Gate FAILED: accuracy 0.950 ≥ 0.900 (threshold); there is no champion yet; "
        "the image has numpy 1.0"
    )
    assert gate.summary(verdict).endswith("\n- the image has numpy 1.0\n")


def test_a_difference_of_rounding_is_none() -> None:
    assert gate.judge(ACCURACY, 0.9 - 1e-12, champion(0.9)).passed
    assert not gate.judge(ACCURACY, 0.9 - 1e-6, None).passed


def test_a_champion_without_a_number_cannot_be_better() -> None:
    assert gate.judge(ACCURACY, 0.95, champion(math.nan)).passed


def test_infinity_is_judged_like_a_number() -> None:
    assert not gate.judge(RMSE, math.inf, None).passed
    assert gate.judge(GateConfig(metric="r2", threshold=0.5), math.inf, None).passed
