"""From a request to the table that the model takes, and from its answer to one per row.

Knows the columns from the model's signature. Whatever does not fit is refused with a
sentence that names the row and the column; rows are counted from 0, as in JSON.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Iterable, Mapping

import numpy as np
import pandas as pd

from greenroom_ml import schema
from greenroom_ml.tables import cells
from greenroom_ml.tables.cells import InvalidRequest

MAX_ROWS = 10_000
# The types of MLflow's signatures: columns, then tensors, which NumPy names.
DATATYPES = {
    "boolean": "BOOL",
    "integer": "INT32",
    "long": "INT64",
    "float": "FP32",
    "double": "FP64",
    "bool": "BOOL",
    "int32": "INT32",
    "int64": "INT64",
    "float32": "FP32",
    "float64": "FP64",
}


@dataclass(frozen=True)
class Tensor:
    """A tensor of the Open Inference Protocol: its values, nested or in one list."""

    name: str
    shape: list[int]
    values: list[Any]


class Inputs:
    """The columns that a model takes, in their order."""

    def __init__(
        self,
        columns: Any,
        words: Iterable[dict[str, Any]] = (),
        missing: Iterable[str] = (),
        present: Mapping[str, Iterable[str]] = MappingProxyType({}),
    ) -> None:
        """Take the columns of MLflow's signature, and how the table was written.

        `words` is of `schema.describe_words`. `missing`: texts that stand for no value,
        beside the empty one; `present`: by column, those that are values there.
        """
        self.missing = frozenset({"", *missing})
        self.present = {name: frozenset(texts) for name, texts in present.items()}
        self.types = {column.name: column.type.name for column in columns}
        self.words = {
            entry["name"]: schema.Column(
                name=entry["name"],
                type=entry["type"],
                true=tuple(entry["true"]),
                false=tuple(entry["false"]),
                format=entry["format"],
            )
            for entry in words
        }

    def metadata(self) -> list[dict[str, Any]]:
        """Return one tensor per column, as v2 lists a model's inputs."""
        return [
            tensor(name, "string" if name in self.words else type_name)
            for name, type_name in self.types.items()
        ]

    def of_instances(self, instances: Any) -> pd.DataFrame:
        """Return the rows of a v1 request: objects by column, or lists in order."""
        if not isinstance(instances, list) or not instances:
            raise InvalidRequest("instances must be a list with at least one row")
        _check_rows(len(instances))
        names = list(self.types)
        if isinstance(instances[0], dict):
            columns = {name: self._of_objects(instances, name) for name in names}
            return self._table(columns)
        if len(names) == 1 and not isinstance(instances[0], list):
            return self._table({names[0]: instances})
        for row, instance in enumerate(instances):
            if not isinstance(instance, list):
                raise InvalidRequest(
                    f"row {row} must be a list of {len(names)} values, or all rows must"
                    " be objects with the columns as keys"
                )
            if len(instance) != len(names):
                raise InvalidRequest(
                    f"row {row} has {len(instance)} values; the model takes "
                    f"{self._listing()}"
                )
        return self._table(dict(zip(names, zip(*instances))))

    def of_tensors(self, tensors: list[Tensor]) -> pd.DataFrame:
        """Return the rows of a v2 request: a tensor per column, or all in one."""
        if not tensors:
            raise InvalidRequest("inputs must hold at least one tensor")
        given = {tensor.name: tensor for tensor in tensors}
        if len(given) < len(tensors):
            raise InvalidRequest("inputs must not name a tensor twice")
        names = list(self.types)
        if len(given) == 1 and not set(given) & set(names):
            return self._of_matrix(tensors[0])
        missing = [name for name in names if name not in given]
        if missing:
            raise InvalidRequest(
                f"the tensor {missing[0]!r} is missing; the model takes "
                f"{self._listing()}"
            )
        columns = {name: _flatten(given[name]) for name in names}
        rows = len(columns[names[0]])
        for name, values in columns.items():
            if math.prod(given[name].shape[1:]) != 1:
                raise InvalidRequest(
                    f"the tensor {name!r} must have the shape [{rows}] or [{rows}, 1],"
                    f" not {given[name].shape}"
                )
            if len(values) != rows:
                raise InvalidRequest(
                    f"the tensor {name!r} has {len(values)} rows, {names[0]!r} has "
                    f"{rows}"
                )
        return self._table(columns)

    def _of_objects(self, instances: list[Any], name: str) -> list[Any]:
        try:
            return [instance[name] for instance in instances]
        except (KeyError, TypeError, IndexError):
            for row, instance in enumerate(instances):
                if not isinstance(instance, dict):
                    raise InvalidRequest(
                        f"row {row} must be an object like the first one"
                    ) from None
                if name not in instance:
                    raise InvalidRequest(
                        f"row {row} has no {name!r}; send null where a value is "
                        f"missing. The model takes {self._listing()}"
                    ) from None
            raise

    def _of_matrix(self, matrix: Tensor) -> pd.DataFrame:
        names, shape = list(self.types), matrix.shape
        values = _flatten(matrix)
        if len(names) == 1 and len(shape) == 1:
            return self._table({names[0]: values})
        if len(shape) != 2 or shape[1] != len(names):
            raise InvalidRequest(
                f"the tensor {cells.short(matrix.name)} has the shape {shape}; it must "
                f"be [rows, {len(names)}], or send one tensor for each of "
                f"{self._listing()}"
            )
        width = len(names)
        return self._table({name: values[at::width] for at, name in enumerate(names)})

    def _table(self, columns: dict[str, Iterable[Any]]) -> pd.DataFrame:
        lists = {name: list(values) for name, values in columns.items()}
        rows = len(next(iter(lists.values())))
        if rows == 0:
            raise InvalidRequest("the request has no row")
        _check_rows(rows)
        return pd.DataFrame(
            {name: self._column(name, values) for name, values in lists.items()}
        )

    def _column(self, name: str, values: list[Any]) -> pd.Series:
        values = self._clean(name, values)
        if name in self.words:
            values = cells.without_words(self.words[name], values)
        return cells.column(name, self.types[name], values)

    def _clean(self, name: str, values: list[Any]) -> list[Any]:
        values = [_decoded(name, row, value) for row, value in enumerate(values)]
        places = [row for row, value in enumerate(values) if isinstance(value, str)]
        if places:
            texts = pd.Series([values[row] for row in places], dtype=object)
            present = self.present.get(name, frozenset())
            cleaned = cells.clean(texts, self.missing, present)
            for row, text, is_there in zip(places, cleaned, cleaned.notna()):
                values[row] = text if is_there else None
        return values

    def _listing(self) -> str:
        names = list(self.types)
        shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        return f"{len(names)} values: {shown}" if len(names) > 1 else shown


