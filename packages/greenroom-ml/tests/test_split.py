# SPDX-License-Identifier: Apache-2.0
"""Held-out rows and folds: stable, disjoint, and of the kind that is asked for."""

import numpy as np
import pandas as pd
import pytest
from conftest import Repository
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeClassifier

from greenroom_ml import data
from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.split import cross_validator, held_out
from greenroom_ml.evaluation.split_plan import SplitPlan

# pandas takes texts for the same that differ behind a NUL; no table has one.
TEXT = some.characters(codec="utf-8", exclude_characters="\0")
cells = some.fixed_dictionaries(
    {
        "size": some.one_of(some.integers(0, 6), some.none()),
        "town": some.one_of(some.text(TEXT, max_size=3), some.none()),
        "price": some.floats(allow_nan=True, allow_infinity=False),
    }
)


def table(rows: int, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "person": np.repeat(np.arange(rows), 4)[:rows],
            "day": pd.date_range("2020-01-01", periods=rows).astype(str),
            "x": random.normal(size=rows).round(3),
            "y": random.integers(3, size=rows),
        }
    )


@settings(max_examples=60, deadline=None)
@given(some.lists(cells, min_size=40, max_size=60), some.lists(cells, max_size=30))
def test_a_row_keeps_its_side_when_others_are_added_and_equal_rows_share_it(old, new):
    plan = SplitPlan(test_size=0.4, target="price")
    before = pd.DataFrame([*old, {"size": 9, "town": "z", "price": 1.5}])
    after = pd.DataFrame([*old, {"size": 9, "town": "z", "price": 1.5}, *new])
    try:
        side = held_out(before, plan)
        later = held_out(after, plan)
    except PipelineError:
        return
    assert (side == later[: len(side)]).all()
    text = (
        after.drop(columns="price").astype("object").where(after.notna(), "").map(str)
    )
    sides = pd.Series(later).groupby(text.agg("\x1f".join, axis=1)).nunique()
    assert sides.max() == 1


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    some.lists(cells, min_size=40, max_size=60),
    some.lists(cells, max_size=30),
    some.sets(some.sampled_from(["row id", "size", "town"]), max_size=2),
    some.lists(some.integers(0, 2), min_size=92, max_size=92),
)
def test_a_row_keeps_its_side_whatever_is_learnt_from_and_whatever_its_label(
    repository: Repository, old, new, left_out, labels
):
    def sides(rows, target, leave_out=()):
        # Copies differ in what counts the rows.
        frame = pd.DataFrame(rows).assign(target=target)
        frame.insert(0, "row id", np.arange(len(rows), dtype="float64"))
        chosen = dict.fromkeys(leave_out, "a person's choice")
        config = repository.configure(data={"leave_out": chosen})
        return frame, held_out(frame, data.split_plan(frame, config))

    rows = [*old, old[0], {"size": 9, "town": "z", "price": 1.5}]
    try:
        _, before = sides(rows, 1)
    except PipelineError:
        return
    frame, after = sides([*rows, *new], labels[: len(rows) + len(new)], left_out)
    assert (before == after[: len(before)]).all()
    key = frame[["size", "town", "price"]].astype("object")
    texts = key.where(key.notna(), "").map(str).agg("\x1f".join, axis=1)
    assert pd.Series(after).groupby(texts).nunique().max() == 1


def test_the_share_is_as_asked_and_the_seed_and_the_key_choose_it():
    frame = table(4000)
    side = held_out(frame, SplitPlan(target="y", test_size=0.25))
    assert 0.23 < side.mean() < 0.27
    assert (side != held_out(frame, SplitPlan(target="y", seed=7))).any()
    wider = frame.assign(made_of_others=frame["x"] * 2)
    assert (
        held_out(wider, SplitPlan(target="y", key=("person", "day", "x"))) == side
    ).all()
    floats = frame.assign(y=frame["y"].astype("float64"))
    assert (held_out(floats, SplitPlan(target="y")) == side).all()


