"""Converts what learns, the last step of the pipeline, to ONNX."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.compose import TransformedTargetRegressor

from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.classes import NamedClassifier, library
from greenroom_ml.models.onnx_columns import IR_VERSION, OPSETS


def convert_estimator(estimator: Any, width: int) -> onnx.ModelProto:
    """Return a graph from `width` numbers to probabilities, or to one number.

    The last output of the graph is the answer. Raise PipelineError for an estimator
    that none of the converters knows.
    """
    if isinstance(estimator, NamedClassifier):
        estimator = estimator.classifier_
    scaled = isinstance(estimator, TransformedTargetRegressor)
    inner = estimator.regressor_ if scaled else estimator
    convert = {"xgboost": _xgboost, "lightgbm": _lightgbm, "sklearn": _sklearn}
    try:
        if library(inner) == "skorch":
            scaler = estimator.transformer_ if scaled else None
            return _network(inner, width, scaler)
        return convert[library(estimator)](estimator, width)
    # The converters raise what they like, also for what they do not know.
    except Exception as error:
        raise PipelineError(
            f"{type(estimator).__name__} cannot be turned into ONNX ({error}): return "
            "another estimator in model.py, or set model.format to native"
        ) from error


def _sklearn(estimator: Any, width: int) -> onnx.ModelProto:
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType

    return convert_sklearn(
        estimator,
        initial_types=[("features", FloatTensorType([None, width]))],
        # Probabilities as a table, not as a dictionary for each row.
        options=(
            {id(estimator): {"zipmap": False}}
            if hasattr(estimator, "classes_")
            else None
        ),
        target_opset=OPSETS,
    )


def _xgboost(estimator: Any, width: int) -> onnx.ModelProto:
    from onnxmltools import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    return convert_xgboost(
        estimator,
        initial_types=[("features", FloatTensorType([None, width]))],
        target_opset=OPSETS[""],
    )


def _lightgbm(estimator: Any, width: int) -> onnx.ModelProto:
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    return convert_lightgbm(
        _in_float32(estimator.booster_),
        initial_types=[("features", FloatTensorType([None, width]))],
        target_opset=OPSETS[""],
        # Probabilities as a table, not as a dictionary for each row.
        zipmap=False,
    )


def _in_float32(booster: Any) -> Any:
    """Return the same trees with bounds that float32 can hold.

    ONNX rounds a bound to the nearest float32, which may be a feature's value above it.
    The next float32 below the bound parts values of float32 as the bound itself does.
    """

    def below(bound: str) -> str:
        rounded = np.float32(bound)
        if float(rounded) > float(bound):
            rounded = np.nextafter(rounded, np.float32("-inf"))
        return repr(float(rounded))

    def line(match: re.Match[str]) -> str:
        return "threshold=" + " ".join(map(below, match[1].split()))

    from lightgbm import Booster

    text = booster.model_to_string()
    text = re.sub("^threshold=(.*)$", line, text, flags=re.MULTILINE)
    # Sizes in bytes, which LightGBM can do without, and which are others now.
    text = re.sub("^tree_sizes=.*\n", "", text, flags=re.MULTILINE)
    return Booster(model_str=text)


def _network(net: Any, width: int, scaler: Any) -> onnx.ModelProto:
    """Write the layers of a network of skorch, and what scales its target back."""
    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []

    def constant(values: Any) -> str:
        name = f"constant_{len(constants)}"
        constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def node(operator: str, inputs: list[str], **attributes: object) -> str:
        output = f"step_{len(nodes)}"
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    last = "features"
    for layer in net.module_.cpu().eval().modules():
        kind = type(layer).__name__
        if kind == "Linear":
            weights = constant(layer.weight.detach().numpy())
            bias = constant(layer.bias.detach().numpy())
            last = node("Gemm", [last, weights, bias], transB=1)
        elif kind in ("ReLU", "Tanh", "Sigmoid"):
            last = node("Relu" if kind == "ReLU" else kind, [last])
        # Dropout does nothing after training; what has layers is no layer itself.
        elif kind != "Dropout" and not list(layer.children()):
            raise ValueError(f"its layer {kind} is not known")
    kind = TensorProto.FLOAT
    if hasattr(net, "classes_"):
        last = node("Softmax", [last], axis=1)
    elif scaler is not None:
        kind = TensorProto.DOUBLE
        last = node("Cast", [last], to=kind)
        last = node("Mul", [last, constant(scaler.scale_)])
        last = node("Add", [last, constant(scaler.mean_)])
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, width])],
        [helper.make_tensor_value_info(last, kind, [None, None])],
        constants,
    )
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSETS[""])],
        ir_version=IR_VERSION,
    )
