"""Turns the trained pipeline into one ONNX graph that answers as the pipeline does.

The graph has one input for each column, named like it: numbers as float64, texts as
strings, each a list with a value for each row. Its outputs are lists, too: `prediction`
and, for classes, `probability_<class>` for each of them.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import Any

import mlflow
import numpy as np
import onnx
import onnxruntime
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.models.model import ModelInfo
from mlflow.types import ColSpec, DataType
from mlflow.types import Schema as Columns
from onnx import TensorProto, helper
from sklearn.pipeline import Pipeline

from greenroom_ml.errors import PipelineError
from greenroom_ml.models.onnx_columns import Graph, add_columns
from greenroom_ml.models.onnx_estimator import convert_estimator
from greenroom_ml.schema import Schema

LOGGER = logging.getLogger(__name__)

# How far an answer of ONNX Runtime may be from the pipeline's: a probability by so
# much, a number by so much of the spread of all predictions.
TOLERANCE = 1e-4
# Numbers are added up in float32, which holds seven digits.
ROUNDING = 3e-6
# A value that lies exactly on a bound in a tree may fall on the other side in float32.
TOLERATED_SHARE = 0.001
# Rows that ONNX Runtime is asked for at once.
CHUNK = 65_536


def model_requirements() -> list[str]:
    """Return what a server needs to load the model, in the versions that made it."""
    names = ("mlflow", "numpy", "onnxruntime", "pandas")
    return [f"{name}=={version(name)}" for name in names]


class OnnxModel:
    """The exported model, answered by ONNX Runtime."""

    def __init__(self, proto: onnx.ModelProto, classes: np.ndarray | None) -> None:
        """Take the graph and, unless it predicts numbers, the classes."""
        self.proto = proto
        options = onnxruntime.SessionOptions()
        # The same sums in the same order on every machine.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            proto.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self.outputs = [output.name for output in self.session.get_outputs()]
        if classes is not None:
            self.classes_ = classes

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        """Return one prediction for each row."""
        return self._run(features, self.outputs[:1])[0]

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """Return for each row the probability of each class."""
        return np.stack(self._run(features, self.outputs[1:]), axis=1)

    def _run(self, features: pd.DataFrame, outputs: list[str]) -> list[np.ndarray]:
        parts = [
            self.session.run(outputs, self._feed(features.iloc[start : start + CHUNK]))
            for start in range(0, len(features), CHUNK)
        ]
        return [np.concatenate(part) for part in zip(*parts)]

    def _feed(self, features: pd.DataFrame) -> dict[str, np.ndarray]:
        feed = {}
        for given in self.session.get_inputs():
            number = given.type == "tensor(double)"
            values = features[given.name].to_numpy("float64" if number else "object")
            feed[given.name] = values.reshape([-1] + [1] * (len(given.shape) - 1))
        return feed


def export_model(model: Pipeline, schema: Schema, rows: pd.DataFrame) -> OnnxModel:
    """Return the trained pipeline as an ONNX model.

    Raise PipelineError when ONNX Runtime does not answer for `rows` as the pipeline.
    """
    classes = getattr(model, "classes_", None)
    graph = Graph()
    features, width = add_columns(graph, model.named_steps["columns"], schema)
    estimator = convert_estimator(model.named_steps["estimator"], width)
    answer = graph.add_model(estimator, features)
    taken = {column.name for column in schema.features}
    if classes is None:
        outputs = [_number(graph, answer, _free("prediction", taken))]
    else:
        outputs = _classes(graph, answer, classes, taken)
    try:
        proto = graph.build(outputs, estimator)
        onnx.checker.check_model(proto)
        exported = OnnxModel(proto, classes)
        _compare(model, exported, rows)
    # The runtime's errors have no class in common but this one.
    except (onnx.checker.ValidationError, RuntimeError) as error:
        raise PipelineError(f"The ONNX model is not valid: {error}") from error
    return exported


def log_model(model: OnnxModel, signature: ModelSignature, **kwargs: Any) -> ModelInfo:
    """Log the exported model to the active MLflow run."""
    [prediction] = signature.outputs.inputs
    outputs = [ColSpec(prediction.type, model.outputs[0])]
    outputs += [ColSpec(DataType.float, name) for name in model.outputs[1:]]
    return mlflow.onnx.log_model(
        model.proto,
        signature=ModelSignature(signature.inputs, Columns(outputs)),
        onnx_execution_providers=["CPUExecutionProvider"],
        # One file, whatever its size: what KServe loads is a flat folder.
        save_as_external_data=False,
        **kwargs,
    )


def _free(name: str, taken: set[str]) -> str:
    """Return a name for an output that no column has."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _number(graph: Graph, answer: str, name: str) -> onnx.ValueInfoProto:
    shape = graph.constant(np.array([-1], dtype="int64"))
    double = graph.node("Cast", [answer], to=TensorProto.DOUBLE)
    graph.node("Reshape", [double, shape], output=name)
    return helper.make_tensor_value_info(name, TensorProto.DOUBLE, [None])


def _classes(
    graph: Graph, probabilities: str, classes: np.ndarray, taken: set[str]
) -> list[onnx.ValueInfoProto]:
    name = _free("prediction", taken)
    integers = np.issubdtype(np.asarray(classes).dtype, np.integer)
    labels = np.asarray(classes, dtype="int64" if integers else "object")
    best = graph.node("ArgMax", [probabilities], axis=1, keepdims=0)
    graph.node("Gather", [graph.constant(labels), best], output=name, axis=0)
    kind = TensorProto.INT64 if integers else TensorProto.STRING
    outputs = [helper.make_tensor_value_info(name, kind, [None])]
    for at, label in enumerate(labels.tolist()):
        name = _free(f"probability_{label}", taken)
        index = graph.constant(np.array(at, dtype="int64"))
        graph.node("Gather", [probabilities, index], output=name, axis=1)
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [None]))
    return outputs


def _compare(model: Pipeline, exported: OnnxModel, rows: pd.DataFrame) -> None:
    """Hold the answers of ONNX Runtime against the pipeline's."""
    if hasattr(model, "classes_"):
        expected, answered = model.predict_proba(rows), exported.predict_proba(rows)
        difference = np.abs(expected - answered).max(axis=1)
        bound = TOLERANCE
    else:
        expected, answered = model.predict(rows), exported.predict(rows)
        difference = np.abs(expected - answered)
        largest = float(np.abs(expected).max())
        bound = TOLERANCE * float(np.std(expected)) + ROUNDING * largest
    different = int(np.sum(~(difference <= bound)))
    LOGGER.info("ONNX Runtime differs by at most %.3g", difference.max(initial=0))
    if different > TOLERATED_SHARE * len(rows):
        raise PipelineError(
            f"The ONNX model answers differently for {different} of {len(rows)} "
            f"held-out rows, by up to {difference.max():.3g}, where {bound:.3g} is "
            "tolerated. Train another model, or serve it without ONNX"
        )
