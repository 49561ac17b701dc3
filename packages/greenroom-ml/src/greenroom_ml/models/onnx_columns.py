"""Writes the preparation of the columns as nodes of an ONNX graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, compose, helper, numpy_helper
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from greenroom_ml.schema import Schema

OPSETS = {"": 15, "ai.onnx.ml": 3}
# Belongs to opset 15.
IR_VERSION = 8
# The texts in which ONNX Runtime gets a missing value from Python.
MISSING = ("None", "nan", "<NA>")
# A text that no column holds.
UNKNOWN = "\0unknown"


class Graph:
    """Collects the nodes, the constants and the inputs of a graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.inputs: list[onnx.ValueInfoProto] = []

    def node(
        self,
        operator: str,
        inputs: list[str],
        output: str | None = None,
        domain: str = "",
        **attributes: Any,
    ) -> str:
        """Add a node; return the name of its output."""
        output = output or f"step/{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operator, inputs, [output], domain=domain, **attributes)
        )
        return output

    def constant(self, values: np.ndarray) -> str:
        """Add a constant; return its name."""
        name = f"constant/{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def add_model(self, model: onnx.ModelProto, features: str) -> str:
        """Add the nodes of a model with one input; return its last output."""
        graph = compose.add_prefix(model, "estimator/").graph
        self.node("Identity", [features], output=graph.input[0].name)
        self.nodes.extend(graph.node)
        self.constants.extend(graph.initializer)
        return graph.output[-1].name

    def build(
        self, outputs: list[onnx.ValueInfoProto], estimator: onnx.ModelProto
    ) -> onnx.ModelProto:
        """Return the graph as a model; `estimator` says which operators it uses."""
        opsets = {each.domain: each.version for each in estimator.opset_import}
        for domain, least in OPSETS.items():
            opsets[domain] = max(opsets.get(domain, 0), least)
        graph = helper.make_graph(
            self.nodes, "model", self.inputs, outputs, self.constants
        )
        return helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid(*opset) for opset in opsets.items()],
            ir_version=IR_VERSION,
        )


def add_columns(
    graph: Graph, columns: ColumnTransformer, schema: Schema
) -> tuple[str, int]:
    """Add an input for each column and what prepares it.

    Return the name of the table of float32 that the estimator takes, and its width.
    """
    parts: list[str] = []
    widths: list[int] = []
    tables: dict[str, str] = {}
    shape = graph.constant(np.array([-1, 1], dtype="int64"))
    for feature in schema.features:
        kind = TensorProto.DOUBLE if feature.numeric else TensorProto.STRING
        # MLflow hands over a list for each column, and a table if there is one only.
        axes = [None, 1] if len(schema.features) == 1 else [None]
        graph.inputs.append(helper.make_tensor_value_info(feature.name, kind, axes))
        tables[feature.name] = graph.node("Reshape", [feature.name, shape])
    numbers = [tables[each.name] for each in schema.features if each.numeric]
    texts = [tables[each.name] for each in schema.features if not each.numeric]
    if numbers:
        parts.append(_numbers(graph, numbers, columns.named_transformers_["numbers"]))
        widths.append(len(numbers))
    if texts:
        for text, (values, table) in zip(
            texts, _tables(columns.named_transformers_["texts"])
        ):
            parts.append(_look_up(graph, text, values, table))
            widths.append(table.shape[1])
    joined = graph.node("Concat", parts, axis=1)
    return joined, sum(widths)


def _numbers(graph: Graph, columns: list[str], fitted: Any) -> str:
    """Fill in missing numbers and scale, as the fitted steps do."""
    steps = (
        [step for _, step in fitted.steps] if isinstance(fitted, Pipeline) else [fitted]
    )
    imputer, scalers = steps[0], steps[1:]
    table = graph.node("Concat", columns, axis=1)
    medians = graph.constant(np.asarray(imputer.statistics_, dtype="float64"))
    missing = graph.node("IsNaN", [table])
    table = graph.node("Where", [missing, medians, table])
    for scaler in scalers:
        table = graph.node("Sub", [table, graph.constant(scaler.mean_)])
        table = graph.node("Div", [table, graph.constant(scaler.scale_)])
    return graph.node("Cast", [table], to=TensorProto.FLOAT)


def _tables(texts: Pipeline) -> list[tuple[list[str], np.ndarray]]:
    """Return for each column of text its values, and what the steps make of each.

    The table has two rows more: for a missing value, and for one that is not known.
    """
    encoder = texts[-1]
    known = [list(values) for values in encoder.categories_]
    widths = [1] * len(known)
    if isinstance(encoder, OneHotEncoder):
        # All rare values share one column.
        rare = encoder.infrequent_categories_
        less = [0 if each is None else len(each) - 1 for each in rare]
        widths = [len(values) - joined for values, joined in zip(known, less)]
    tables = []
    for at, values in enumerate(known):
        # Through the fitted steps themselves, one column at a time.
        names = texts.feature_names_in_
        rows = pd.DataFrame(None, range(len(values) + 2), names, dtype=object)
        rows[names[at]] = [*values, None, UNKNOWN]
        start = sum(widths[:at])
        encoded = texts.transform(rows)[:, start : start + widths[at]]
        tables.append((values, np.asarray(encoded, dtype="float32")))
    return tables


def _look_up(graph: Graph, text: str, values: list[str], table: np.ndarray) -> str:
    rows = {value: at for at, value in enumerate(values)}
    for alias in MISSING:
        rows.setdefault(alias, len(values))
    row = graph.node(
        "LabelEncoder",
        [graph.node("Reshape", [text, graph.constant(np.array([-1], dtype="int64"))])],
        domain="ai.onnx.ml",
        keys_strings=list(rows),
        values_int64s=list(rows.values()),
        default_int64=len(values) + 1,
    )
    return graph.node("Gather", [graph.constant(table), row], axis=0)
