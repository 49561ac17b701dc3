"""Serves the model over KServe's protocols, v1 and v2 (Open Inference Protocol).

Runs in an environment of its own (requirements-serve.lock): `make serve`.
"""

from __future__ import annotations

import argparse
import os
import uuid
from typing import Any

import mlflow.pyfunc
import numpy as np
import pandas as pd
from kserve import InferRequest, InferResponse, Model, ModelServer
from kserve.errors import InvalidInput
from kserve.model_server import parser as server_arguments
from kserve.utils.utils import get_predict_response
from mlflow.types import DataType, Schema

from . import tracking
from .config import load_config, run_step

# MLflow's types in the words of the Open Inference Protocol.
DATATYPES = {
    "boolean": "BOOL",
    "integer": "INT32",
    "long": "INT64",
    "float": "FP32",
    "double": "FP64",
}
OUTPUT = "output-0"


class ServedModel(Model):
    """A model of MLflow, which checks requests against its signature."""

    def __init__(self, name: str, uri: str) -> None:
        """Remember where the model is; `load` fetches it."""
        super().__init__(name)
        self.uri = uri
        self.load()

    def load(self) -> bool:
        """Load the model from MLflow, or from a folder."""
        self.model = mlflow.pyfunc.load_model(self.uri)
        inputs = self.model.metadata.get_input_schema().inputs
        self.columns = [column.name for column in inputs]
        self.numbers = [
            column.name for column in inputs if column.type == DataType.double
        ]
        self.ready = True
        return self.ready

    def get_input_types(self) -> list[dict[str, Any]]:
        """Return one tensor per column; v2 clients ask for it."""
        return _tensors(self.model.metadata.get_input_schema())

    def get_output_types(self) -> list[dict[str, Any]]:
        """Return the tensor that holds one prediction per row."""
        return _tensors(self.model.metadata.get_output_schema())

    def predict(
        self,
        payload: dict[str, Any] | InferRequest,
        headers: dict[str, str] | None = None,
        response_headers: dict[str, str] | None = None,
    ) -> dict[str, Any] | InferResponse:
        """Answer a v1 request ({"instances": [...]}) or a v2 request (tensors)."""
        if isinstance(payload, InferRequest):
            # The SDK fails on an answer without an id, which clients may leave out.
            payload.id = payload.id or str(uuid.uuid4())
            result = self._predict(self._rows_of_tensors(payload))
            texts = result.dtype == object
            return get_predict_response(
                payload, result.tolist() if texts else result, self.name
            )
        if not isinstance(payload, dict) or not payload.get("instances"):
            raise InvalidInput(
                'send {"instances": [...]} with Content-Type: application/json'
            )
        try:
            instances = pd.DataFrame(payload["instances"])
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"instances must be a list of rows: {error}") from error
        if not set(self.columns) & set(instances.columns):
            instances = self._named(instances)
        return {"predictions": self._predict(instances).tolist()}

    def _rows_of_tensors(self, request: InferRequest) -> pd.DataFrame:
        names = {tensor.name for tensor in request.inputs}
        if len(names) == 1 and not names & set(self.columns):
            return self._named(pd.DataFrame(request.inputs[0].as_numpy()))
        return request.as_dataframe()

    def _named(self, rows: pd.DataFrame) -> pd.DataFrame:
        if rows.shape[1] != len(self.columns):
            raise InvalidInput(
                f"a row has {rows.shape[1]} values; the model takes "
                f"{len(self.columns)}: {', '.join(self.columns)}"
            )
        return rows.set_axis(self.columns, axis="columns")

    def _predict(self, rows: pd.DataFrame) -> np.ndarray:
        try:
            # JSON's 40 is a whole number, which MLflow does not take for a double.
            numbers = [name for name in self.numbers if name in rows]
            rows = rows.astype(dict.fromkeys(numbers, "float64"))
            return np.asarray(self.model.predict(rows))
        except (mlflow.MlflowException, TypeError, ValueError) as error:
            raise InvalidInput(str(error)) from error


def _tensors(schema: Schema) -> list[dict[str, Any]]:
    return [
        {
            "name": column.name or OUTPUT,
            "datatype": DATATYPES.get(column.type.name, "BYTES"),
            "shape": [-1],
        }
        for column in schema.inputs
    ]


def main() -> None:
    """Serve until stopped; takes the flags of KServe's own servers."""
    config = load_config()
    parser = argparse.ArgumentParser(
        parents=[server_arguments], conflict_handler="resolve"
    )
    parser.add_argument(
        "--model_uri",
        default=os.environ.get(
            "MODEL_URI", f"models:/{config.registered_model}@champion"
        ),
        help="a model of MLflow, or a folder that holds one",
    )
    parser.set_defaults(model_name=config.registered_model)
    arguments = parser.parse_args()
    if arguments.model_uri.startswith("models:"):
        with tracking.mlflow_connection():
            model = ServedModel(arguments.model_name, arguments.model_uri)
    else:
        model = ServedModel(arguments.model_name, arguments.model_uri)
    ModelServer().start([model])


if __name__ == "__main__":
    run_step(main)