def test_groups_stay_together_in_the_split_and_in_every_fold():
    frame = table(400)
    plan = SplitPlan(target="y", by="group", column="person")
    side = held_out(frame, plan)
    assert not set(frame.person[side]) & set(frame.person[~side])
    folds = cross_validator(frame, "y", "classification", plan)
    for train, test in folds:
        assert not set(frame.person[train]) & set(frame.person[test])
    assert "person" in folds.sentence
    with pytest.raises(PipelineError, match="no column 'persons'"):
        held_out(frame, SplitPlan(target="y", by="group", column="persons"))


@pytest.mark.parametrize("column", ["day", None])
def test_by_time_the_newest_are_held_out_and_folds_judge_what_came_after(column):
    frame = table(200)
    if column:
        frame = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    plan = SplitPlan(target="y", by="time", column=column)
    when = pd.Series(frame["day"] if column else frame.index)
    side = held_out(frame, plan)
    assert side.mean() == 0.25 and when[~side].max() < when[side].min()
    folds = cross_validator(frame, "y", "classification", plan)
    assert len(folds.splits) == 5 and folds.repeats == 1
    for train, test in folds:
        assert when.iloc[train].max() < when.iloc[test].min()


def test_a_column_without_dates_is_refused_with_its_row():
    frame = table(60)
    frame.loc[3, "day"] = None
    with pytest.raises(PipelineError, match="'day' has no date in row 5"):
        held_out(frame, SplitPlan(target="y", by="time", column="day"))


def test_equal_rows_are_counted_and_never_on_both_sides_of_a_fold():
    once = table(120).assign(x=np.arange(120) + 0.5)[["x", "y"]]
    frame = pd.concat([once, once], ignore_index=True)
    folds = cross_validator(frame, "y", "classification", SplitPlan())
    assert folds.repeats == 3 and "equal ones together" in folds.sentence
    for train, test in folds:
        assert not set(frame.x[train]) & set(frame.x[test])
        assert set(frame.y[test]) == {0, 1, 2}


def test_many_rows_are_judged_once_by_hash_and_far_more_not_at_all():
    frame = pd.DataFrame({"x": np.arange(30_000) // 2, "y": 0})
    folds = cross_validator(frame, "y", "regression", SplitPlan())
    assert folds.repeats == 1 and len(folds.splits) == 5
    assert not set(frame.x[folds.splits[0][0]]) & set(frame.x[folds.splits[0][1]])
    huge = pd.DataFrame({"x": np.zeros(200_001), "y": 0})
    assert cross_validator(huge, "y", "regression", SplitPlan()) is None


def test_rare_classes_break_no_fold_and_one_group_only_is_refused():
    frame = table(100).assign(y=["rare"] + ["common"] * 99)
    folds = cross_validator(frame, "y", "classification", SplitPlan())
    assert sorted(np.concatenate([t for _, t in folds.splits[:5]])) == list(range(100))
    same = pd.DataFrame({"x": [1] * 60, "y": [2] * 60})
    with pytest.raises(PipelineError, match="one side"):
        held_out(same, SplitPlan(target="y"))
    with pytest.raises(PipelineError, match="one group only"):
        cross_validator(same, "y", "regression", SplitPlan())


def test_rows_that_differ_in_the_target_alone_do_not_turn_a_model_around():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"x": random.integers(60, size=1_500)})
    frame["y"] = (random.random(1_500) < 0.3 + 0.4 * (frame["x"] > 30)).astype(int)
    folds = cross_validator(frame, "y", "classification", SplitPlan())
    for train, test in folds:
        assert not set(frame.x[train]) & set(frame.x[test])
    tree = DecisionTreeClassifier(max_leaf_nodes=4, random_state=0)
    scores = cross_val_score(
        tree, frame[["x"]], frame["y"], cv=list(folds), scoring="roc_auc"
    )
    assert scores.mean() > 0.6
    # Named rows are no duplicates, and then the folds are stratified ones.
    named = frame.assign(name=[f"n{each}" for each in range(1_500)])
    folds = cross_validator(named, "y", "classification", SplitPlan())
    assert "equal ones" not in folds.sentence
