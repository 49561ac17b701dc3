# SPDX-License-Identifier: Apache-2.0
"""Trouble of each kind is found in a small table that has it, and only there."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from greenroom_ml.errors import PipelineError
from greenroom_ml.inspection.findings_of_table import to_say
from greenroom_ml.inspection.inspection import inspect_table, read_cells, unanswered
from greenroom_ml.tables.table_cells import Finding

ROWS = 240


def clean(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    """A table as it should be: texts of measures and categories, in no order."""
    random = np.random.default_rng(seed)
    size = random.gamma(3, 200, size=rows).round().astype(int)
    return pd.DataFrame(
        {
            "size": size,
            "age": random.integers(18, 90, size=rows),
            "weight": random.normal(70, 9, size=rows).round(1),
            "town": random.choice(["Ulm", "Bonn", "Jena", "Kiel"], size=rows),
            "opened": pd.to_datetime("2024-01-01")
            + pd.to_timedelta(random.integers(0, 60, size=rows), unit="D"),
            "bought": random.choice(["yes", "no"], size=rows),
            "price": (size * 2 + random.normal(0, 500, size=rows)).round(2),
        }
    ).map(str)


def found(frame: pd.DataFrame, target: str = "bought", **options) -> dict:
    task = "regression" if target == "price" else "classification"
    findings = inspect_table(frame, target, task, **options)
    return {(each.code, *each.columns): each for each in findings}


def stopping(findings: dict) -> set:
    return {key for key, finding in findings.items() if finding.stops}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("target", ["bought", "price"])
def test_of_a_clean_table_nothing_is_said(seed, target):
    assert found(clean(seed=seed), target, metric="accuracy") == {}


@pytest.mark.parametrize("seed", range(3))
def test_nor_where_its_columns_were_read_as_numbers_and_dates(seed):
    frame = clean(seed=seed).astype({"size": int, "age": float, "weight": float})
    frame["opened"] = pd.to_datetime(frame["opened"])
    frame.loc[3, "age"] = np.nan
    assert found(frame) == {}


def shuffled(values) -> list:
    return list(np.random.default_rng(3).permutation(list(values)))


COUNTED = range(ROWS)
FOUR_EACH = np.repeat(np.arange(ROWS // 4), 4)
COLUMNS = [
    ("index-column", "", COUNTED),
    ("index-column", "Unnamed: 0", shuffled(COUNTED)),
    ("index-column", "sample", [*range(1, 121), *range(1, 121)]),
    ("id-column", "customer_id", shuffled(range(5000, 5000 + 7 * ROWS, 7))),
    ("id-column", "orderId", shuffled([*range(200), *range(40)])),
    ("id-column", "serial", shuffled(range(9000, 9000 + ROWS))),
    ("id-column", "mid", [0] * 120 + shuffled(range(120))),
    ("repeated-id", "patient", FOUR_EACH),
    ("repeated-id", "Visit ID", [f"A{each}" for each in shuffled(FOUR_EACH)]),
    ("repeated-id", "plot", [f"plot {each}" for each in FOUR_EACH]),
    ("split-column", "is_train", ["TRUE", "FALSE"] * 120),
    ("split-column", "part", ["train", "test", "train"] * 80),
    ("split-column", "fold", list(range(5)) * 48),
    ("na-as-value", "country", ["DE", "NA", "ZA", "FR", "CH"] * 48),
    ("ambiguous-date", "seen", ["4/5/2024", "1/2/2024", "11/12/2024"] * 80),
]


@pytest.mark.parametrize("code, name, values", COLUMNS)
def test_a_column_that_needs_a_choice_stops_the_run(code, name, values):
    frame = clean().assign(**{name: [str(each) for each in values]})
    findings = found(frame)
    assert stopping(findings) == {(code, name)}
    finding = findings[code, name]
    assert finding.sentence.endswith((".", "?")) and finding.remedy
    assert "data." in finding.remedy


HARMLESS = [
    ("sales", shuffled(range(0, 97 * ROWS, 97))),
    ("bid", shuffled([*range(100, 200), *range(140)])),
    ("month", list(range(1, 13)) * 20),
    ("year", shuffled(np.arange(1990, 2014).repeat(10))),
    ("country", ["DE", "", "ZA", "FR", "CH"] * 48),
    ("passed", ["NA", "yes", "no"] * 80),
    ("seen", ["4/5/2024", "13/2/2024", "11/12/2024"] * 80),
    ("set", shuffled(["A", "B"] * 120)),
    ("born", shuffled(pd.date_range("1950-01-01", periods=ROWS).astype(str))),
    ("dose", sorted([1, 2, 5] * 80)),
]


@pytest.mark.parametrize("name, values", HARMLESS)
def test_a_column_that_only_looks_like_one_does_not(name, values):
    frame = clean().assign(**{name: [str(each) for each in values]})
    assert stopping(found(frame)) == set()


def test_rows_in_time_order_are_said_and_stop_where_each_has_its_moment():
    days = pd.date_range("2020-01-01", periods=ROWS)
    for name, values in {
        "when": days.strftime("%Y/%m/%d"),
        "quarter": [f"{1950 + each // 4}Q{each % 4 + 1}" for each in range(ROWS)],
        "month": days.strftime("%b %d %Y"),
    }.items():
        assert stopping(found(clean().assign(**{name: values}))) == {
            ("time-order", name)
        }
    years = found(clean().assign(year=np.arange(2000, 2024).repeat(10).astype(str)))
    assert not years["time-order", "year"].stops
    course = np.cumsum(np.random.default_rng(1).normal(size=ROWS))
    drifting = clean().drop(columns="opened").assign(price=course.astype(str))
    assert ("rows-resemble-neighbours",) in found(drifting, "price")


def test_a_column_that_decides_the_target_is_named():
    frame = clean()
    copy = frame["bought"].map({"yes": "1", "no": "0"})
    assert stopping(found(frame.assign(churn=copy))) == {("decides-target", "churn")}
    words = frame["bought"] + frame["town"]
    assert stopping(found(frame.assign(why=words))) == {("decides-target", "why")}
    logarithm = np.log(frame["price"].astype(float).abs() + 1).astype(str)
    total = frame.assign(price=frame["price"].astype(float).abs().astype(str))
    assert ("decides-target", "log") in found(total.assign(log=logarithm), "price")
    parts = frame.assign(
        tax=(frame["price"].astype(float) - frame["size"].astype(float)).astype(str)
    )
    assert ("decides-target", "size", "tax") in found(parts, "price")


def test_cells_that_are_no_numbers_are_named_with_their_rows():
    weights = clean()["weight"].to_list()
    weights[4], weights[9] = "about 70", "[98]"
    frame = clean().assign(weight=weights)
    frame.loc[2, "bought"] = ""
    finding = found(frame)["unreadable-cells", "weight"]
    assert not finding.stops and "'about 70' in row 6" in finding.sentence
    noted = clean().assign(radius=[f"{each} (+1)" for each in range(ROWS)])
    assert ("unreadable-cells", "radius") in found(noted)


def test_what_else_is_said_of_columns_and_rows():
    frame = clean().assign(name=[f"Ann {each}x" for each in range(ROWS)], land="DE")
    frame["zip"] = shuffled([f"0{each}" for each in range(1000, 1024)] * 10)
    frame.loc[5] = frame.loc[6]
    frame.loc[7, "bought"] = ""
    findings = found(frame)
    assert stopping(findings) == set()
    assert {key[0] for key in findings} == {
        "unique-text",
        "constant-column",
        "zero-padded-code",
        "duplicate-rows",
        "missing-target",
    }
    assert findings["duplicate-rows",].figures["rows"] == 1


def test_classes_are_held_against_metric_and_threshold():
    rare = clean().assign(bought=["yes"] * 12 + ["no"] * (ROWS - 12))
    findings = found(rare, metric="accuracy", threshold=0.9)
    assert "average_precision" in findings["rare-classes", "bought"].remedy
    assert ("threshold-below-constant", "bought") in findings
    assert found(rare, metric="roc_auc", threshold=0.7) == {}
    random = np.random.default_rng(2)
    counts = clean().assign(bought=random.poisson(4, size=ROWS).astype(str))
    counts.loc[0, "bought"] = "77"
    assert ("counts-as-classes", "bought") in found(counts)
    assert "77" in found(counts)["small-classes", "bought"].sentence


def test_too_few_rows_and_too_many_columns_are_refused_with_what_to_do():
    assert stopping(found(clean(32))) == {("too-few-rows",)}
    wide = pd.concat(
        [clean(), pd.DataFrame(np.random.rand(ROWS, 1100).round(3))], axis=1
    )
    assert stopping(found(wide)) == {("too-many-columns",)}
    with pytest.raises(PipelineError, match="no column 'churned'"):
        inspect_table(clean(), "churned", "classification")


def test_a_choice_in_the_configuration_answers_what_it_is_about():
    frame = clean().assign(
        patient=FOUR_EACH.astype(str),
        is_train=["TRUE", "FALSE"] * 120,
        when=pd.date_range("2020-01-01", periods=ROWS).astype(str),
    )
    findings = inspect_table(frame, "bought", "classification")

    def open_codes(*choice, **split):
        return {each.code for each in unanswered(findings, *choice, **split)}

    assert open_codes({}, {}) == {"repeated-id", "split-column", "time-order"}
    left_out = {"is_train": "", "when": "", "patient": ""}
    assert open_codes(left_out, {}) == {"repeated-id", "time-order"}
    kept = {"time-order": "new patients of the same days"}
    by_group = {"split_by": "group", "split_column": "patient"}
    assert open_codes({"is_train": ""}, kept, **by_group) == set()
    of_parts = [Finding("decides-target", ("tax", "net"), {}, "", "", stops=True)]
    assert unanswered(of_parts, {"net": ""}, {}) == []
    assert unanswered(of_parts, {}, {"net": ""}) == of_parts
    assert open_codes({}, {"patient": ""}, split_by="time") == {"split-column"}


def test_files_are_read_as_texts_whatever_they_are_cut_by(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text('name, medal\n"Ann",  "GOLD"\n"Bo",   "NA"\n', encoding="utf-8")
    frame, findings = read_cells(file)
    assert frame.to_dict("list") == {"name": ["Ann", "Bo"], "medal": ["GOLD", "NA"]}
    assert [each.code for each in findings] == ["padded-quotes"]
    file.write_bytes("\ufeffa;b\n1,5;é\n".encode("utf-8"))
    frame, findings = read_cells(file)
    assert frame.to_dict("list") == {"a": ["1,5"], "b": ["é"]} and findings == []
    assert list(read_cells(file, ";", "utf-8")[0]) == ["a", "b"]
    file.write_bytes("a,b\nx,é\n".encode("latin-1"))
    assert read_cells(file)[0].loc[0, "b"] == "é"
    file.write_text("mpg  cyl\n18.0   8\n15.0   6\n", encoding="utf-8")
    with pytest.raises(PipelineError, match=r"separated by spaces.*to_csv"):
        read_cells(file)


def test_what_is_left_out_is_not_spoken_of_again() -> None:
    found = [
        Finding("decides-target", ("today",), {}, "today alone tells", "Leave it out"),
        Finding("few-rows", (), {}, "60 rows are few", "Add some"),
    ]
    config = SimpleNamespace(data=SimpleNamespace(leave_out={"today": "the answer"}))
    assert [each.code for each in to_say(found, config)] == ["few-rows"]
