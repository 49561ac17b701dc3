"""Distances and tests are those of scipy, Evidently and NannyML, to the last digits.

The golden values were computed apart from this code (scipy 1.17.1, numpy 2.4.6).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from greenroom_ml.monitoring import binned_tests, comparison, distances

CASES = json.loads(Path(__file__).with_name("drift_golden.json").read_text())["cases"]
BY_COUNTS = {
    "psi_evidently": distances.psi_evidently,
    "kl_evidently": distances.kl_evidently,
    "js_distance_nat": distances.js_distance,
    "js_distance_base2": lambda *counts: distances.js_distance(*counts, 2),
    "hellinger": distances.hellinger,
    "tvd": distances.total_variation,
}
BY_VALUES = {
    "wasserstein": distances.wasserstein,
    "wasserstein_norm": distances.wasserstein_normed,
    "energy": distances.energy,
    "psi_decile_eps1e-4": lambda *samples: distances.psi_floored(
        *distances.bin_by_reference(*samples)
    ),
}


def near(value: float, relative: float = 1e-9) -> Any:
    return pytest.approx(value, rel=relative, abs=0)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_golden_values(case: dict[str, Any]) -> None:
    samples = case["reference"], case["current"]
    counts = distances.bin_together(*samples)
    checked = {"name", "kind", "reference", "current", "edges"}
    for name, distance in BY_COUNTS.items():
        assert distance(*counts) == near(case[name]), name
    checked |= set(BY_COUNTS)
    if case["kind"] == "num":
        for name, distance in BY_VALUES.items():
            assert distance(*samples) == near(case[name]), name
        for method in ("exact", "asymp", "auto"):
            found = distances.kolmogorov_smirnov(*samples, method)
            wanted = case[f"ks_{method}"]
            assert found.statistic == near(wanted["d"])
            assert found.p_value == near(wanted["p"], 1e-6)
            assert (found.location, found.sign) == (wanted["loc"], wanted["sign"])
            checked.add(f"ks_{method}")
        checked |= set(BY_VALUES)
    else:
        fit = distances.chi2_fit if "chisquare_gof" in case else None
        tests = {
            "chisquare_gof": fit,
            "chi2_contingency": lambda *each: distances.chi2_contingency(*each, True),
            "chi2_contingency_nocorr": distances.chi2_contingency,
        }
        for name, test in tests.items():
            if test is None:
                with pytest.raises(ValueError, match="the reference has not"):
                    distances.chi2_fit(*counts)
                continue
            found = test(*counts)
            assert found.statistic == near(case[name]["stat"])
            assert found.p_value == near(case[name]["p"], 1e-6)
            assert found.freedom == case[name]["df"]
            checked.add(name)
    # No figure of the file is passed over.
    assert set(case) <= checked


def test_there_are_thirteen() -> None:
    assert len(CASES) == 13


def test_binned_values_are_moved_by_their_weights() -> None:
    assert distances.wasserstein([0, 1], [0, 1], [3, 1], [1, 3]) == pytest.approx(0.5)


@given(
    st.integers(2, 12).flatmap(
        lambda n: st.tuples(
            *[
                st.lists(st.integers(0, 500), min_size=n, max_size=n).filter(any)
                for _ in "12"
            ]
        )
    )
)
def test_distances_are_symmetric_bounded_and_none_of_itself(
    pair: tuple[list[int], list[int]],
) -> None:
    one, other = pair
    for distance, most in (
        (distances.psi_evidently, np.inf),
        (distances.psi_floored, np.inf),
        (distances.hellinger, 1),
        (distances.total_variation, 1),
        (lambda *each: distances.js_distance(*each, 2), 1),
    ):
        assert distance(one, one) == pytest.approx(0, abs=1e-7)
        assert -1e-12 <= distance(one, other) <= most + 1e-9
        # Filled bins are as empty on either side.
        assert distance(one, other) == pytest.approx(distance(other, one), abs=1e-9)


@given(
    st.integers(2, 8).flatmap(
        lambda n: st.tuples(
            *[st.lists(st.integers(40, 500), min_size=n, max_size=n) for _ in "12"]
        )
    )
)
def test_many_windows_are_tested_as_one_is(pair: tuple[list[int], list[int]]) -> None:
    """Where no bin is rare, it is scipy's chi2_contingency to the digit."""
    before, now = map(np.array, pair)
    windows = np.stack([now, now[::-1], before])
    wanted = [stats.chi2_contingency([before, each], False)[1] for each in windows]
    found = binned_tests.chi2(before.astype(float), windows.astype(float))
    rare = min(*(before + now), *(before + now[::-1])) / (before.sum() + now.sum())
    if rare * min(before.sum(), now.sum()) >= binned_tests.LEAST_EXPECTED:
        assert found == pytest.approx(wanted, rel=1e-9)


def test_rare_bins_are_tested_together() -> None:
    before = np.array([500.0, 480, 2, 1, 0])
    now = np.array([[500.0, 480, 1, 2, 0], [500, 480, 60, 0, 0], [900, 80, 2, 1, 0]])
    same, new, moved = binned_tests.chi2(before, now)
    assert same > 0.9 and new < 1e-9 and moved < 1e-9
    # Few were trained on, and what they were is seen no more: Fisher's, by hand.
    [gone] = binned_tests.chi2(np.array([9.0, 9, 9, 0]), np.array([[900.0, 0, 0, 0]]))
    assert gone == pytest.approx(stats.fisher_exact([[9, 18], [900, 0]]).pvalue)
    # All rows in one bin: nothing can be told, and nothing has happened.
    assert binned_tests.chi2(np.array([50.0, 0]), np.array([[70.0, 0]])) == [1]


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=12))
def test_normal_scores_have_the_mean_and_the_order_of_a_normal_variable(
    weights: list[float],
) -> None:
    ratios = np.array(weights) / sum(weights)
    scores = binned_tests.normal_scores(ratios)
    assert ratios @ scores == pytest.approx(0, abs=1e-7)
    assert ratios @ scores**2 <= 1 + 1e-9
    assert np.all(np.diff(scores) > 0)


def test_a_shift_is_measured_in_standard_deviations() -> None:
    ratios = np.full(10, 0.1)
    edges = stats.norm.ppf(np.arange(1, 10) / 10)
    for shift in (-0.5, 0.0, 0.3, 1.0):
        above = np.concatenate([[0], stats.norm.cdf(edges - shift), [1]])
        seen = np.append(np.diff(above) * 10_000, 700.0)
        found, p_value = binned_tests.shift(
            np.append(ratios, 0.0), np.array([seen]), 10_000
        )
        # The last bins are open: what lies far out counts a little less.
        assert found[0] == pytest.approx(shift, abs=0.01 + 0.08 * abs(shift))
        assert (p_value[0] < 1e-6) == (shift != 0)


def test_false_discoveries_are_scipys_and_leave_out_what_is_unknown() -> None:
    wanted = stats.false_discovery_control([0.01, 0.04, 0.2])
    found = comparison.q_values([0.01, None, 0.04, 0.2])
    assert found == [wanted[0], None, wanted[1], wanted[2]]
    assert comparison.q_values([None]) == [None]
    assert comparison.q_values([]) == []
