"""What a server is asked becomes the table that the model takes, or a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from mlflow.types import ColSpec, DataType

from greenroom_ml.serving.inputs import Inputs, Tensor, one_per_row, tensor
from greenroom_ml.tables.cells import InvalidRequest

TYPES = {
    "price": DataType.double,
    "rooms": DataType.long,
    "weight": DataType.float,
    "new": DataType.boolean,
    "región": DataType.string,
    "seen": DataType.datetime,
}
ROW = [1, 2, 0.1, True, "süd", "2026-01-31"]
WORDS = [
    {"name": "sold", "type": "boolean", "true": ["yes"], "false": ["no"]},
    {"name": "since", "type": "date", "true": [], "false": [], "format": None},
]


@pytest.fixture
def inputs() -> Inputs:
    """Return the inputs of a model with a column of each type."""
    return Inputs([ColSpec(kind, name) for name, kind in TYPES.items()])


@pytest.fixture
def words() -> Inputs:
    """Return the inputs of a model that takes words for its numbers."""
    columns = [ColSpec(DataType.double, entry["name"]) for entry in WORDS]
    return Inputs(columns, [{"format": None, **entry} for entry in WORDS])


def tensors(rows: list[list[Any]], names: Any = TYPES) -> list[Tensor]:
    columns = zip(names, zip(*rows))
    return [Tensor(name, [len(rows)], list(cells)) for name, cells in columns]


def test_every_form_of_a_request_is_the_same_table(inputs: Inputs) -> None:
    rows = [ROW, [None, 2.0, None, None, None, None]]
    table = inputs.of_instances(rows)
    assert [str(kind) for kind in table.dtypes] == [
        "float64",
        "int64",
        "float32",
        "object",
        "object",
        "datetime64[ns]",
    ]
    assert table["región"].tolist() == ["süd", None]
    assert table["new"].tolist() == [True, None]
    assert table["seen"].iloc[0] == pd.Timestamp(2026, 1, 31)
    assert table.drop(columns="rooms").iloc[1].isna().all()
    objects = [{"unknown": 1, **dict(zip(TYPES, row))} for row in rows]
    pd.testing.assert_frame_equal(inputs.of_instances(objects), table)
    pd.testing.assert_frame_equal(inputs.of_tensors(tensors(rows)), table)
    nested = [
        Tensor(each.name, [2, 1], [[cell] for cell in each.values])
        for each in tensors(rows)
    ]
    pd.testing.assert_frame_equal(inputs.of_tensors(nested), table)
    matrix = Tensor("rows", [2, 6], [cell for row in rows for cell in row])
    pd.testing.assert_frame_equal(inputs.of_tensors([matrix]), table)
    # Binary tensors bring texts as bytes.
    encoded = [[cell.encode() if isinstance(cell, str) else cell for cell in ROW]]
    binary = inputs.of_tensors(tensors(encoded))
    pd.testing.assert_frame_equal(binary, inputs.of_instances([ROW]))


def test_one_column_needs_no_brackets() -> None:
    one = Inputs([ColSpec(DataType.double, "price")])
    table = one.of_instances([1, None])
    assert table["price"].iloc[0] == 1 and np.isnan(table["price"].iloc[1])
    assert one.of_instances([[1], [2]])["price"].tolist() == [1, 2]
    assert one.of_tensors([Tensor("x", [2], [1, 2])])["price"].tolist() == [1, 2]
    assert one.of_tensors([Tensor("x", [2, 1], [1, 2])])["price"].tolist() == [1, 2]


def test_words_become_the_numbers_of_the_training(words: Inputs) -> None:
    table = words.of_instances([["Yes", "1970-01-02"], [0, 19000], [None, ""]])
    assert table["sold"].iloc[:2].tolist() == [1, 0]
    assert table["since"].iloc[:2].tolist() == [1, 19000]
    assert table.iloc[2].isna().all()
    assert [each["datatype"] for each in words.metadata()] == ["BYTES", "BYTES"]
    with pytest.raises(InvalidRequest, match="'sold', row 1: 'maybe' is not one of"):
        words.of_instances([["no", None], ["maybe", None]])
    with pytest.raises(InvalidRequest, match="'since', row 0: 'soon' is not an ISO"):
        words.of_instances([["no", "soon"]])


def changed(at: int, value: Any) -> list[Any]:
    return [*ROW[:at], value, *ROW[at + 1 :]]


@pytest.mark.parametrize(
    ("instances", "sentence"),
    [
        ([ROW, changed(0, "1")], "'price', row 1: '1' is not a number"),
        ([changed(0, 1e39)], "'price', row 0: 1e[+]39 is not a number below"),
        ([changed(0, 10**400)], "'price', row 0: 1000.*… is not a number below"),
        ([changed(0, {"a": "x" * 99})], r"row 0: \{'a': 'x.*… is not a number"),
        ([changed(1, None)], "'rooms', row 0: None is not a whole number of 64"),
        ([changed(1, 1.5)], "'rooms', row 0: 1.5 is not a whole number"),
        ([changed(1, 2**63)], "'rooms', row 0: .* is not a whole number of 64 bits"),
        ([changed(3, "true")], "'new', row 0: 'true' is not true or false"),
        ([changed(4, 7)], "'región', row 0: 7 is not a text"),
        ([changed(4, b"\xff")], "'región', row 0: .* is not a text in UTF-8"),
        ([changed(5, "31.1.")], "'seen', row 0: '31.1.' is not a date like 2026"),
        ([ROW, ROW[:-1]], "row 1 has 5 values; the model takes 6 values: price, rooms"),
        ([ROW, {}], "row 1 must be a list of 6 values"),
        ([dict(zip(TYPES, ROW)), ROW], "row 1 must be an object like the first"),
        ([{"price": 1}], "row 0 has no 'rooms'; send null where a value is missing"),
        ([], "instances must be a list with at least one row"),
        ({"price": 1}, "instances must be a list"),
        ([ROW] * 10_001, "10001 rows; send at most 10000"),
    ],
)
def test_a_v1_request_that_does_not_fit_is_refused(
    inputs: Inputs, instances: Any, sentence: str
) -> None:
    with pytest.raises(InvalidRequest, match=sentence):
        inputs.of_instances(instances)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "at least one tensor"),
        (tensors([ROW])[:-1], "the tensor 'seen' is missing; the model takes 6"),
        (tensors([ROW]) + tensors([ROW])[:1], "must not name a tensor twice"),
        ([Tensor("x", [1, 5], [1] * 5)], r"'x' has the shape \[1, 5\]; it must be"),
        ([Tensor("x", [6], [1] * 6)], r"'x' has the shape \[6\]; it must be"),
        ([Tensor("x", [2, 6], [1] * 6)], "'x' has 6 values; .* asks for 12"),
        ([Tensor("x", [-1, 6], [1] * 6)], "must begin with the number of rows"),
        ([Tensor("x", [], [1])], "must begin with the number of rows"),
        ([Tensor("x", [0, 6], [])], "the request has no row"),
        ([Tensor("x", [10**9, 6], [])], "send at most 10000"),
        (
            [Tensor("price", [1, 2], [1, 2]), *tensors([ROW])[1:]],
            r"'price' must have the shape \[2\] or \[2, 1\], not \[1, 2\]",
        ),
        (
            [Tensor("price", [2], [1, 2]), *tensors([ROW])[1:]],
            "the tensor 'rooms' has 1 rows, 'price' has 2",
        ),
    ],
)
def test_a_v2_request_that_does_not_fit_is_refused(
    inputs: Inputs, given: list[Tensor], sentence: str
) -> None:
    with pytest.raises(InvalidRequest, match=sentence):
        inputs.of_tensors(given)


def test_types_are_told_as_the_protocol_names_them(inputs: Inputs) -> None:
    kinds = [each["datatype"] for each in inputs.metadata()]
    assert kinds == ["FP64", "INT64", "FP32", "BOOL", "BYTES", "BYTES"]
    assert tensor("y", "float32") == {"name": "y", "datatype": "FP32", "shape": [-1]}


@pytest.mark.parametrize(
    "result",
    [
        np.array([0, 1, 1]),
        np.array([[0], [1], [1]]),
        pd.Series([0, 1, 1]),
        [0, 1, 1],
        pd.DataFrame({"prediction": [0, 1, 1]}),
        # ONNX: the probabilities and the label, in either order.
        {"label": np.array([0, 1, 1]), "probabilities": np.eye(3)},
        {"probabilities": np.eye(3), "label": np.array([[0], [1], [1]])},
    ],
)
def test_whatever_a_library_answers_with_is_one_prediction_per_row(result: Any) -> None:
    assert one_per_row(result, 3).tolist() == [0, 1, 1]


def test_an_answer_of_another_size_is_a_fault_of_the_model() -> None:
    with pytest.raises(RuntimeError, match=r"for each of 3 rows among \(2,\)"):
        one_per_row(np.array([0, 1]), 3)