def tensor(name: str, type_name: str) -> dict[str, Any]:
    """Return a column as v2 describes it; texts and dates travel as BYTES."""
    datatype = DATATYPES.get(type_name, "BYTES")
    return {"name": name, "datatype": datatype, "shape": [-1]}


def one_per_row(result: Any, rows: int) -> np.ndarray:
    """Return the predictions in whatever a library answers with, one for each row.

    ONNX models answer with several tensors, the label or the number first and, for a
    classifier, the probabilities after it.
    """
    if isinstance(result, pd.DataFrame):
        parts = [result[name] for name in result.columns]
    elif isinstance(result, dict):
        parts = list(result.values())
    else:
        parts = [result]
    for part in map(np.asarray, parts):
        if part.size == rows and part.shape[:1] == (rows,):
            return part.ravel()
    shapes = ", ".join(str(np.shape(part)) for part in parts)
    raise RuntimeError(f"no prediction for each of {rows} rows among {shapes}")


def _decoded(name: str, row: int, value: Any) -> Any:
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidRequest(
            f"column {name!r}, row {row}: {cells.short(value)} is not a text in UTF-8"
        ) from None


def _check_rows(rows: int) -> None:
    if rows > MAX_ROWS:
        raise InvalidRequest(
            f"the request has {rows} rows; send at most {MAX_ROWS} at a time"
        )


def _flatten(tensor: Tensor) -> list[Any]:
    if not tensor.shape or min(tensor.shape) < 0:
        raise InvalidRequest(
            f"the tensor {cells.short(tensor.name)} has the shape {tensor.shape}; it "
            "must begin with the number of rows"
        )
    _check_rows(tensor.shape[0])
    values = tensor.values
    for _ in tensor.shape[1:]:
        if not any(isinstance(value, list) for value in values):
            break
        values = [
            cell
            for value in values
            for cell in (value if isinstance(value, list) else [value])
        ]
    if len(values) != math.prod(tensor.shape):
        raise InvalidRequest(
            f"the tensor {cells.short(tensor.name)} has {len(values)} values; its "
            f"shape {tensor.shape} asks for {math.prod(tensor.shape)}"
        )
    return values
