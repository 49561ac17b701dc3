"""The data arrives checked, complete and split the same way every time."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from conftest import Repository

from greenroom_ml import data, schema, training
from greenroom_ml.config import CLASSIFICATION, METRICS, REGRESSION, Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.inspection import findings_of_table
from greenroom_ml.tables import table as tables

CSV = {"delimiter": ",", "encoding": "utf-8", "decimal": ".", "missing": [""]}


def csv_config(
    repository: Repository,
    text: str | bytes,
    columns: list[dict[str, Any]],
    task: str = CLASSIFICATION,
    **dialect: Any,
) -> Config:
    """Write a table and its schema; the last column is the target."""
    encoding = dialect.get("encoding", "utf-8")
    folder = repository.folder / "data"
    folder.mkdir(exist_ok=True)
    content = text.encode(encoding) if isinstance(text, str) else text
    (folder / "table.csv").write_bytes(content)
    target = columns[-1]["name"] if columns else "y"
    described = {
        "version": 1,
        "csv": {**CSV, **dialect},
        "source": {"file": "data/table.csv"},
        "rows": 40,
        "target": target,
        "columns": columns,
    }
    (folder / "schema.json").write_text(json.dumps(described))
    return repository.configure(
        data={"dataset": "csv", "csv_file": "data/table.csv", "target": target},
        model={"task": task},
        gate={"metric": METRICS[task][0]},
    )


def column(name: str, kind: str = "number", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "missing": True, **more}


def table(target: list[object]) -> str:
    return "x,y\n" + "\n".join(f"{row},{value}" for row, value in enumerate(target))


def test_a_row_keeps_its_side_when_rows_and_columns_are_added(
    repository: Repository,
) -> None:
    def sides(rows: int, more: str = "") -> tuple[set[float], set[float]]:
        text = "x,y\n" + "\n".join(f"{row},{row % 3}" for row in range(rows))
        loaded = csv_config(repository, text, [column("x"), column("y")])
        own = f"    frame['z'] = frame['x'] * 2\n{more}    return frame\n"
        repository.write(
            "data",
            "from greenroom_ml.data import read_data\n\ndef load(config):\n"
            f"    frame = read_data(config)\n{own if more else '    return frame'}\n",
        )
        parts = data.split_data(data.load_data(loaded), loaded)
        return set(parts[0]["x"]), set(parts[1]["x"])

    learnt, held_out = sides(200)
    assert 0.15 < len(held_out) / 200 < 0.45 and not learnt & held_out
    more_learnt, more_held_out = sides(300, "    frame['w'] = 1.0\n")
    assert learnt < more_learnt and held_out < more_held_out


def test_nothing_to_learn_from_is_said(repository: Repository) -> None:
    text = "x,y\n" + "\n".join(f"{row},{int(row >= 30)}" for row in range(40))
    csv_config(repository, text, [column("x"), column("y")])
    loaded = repository.configure(split={"by": "time"})
    with pytest.raises(PipelineError, match="one class of 'y' only; choose another"):
        data.split_data(data.load_data(loaded), loaded)


def test_what_the_table_shows_waits_for_a_person(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "\n".join(f"{row},{row * 7 % 41},{row % 2}" for row in range(100))
    columns = [column("index"), column("x"), column("y")]
    loaded = csv_config(repository, f"index,x,y\n{rows}\n", columns)
    with pytest.raises(PipelineError, match="table.csv needs a choice.*'index'.*keep"):
        training.load(loaded)
    # Which is no reason not to download them, and to look at them.
    data.main()
    assert "! index counts the rows" in capsys.readouterr().out
    for choice in ({"leave_out": {"index": "counts rows"}}, {"keep": {"index": "ok"}}):
        chosen = repository.configure(data=choice, split={"by": "rows"})
        open_ = findings_of_table.inspect(chosen)
        with_all = {finding.code: "seen" for finding in open_ if finding.stops}
        kept = {"keep": {**choice.get("keep", {}), **with_all}}
        assert len(training.load(repository.configure(data=kept))) == 100


def test_the_digest_sees_every_cell_and_every_name() -> None:
    frame = pd.DataFrame({"a": range(20_000), "b": "x"})
    changed = frame.copy()
    changed.loc[19_999, "a"] = 0
    digests = {
        data.data_digest(frame),
        data.data_digest(changed),
        data.data_digest(frame.rename(columns={"b": "c"})),
        data.data_digest(frame.head(19_999)),
    }
    assert len(digests) == 4
    assert data.data_digest(frame.copy()) == data.data_digest(frame)
    # However the texts are kept in memory.
    assert data.data_digest(frame.astype({"b": "category"})) in digests


def test_a_table_is_read_as_its_schema_says(
    repository: Repository,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Small enough that values and categories meet across chunks.
    monkeypatch.setattr(tables, "CHUNK", 7)
    rows = [
        f"1.{age:03d},5; region {age % 3} ;{age % 28 + 1:02d}.01.2024;"
        f"{'JA' if age % 2 else 'nein'};{'k.A.' if age % 4 == 0 else age};ignored;{age}"
        for age in range(28)
    ]
    rows += ["", ";;31.12.9999;;;;5", "1;north;01.02.2024;ja;1;;"]
    text = " spent €; home region;seen;member;visits;;age\n" + "\n".join(rows)
    loaded = csv_config(
        repository,
        text,
        [
            column("spent €"),
            column("home region", "category"),
            column("seen", "date", format="%d.%m.%Y"),
            column("member", "boolean", true=["ja"], false=["nein"]),
            column("visits"),
            column("age"),
        ],
        REGRESSION,
        **{"delimiter": ";", "encoding": "cp1252", "decimal": ",", "thousands": "."},
        missing=["", "k.A."],
    )
    frame = data.load_data(loaded)
    assert len(frame) == 29
    assert frame["spent €"].iloc[1] == 1001.5
    assert frame["home region"].iloc[1] == "region 1"
    assert len(data.read_data(loaded)["home region"].cat.categories) == 4
    assert frame["seen"].iloc[1] - frame["seen"].iloc[0] == 1
    assert frame["seen"].iloc[0] == (pd.Timestamp("2024-01-01") - pd.Timestamp(0)).days
    assert frame["seen"].iloc[28] == 2_932_896
    assert frame["member"].iloc[:3].tolist() == [0, 1, 0]
    assert frame["visits"].isna().sum() == 8
    assert "1 of 30 rows have no value in 'age'" in caplog.text
    words = schema.describe_words(data.schema_for(frame, loaded))
    assert [entry["name"] for entry in words] == ["seen", "member"]


def test_texts_that_are_different_in_every_row_are_not_learnt_from(
    repository: Repository, caplog: pytest.LogCaptureFixture
) -> None:
    text = "id,x,y\n" + "\n".join(f"A-{row},{row},{row % 2}" for row in range(40))
    columns = [column("id", "text"), column("x"), column("y")]
    loaded = csv_config(repository, text, columns)
    frame = data.load_data(loaded)
    assert list(frame.columns) == ["id", "x", "y"]
    assert data.schema_for(frame, loaded).features == (schema.Column("x", "number"),)
    assert "not learnt from: id" in caplog.text
    # Unless there is nothing else.
    alone = csv_config(repository, text, [column("id", "text"), column("y")])
    frame = data.load_data(alone)
    assert [each.name for each in data.schema_for(frame, alone).features] == ["id"]


def test_classes_keep_the_names_that_the_file_has(repository: Repository) -> None:
    target = column("y", "boolean", true=["Ja"], false=["nein"])
    loaded = csv_config(repository, table(["ja", "NEIN"] * 20), [column("x"), target])
    assert set(data.load_data(loaded)["y"]) == {"Ja", "nein"}
    loaded = csv_config(
        repository, table(["1.0", "2"] * 20), [column("x"), column("y")]
    )
    assert set(data.load_data(loaded)["y"]) == {1, 2}
    many = csv_config(
        repository,
        table(["a", "b"] * 20 + ["c"]),
        [column("x"), column("y", "category")],
    )
    assert data.load_data(many)["y"].value_counts().to_dict() == {
        "a": 20,
        "b": 20,
        "c": 1,
    }


WORDS = column("y", "boolean", true=["yes"], false=["no"])


@pytest.mark.parametrize(
    ("text", "target", "task", "message"),
    [
        ("x,z\n1,2\n", column("y"), "regression", "row 1: .* no column 'y'.* has x, z"),
        ("x,y,y\n", column("y"), "regression", "row 1: column 'y' is there twice"),
        (
            table([1] * 39 + ["n/k"]),
            column("y"),
            "regression",
            "table.csv, row 41, column 'y': 'n/k' is not a number",
        ),
        (
            table([1, "inf"]),
            column("y"),
            "regression",
            "row 3, column 'y': 'inf' is not",
        ),
        (table(["1,5"]), column("y"), "regression", "row 2: there are 3 cells, but 2"),
        (
            "x,y\n1,2\n\n3\n",
            column("y"),
            "regression",
            "row 4: there are 1 cells, but 2",
        ),
        ('x,y\n"1\n",2\nz,3\n', column("y"), "regression", "row 3, column 'x': 'z' is"),
        (
            table(["yes", "no", "maybe"]),
            WORDS,
            "classification",
            "row 4, column 'y': 'maybe' is not one of yes, no",
        ),
        (
            table(["2024-02-30"]),
            column("y", "date", format="%Y-%m-%d"),
            "regression",
            "row 2, column 'y': '2024-02-30' is not a date like %Y-%m-%d",
        ),
        (
            table(["soon"]),
            column("y", "date"),
            "regression",
            "row 2, column 'y': 'soon' is not an ISO 8601 date",
        ),
        ("", column("y"), "regression", "is empty; row 1 must hold the headers"),
        ("x,y\n\n", column("y"), "regression", "has no rows below its headers"),
        ("x,y\n1,2\x00", column("y"), "regression", "is not a"),
        (table([""] * 40), column("y"), "classification", "'y' is empty"),
        (
            table(["a"] * 40),
            column("y", "category"),
            "classification",
            "'y' has one class only, 'a'",
        ),
        (
            table(["a", "b"] * 20),
            column("y", "category"),
            "regression",
            "'y' holds 'a', which is not a number",
        ),
        (
            table(range(40)),
            column("y"),
            "classification",
            "no class of the target column 'y' has two rows",
        ),
        (
            table(range(200)),
            column("y"),
            "classification",
            "'y' has 200 different values",
        ),
        (
            table([1, 2] * 4),
            column("y"),
            "classification",
            "8 rows with a value in 'y'",
        ),
        (b"x,y\n\xff,1\n", column("y"), "regression", "table.csv is not utf-8"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_row_and_column(
    repository: Repository,
    text: str | bytes,
    target: dict[str, Any],
    task: str,
    message: str,
) -> None:
    loaded = csv_config(repository, text, [column("x"), target], task)
    with pytest.raises(PipelineError, match=message):
        data.load_data(loaded)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ([column("x"), column("y", "money")], "column 'y': type must be one of number"),
        ([column("x"), column("x"), column("y")], "has the column 'x' twice"),
        ([column("y")], "has no column to learn from"),
        ([], "has no column 'y'"),
        ([{"name": "y"}], "schema.json cannot be read"),
    ],
)
def test_a_schema_that_is_wrong_is_named(
    repository: Repository, columns: list[dict[str, Any]], message: str
) -> None:
    loaded = csv_config(repository, table([1, 2] * 20), columns)
    with pytest.raises(PipelineError, match=message):
        data.load_data(loaded)


def test_a_file_that_is_missing_is_named(repository: Repository) -> None:
    loaded = csv_config(repository, "x,y\n", [column("x"), column("y")])
    loaded.csv_file.unlink()
    with pytest.raises(PipelineError, match="table.csv .* is not in"):
        data.load_data(loaded)
    loaded.csv_file.with_name("schema.json").unlink()
    with pytest.raises(PipelineError, match="schema.json cannot be read"):
        data.load_data(loaded)


def test_a_bundled_data_set_is_not_downloaded(
    classification: Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data.main()
    assert capsys.readouterr().out == "iris: 150 rows, 4 columns to learn from\n"


def test_left_out_columns_are_there_to_split_by_and_not_to_learn_from(
    repository: Repository,
) -> None:
    text = "id,x,y\n" + "\n".join(f"{row},{row},{row % 2}" for row in range(40))
    columns = [column("id"), column("x"), column("y")]
    csv_config(repository, text, columns)
    loaded = repository.configure(data={"leave_out": {"id": "names the row"}})
    frame = data.load_data(loaded)
    assert list(frame.columns) == ["id", "x", "y"]
    assert [each.name for each in data.schema_for(frame, loaded).features] == ["x"]
    unknown = repository.configure(data={"leave_out": {"idd": "names the row"}})
    with pytest.raises(PipelineError, match="leave_out names idd, which table.csv has"):
        data.load_data(unknown)


def test_the_owner_loads_whatever_has_the_target(repository: Repository) -> None:
    repository.write(
        "data",
        "import pandas as pd\n\ndef load(config):\n"
        "    days = pd.date_range('2024-01-01', periods=40)\n"
        "    return pd.DataFrame({'day': days, 'n': range(40), 'ok': [True, False]*20,"
        " 'word': ['a', None] * 20, 'target': ['x', 'y'] * 20})\n",
    )
    loaded = repository.configure()
    frame = data.load_data(loaded)
    assert [str(dtype) for dtype in frame.dtypes[:4]] == ["float64"] * 3 + ["category"]
    assert frame["day"].iloc[1] - frame["day"].iloc[0] == 1
    assert frame["word"].isna().sum() == 20
    kinds = [each.numeric for each in data.schema_for(frame, loaded).features]
    assert kinds == [True, True, True, False]
    for body, message in (
        ("return 5", "must return a DataFrame"),
        ("import pandas; return pandas.DataFrame({'x': [1]})", "no column 'target'"),
    ):
        repository.write("data", f"def load(config):\n    {body}\n")
        with pytest.raises(PipelineError, match=message):
            data.load_data(loaded)
