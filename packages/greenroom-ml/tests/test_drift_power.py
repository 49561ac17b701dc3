"""How often the verdict is wrong where nothing has changed, and right where it has.

A seeded simulation of whole analyses: 20 features (eleven normal, three skewed and two
rounded numbers, four categories), a reference of its own for each 40, two windows in a
row. Windows are drawn as counts. The figures are printed: pytest -s.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from greenroom_ml.config import CLASSIFICATION, REGRESSION
from greenroom_ml.monitoring import comparison, reference
from greenroom_ml.monitoring.drift_findings import Finding, weigh
from greenroom_ml.monitoring.drift_verdict import INSUFFICIENT, NONE, P0, decide

NORMAL, SKEWED, ROUNDED = 11, 3, 2
SHARES = ([0.5, 0.5], [0.8, 0.2], [0.4, 0.3, 0.2, 0.1], [0.3, 0.3, 0.2, 0.15, 0.05])
MOVED = "x0"
REFERENCES, WINDOWS = 30, 40
ALARMS = ("P0", "P1", "P2")


def table(rows: int, random: np.random.Generator) -> pd.DataFrame:
    """Return rows of all features."""
    numbers = random.normal(size=(rows, NORMAL + SKEWED + ROUNDED))
    numbers[:, NORMAL : NORMAL + SKEWED] = np.exp(numbers[:, NORMAL : NORMAL + SKEWED])
    numbers[:, NORMAL + SKEWED :] = np.round(numbers[:, NORMAL + SKEWED :])
    frame = pd.DataFrame(numbers).add_prefix("x")
    for at, shares in enumerate(SHARES):
        letters = np.array(list("abcde"))
        frame[f"c{at}"] = letters[random.choice(len(shares), rows, p=shares)]
    return frame


def truth(name: str, bins: dict[str, Any], shift: float) -> np.ndarray:
    """Return how probable each bin is for a row of `table`, moved by `shift` σ."""
    kind, at = name[0], int(name[1:])
    if kind == "c":
        shares = dict(zip("abcde", SHARES[at]))
        known = [shares[value] for value in bins["values"]]
        return np.clip([*known, 1 - sum(known), 0], 0, 1)
    edges = np.array(bins["edges"])
    if NORMAL <= at < NORMAL + SKEWED:
        edges = np.log(np.clip(edges, 1e-9, None))
    elif at >= NORMAL:
        edges = np.floor(edges) + 0.5
    return np.append(np.diff([0, *stats.norm.cdf(edges - shift), 1]), 0)


def simulate(rows: int, trained_on: int, shift: float, seed: int) -> list[Any]:
    """Return verdict and findings of 1200 analyses: 30 references, 40 windows each."""
    random, found = np.random.default_rng(seed), []
    for _ in range(REFERENCES):
        predicted = random.normal(size=trained_on)
        bins = reference.build_reference(
            table(trained_on, random), predicted, REGRESSION
        )
        compared = []
        for name, its_bins in bins["features"].items():
            shares = truth(name, its_bins, shift if name == MOVED else 0)
            counts = random.multinomial(rows, shares, size=WINDOWS + 1)
            compared.append(comparison.compare(its_bins, counts, trained_on))
        findings = [weigh(dict(zip(bins["features"], row))) for row in zip(*compared)]
        for before, now in zip(findings, findings[1:]):
            found.append((decide(now, before)[0], now))
    return found


@pytest.mark.parametrize(
    ("rows", "trained_on"),
    [(200, 200), (500, 500), (1000, 1000), (1000, 200)],
)
def test_nothing_cries_wolf(rows: int, trained_on: int) -> None:
    found = simulate(rows, trained_on, 0, seed=rows)
    verdicts = pd.Series([verdict for verdict, _ in found])
    alarms = verdicts.isin(ALARMS).mean()
    told = verdicts.isin((*ALARMS, NONE)).mean()
    print(
        f"\nno drift, n = {rows}, trained on {trained_on}: {len(found)} analyses, "
        f"any alarm {alarms:.4f}, P0 {(verdicts == P0).mean():.4f}, told {told:.2f}"
    )
    assert alarms <= 0.05
    assert (verdicts == P0).sum() == 0
    # Nobody has cried wolf by keeping silent.
    assert (told > 0.99) if rows >= 500 else set(verdicts) <= {INSUFFICIENT, "P2", NONE}


@pytest.mark.parametrize("trained_on", [200, 500])
def test_half_a_standard_deviation_is_found_in_500_rows(trained_on: int) -> None:
    found = simulate(500, trained_on, 0.5, seed=trained_on)
    power = np.mean([findings[MOVED].drifted for _, findings in found])
    alarm = np.mean([verdict in ALARMS for verdict, _ in found])
    alone = np.mean(
        [
            not any(each.drifted for name, each in findings.items() if name != MOVED)
            for _, findings in found
        ]
    )
    print(
        f"\n0.5 σ, n = 500, trained on {trained_on}: {len(found)} analyses, "
        f"found {power:.4f}, alarm {alarm:.4f}, no other feature {alone:.4f}"
    )
    assert power >= 0.95 and alarm >= 0.95 and alone >= 0.95


def coins(
    rows: int, trained_on: int, heads: float, seed: int, references: int = 15
) -> list[Any]:
    """Return verdict and findings of 20 features of two values, of which one moved."""
    random, found = np.random.default_rng(seed), []
    for _ in range(references):
        compared = []
        for at in range(20):
            column = pd.Series(random.choice(["a", "b"], trained_on))
            bins = reference.build_reference(column.to_frame(), column, CLASSIFICATION)[
                "prediction"
            ]
            share = heads if at == 0 else 0.5
            shares = [share if value == "a" else 1 - share for value in bins["values"]]
            counts = random.multinomial(rows, [*shares, 0, 0], size=WINDOWS)
            compared.append(comparison.compare(bins, counts, trained_on))
        names = [MOVED, *(f"y{at}" for at in range(1, 20))]
        for row in zip(*compared):
            findings = weigh(dict(zip(names, row)))
            found.append((decide(findings), findings))
    return found


@pytest.mark.parametrize(
    ("rows", "trained_on"), [(110, 110), (150, 150), (200, 200), (2000, 70)]
)
def test_nothing_is_said_to_be_there_only_where_it_would_have_been_seen(
    rows: int, trained_on: int
) -> None:
    quiet = coins(rows, trained_on, 0.5, seed=rows)
    moved = coins(rows, trained_on, 0.74, seed=rows)
    power = np.mean([findings[MOVED].power for _, findings in moved])
    seen = np.mean([findings[MOVED].drifted for _, findings in moved])
    verdicts = {verdict for (verdict, _), _ in quiet}
    alarms = np.mean([verdict in ALARMS for (verdict, _), _ in quiet])
    print(f"\nn = {rows}, trained on {trained_on}: power {power:.3f}, seen {seen:.3f}")
    assert alarms <= 0.05
    # It promises no more than what is seen, and not much less.
    assert -0.03 <= seen - power <= 0.2
    assert verdicts <= {*ALARMS, NONE if power >= 0.8 else INSUFFICIENT}
    # What is found is said, however few the rows.
    for (verdict, _), findings in moved:
        assert not findings[MOVED].drifted or verdict in ALARMS


@pytest.mark.parametrize(
    ("rows", "trained_on", "reason"),
    [
        (110, 110, r"^110 values were seen, at least (\d+) are needed to find a move "),
        (2000, 70, "^the model was trained on 70 rows, which are too few to find a "),
    ],
)
def test_it_says_what_it_takes(rows: int, trained_on: int, reason: str) -> None:
    [((_, said), _), *_] = coins(rows, trained_on, 0.5, 1, references=1)
    match = re.search(reason, said)
    assert match and re.search(" a power of 80%, of (\\w+, ){4}\\w+ and more$", said)
    for needed in map(int, match.groups()):
        for enough, verdict in ((needed, NONE), (needed - 1, INSUFFICIENT)):
            [((found, _), _), *_] = coins(enough, trained_on, 0.5, 1, references=1)
            assert found == verdict


@pytest.mark.parametrize(("rows", "trained_on"), [(500, 220), (2000, 400)])
def test_rare_values_cry_no_wolf(rows: int, trained_on: int) -> None:
    """20 features of 200 values each, of which many are seen a few times (Zipf)."""
    values = [f"v{at}" for at in range(200)]
    share = 1 / np.arange(1, 201)
    known = dict(zip(values, share / share.sum()))
    random, verdicts = np.random.default_rng(rows), []
    for _ in range(REFERENCES // 3):
        compared = []
        for _ in range(20):
            drawn = random.choice(values, trained_on, p=list(known.values()))
            frame = pd.DataFrame({"x": drawn})
            built = reference.build_reference(frame, drawn, CLASSIFICATION)
            bins = built["features"]["x"]
            shares = [known[value] for value in bins["values"]]
            counts = random.multinomial(rows, [*shares, 1 - sum(shares), 0], WINDOWS)
            compared.append(comparison.compare(bins, counts, trained_on))
        for row in zip(*compared):
            verdicts.append(decide(weigh(dict(zip(values, row))))[0])
    alarms = np.mean([verdict in ALARMS for verdict in verdicts])
    print(f"\nrare values, n = {rows}, trained on {trained_on}: alarm {alarms:.4f}")
    assert alarms <= 0.05 and verdicts.count(NONE) / len(verdicts) >= 0.9


def test_values_that_are_frequent_beyond_doubt_are_not_taken_together() -> None:
    values = [f"v{at}" for at in range(20)]
    bins = {"kind": "category", "values": values, "ratios": [0.04] * 20}
    bins |= {"other": 0.2, "missing": 0.0}
    usual = [40] * 20 + [200, 0]
    renamed = [0] * 5 + [40] * 15 + [400, 0]
    same, moved = comparison.compare(bins, [usual, renamed], 1000)
    assert same.p_value == pytest.approx(1) and not same.moved
    assert moved.far and moved.p_value < 1e-9
    # Of 200 rows, each of them is one of the frequent ones by luck, or may be.
    assert not comparison.compare(bins, [renamed], 220)[0].known


def test_bad_figures_of_one_window_are_not_p0() -> None:
    """Two in a row are."""
    random = np.random.default_rng(3)
    bins = reference.build_reference(table(1000, random), np.zeros(1000), REGRESSION)
    quiet, loud = ({}, {})
    for name, its_bins in bins["features"].items():
        width = len(reference.bin_names(its_bins))
        usual = np.array(reference.bin_ratios(its_bins)) * 1000
        for findings, counts in ((quiet, usual), (loud, np.eye(width)[0] * 1000)):
            [each] = comparison.compare(its_bins, [counts], 1000)
            findings[name] = Finding(name, each, each.p_value)
    assert decide(loud, quiet)[0] == decide(loud)[0] == "P1"
    assert decide(loud, loud)[0] == P0
    assert decide(quiet, loud)[0] == NONE
