"""The bins of the reference: few, stable, and the same for everyone who counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenroom_ml.config import CLASSIFICATION, REGRESSION
from greenroom_ml.monitoring import reference


def describe(column: pd.Series, task: str = REGRESSION) -> dict[str, Any]:
    frame = pd.DataFrame({"x": column})
    return reference.build_reference(frame, [0.0], task)["features"]["x"]


def test_numbers_are_cut_into_tenths() -> None:
    numbers = pd.Series(np.random.default_rng(1).normal(size=1000))
    bins = describe(numbers)
    assert bins["kind"] == "number"
    assert bins["ratios"] == pytest.approx([0.1] * 10)
    assert reference.count_bins(bins, numbers) == [100] * 10 + [0]
    beyond = pd.Series([-1e9, 1e9, np.nan, np.inf])
    assert reference.count_bins(bins, beyond) == [1] + [0] * 8 + [2, 1]
    first, *_, last, missing = reference.bin_names(bins)
    assert first.startswith("(-inf, ") and last.endswith(", inf)")
    assert missing == "missing"


def test_a_value_stays_in_its_bin_with_fewer_digits() -> None:
    prices = pd.Series([0.1, 0.2, 0.3, 0.7, 1.1] * 100)
    bins = describe(prices)
    exact = reference.count_bins(bins, prices)
    rounded = reference.count_bins(bins, prices.astype("float32"))
    assert rounded == exact == [100] * 5 + [0]


@pytest.mark.parametrize(
    ("numbers", "counts"),
    [
        ([3.0] * 50, [0, 50, 0, 0]),
        ([0.0] * 49 + [1.0], [49, 1, 0]),
        ([0.0] + [1.0] * 49, [1, 49, 0]),
        ([0.0, 1.0] * 25, [25, 25, 0]),
        ([np.nan] * 50, [0, 50]),
        ([5.0, np.nan], [0, 1, 0, 1]),
        ([], [0, 0]),
    ],
)
def test_a_change_of_few_or_equal_numbers_is_still_seen(
    numbers: list[float], counts: list[int]
) -> None:
    column = pd.Series(numbers, dtype="float64")
    bins = describe(column)
    assert reference.count_bins(bins, column) == counts
    if len(set(numbers) - {np.nan}) > 0 and not np.isnan(numbers[0]):
        moved = reference.count_bins(bins, column - 10)
        assert moved != counts and sum(moved) == len(column)


def test_categories_keep_the_frequent_values_only() -> None:
    values = ["north"] * 600 + ["süd, west"] * 300 + ["jane@example.org"] + [None] * 99
    bins = describe(pd.Series(values, dtype=object))
    assert bins["kind"] == "category"
    assert bins["values"] == ["north", "süd, west"]
    assert reference.bin_ratios(bins) == pytest.approx([0.6, 0.3, 0.001, 0.099])
    seen = pd.Series(["north", "east", None, "missing", "other", 7], dtype=object)
    assert reference.count_bins(bins, seen) == [1, 0, 4, 1]

    many = pd.Series([f"value {number % 50}" for number in range(1000)])
    assert len(describe(many)["values"]) == reference.MAX_VALUES
    named = pd.Series(["other", "missing", "x" * 101] * 50)
    assert describe(named)["values"] == []


def test_truth_values_and_classes_are_categories() -> None:
    assert describe(pd.Series([True, False, True]), CLASSIFICATION)["values"] == [
        "true",
        "false",
    ]
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    built = reference.build_reference(frame, np.array([0, 1, 1]), CLASSIFICATION)
    assert built["prediction"]["values"] == ["1", "0"]
    assert built["prediction"]["rows"] == 3
    # The same class, whatever a library makes of it.
    for labels in ([1], [1.0], ["1"], np.array([1], dtype="int32")):
        assert reference.count_bins(built["prediction"], pd.Series(labels))[0] == 1


def test_dates_are_numbers() -> None:
    dates = pd.Series(pd.date_range("2024-01-01", periods=100))
    bins = describe(dates)
    assert bins["kind"] == "number" and len(bins["edges"]) == 9
    assert reference.count_bins(bins, dates) == [10] * 10 + [0]
    later = dates + pd.Timedelta(days=365)
    assert reference.count_bins(bins, later)[-2] == 100


def test_of_very_many_features_the_first_are_taken() -> None:
    frame = pd.DataFrame({f"x{number}": [1.0, 2.0] for number in range(300)})
    built = reference.build_reference(frame, [1.0], REGRESSION)
    assert list(built["features"]) == [f"x{n}" for n in range(reference.MAX_FEATURES)]


def test_confidence_has_bins_of_one_width() -> None:
    shares = np.array([[0.5, 0.5], [0.05, 0.95], [1.0, 0.0], [0.62, 0.38]])
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]})
    built = reference.build_reference(frame, list("abab"), CLASSIFICATION, shares)
    bins = built["confidence"]
    assert (bins["kind"], bins["rows"]) == ("number", 4)
    named = dict(zip(reference.bin_names(bins), reference.bin_ratios(bins)))
    assert {name: ratio for name, ratio in named.items() if ratio} == {
        "(0.45, 0.5]": 0.25,
        "(0.6, 0.65]": 0.25,
        "(0.9, 0.95]": 0.25,
        "(0.95, inf)": 0.25,
    }
    assert "confidence" not in reference.build_reference(frame, [1.0] * 4, REGRESSION)
