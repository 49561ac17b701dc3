# SPDX-License-Identifier: Apache-2.0
"""One model of MLflow behind KServe's protocols: from a request to its answer."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import numpy as np
import orjson
import pandas as pd
from kserve import InferOutput, InferRequest, InferResponse, Model
from kserve.logging import logger
from kserve.utils.utils import cpu_count, get_predict_response

from greenroom_ml.errors import PipelineError
from greenroom_ml.hooks import Hooks
from greenroom_ml.monitoring.monitoring import Monitor
from greenroom_ml.pins import find_python_skew
from greenroom_ml.serving import inputs
from greenroom_ml.serving.confidence import ConfidenceObserver
from greenroom_ml.serving.guard import InvalidRequest, PredictionFailed
from greenroom_ml.serving.probabilities import PROBABILITIES, Probabilities
from greenroom_ml.serving.slow import SlowPredictions
from greenroom_ml.tables import cells

OUTPUT = "output-0"


class ServedModel(Model):
    """A model of MLflow, which takes what its signature says."""

    def __init__(self, name: str, folder: Path, hooks: Hooks | None = None) -> None:
        """Remember where the model is; the server loads it when it has started."""
        super().__init__(name)
        self.folder = folder
        self.hooks = hooks or Hooks()
        self.model: mlflow.pyfunc.PyFuncModel | None = None
        self.monitor = Monitor(
            name,
            _read_json(folder / "model.json"),
            _read_json(folder / "reference.json"),
        )
        self.version = str(_read_json(folder / "model.json").get("version", "")) or None
        # As many predictions at once as there are processors; the rest waits its turn,
        # and the server goes on answering probes.
        self.workers = ThreadPoolExecutor(max_workers=cpu_count())
        self.observer = ConfidenceObserver(self.monitor)
        self.slow = SlowPredictions(self.version)
        # KServe starts with what is `ready` only, and awaits `start_engine`; whether
        # requests can be answered is what `healthy` says.
        self.ready = self.engine = True

    async def start_engine(self) -> None:
        """Load the model, while the server already says that it is not ready."""
        await asyncio.to_thread(self.load)

    async def healthy(self) -> bool:
        """Say whether the model can answer."""
        return self.model is not None

    def load(self) -> bool:
        """Load the model and try it on its example; raise PipelineError if it fails."""
        if not (self.folder / "MLmodel").is_file():
            raise PipelineError(f"There is no model in {self.folder}: run `make model`")
        try:
            model = mlflow.pyfunc.load_model(str(self.folder))
            about = model.metadata.metadata or {}
            self.inputs = inputs.Inputs(
                model.metadata.get_input_schema().inputs,
                about.get("words", ()),
                about.get("missing", ()),
                about.get("present", {}),
            )
            self.probabilities = Probabilities.of(model)
            self.observer.probabilities = self.probabilities
            skew = find_python_skew(model.metadata.to_dict())
            if skew:
                logger.warning("%s", skew)
            [output, *_] = model.metadata.get_output_schema().inputs
            self.output_type = output.type.name
            example = model.metadata.load_input_example(str(self.folder))
            if example is not None:
                inputs.one_per_row(model.predict(example), len(example))
        # Whatever it is: a model that does not load is not served.
        except Exception as error:
            logger.error("The model cannot be loaded", exc_info=error)
            raise PipelineError(
                f"The model in {self.folder} cannot be loaded: "
                f"{type(error).__name__}: {error}"
            ) from error
        self.model = model
        logger.info("Serving %s, version %s", self.name, self.version or "unknown")
        return True

    def get_input_types(self) -> list[dict[str, Any]]:
        """Return one tensor per column; v2 clients ask for it."""
        return self.inputs.metadata() if self.model else []

    def get_output_types(self) -> list[dict[str, Any]]:
        """Return the tensor of one prediction per row, and what may be asked for."""
        if not self.model:
            return []
        prediction = inputs.tensor(OUTPUT, self.output_type)
        if self.probabilities is None:
            return [prediction]
        return [prediction, self.probabilities.metadata()]

    async def predict(
        self,
        payload: dict[str, Any] | InferRequest | bytes,
        headers: dict[str, str] | None = None,
        response_headers: dict[str, str] | None = None,
    ) -> dict[str, Any] | InferResponse:
        """Answer a v1 request ({"instances": [...]}) or a v2 request (tensors)."""
        asked = time.monotonic()

        def answer() -> dict[str, Any] | InferResponse:
            begun = time.monotonic()
            response = self.answer(payload)
            took = time.monotonic() - asked
            self.slow.took(took, begun - asked, _count_rows(response))
            return response

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.workers, answer)

    def answer(
        self, payload: dict[str, Any] | InferRequest | bytes
    ) -> dict[str, Any] | InferResponse:
        """Return the answer; raise InvalidRequest with what the caller did wrong."""
        if isinstance(payload, InferRequest):
            return self._answer_tensors(payload)
        if isinstance(payload, bytes):
            # What the SDK does not know for JSON by its Content-Type.
            payload = _parse(payload)
        if not isinstance(payload, dict) or "instances" not in payload:
            raise InvalidRequest('the request must be JSON like {"instances": [...]}')
        asked = self._asks(payload.get("parameters"))
        rows = self.inputs.of_instances(payload["instances"])
        result, shares = self._predict(rows, asked)
        response: dict[str, Any] = {"predictions": result.tolist()}
        if shares is not None:
            names = self.probabilities.names
            response[PROBABILITIES] = [dict(zip(names, row)) for row in shares.tolist()]
        return response

    def _answer_tensors(self, payload: InferRequest) -> InferResponse:
        outputs = [each.name for each in payload.request_outputs or ()]
        asked = self._asks(payload.parameters, PROBABILITIES in outputs)
        tensors = [_tensor(given) for given in payload.inputs]
        result, shares = self._predict(self.inputs.of_tensors(tensors), asked)
        # The SDK fails on an answer without an id, which clients may leave out.
        payload.id = payload.id or str(uuid.uuid4())
        texts = result.dtype == object
        response = get_predict_response(
            payload, result.tolist() if texts else result, self.name
        )
        response.model_version = self.version
        if shares is not None:
            output = InferOutput(
                name=PROBABILITIES,
                shape=list(shares.shape),
                datatype="FP64",
                # The protocol's parameters hold no lists.
                parameters={"classes": json.dumps(self.probabilities.names)},
            )
            output.set_data_from_numpy(shares, binary_data=payload.use_binary_outputs)
            response.outputs.append(output)
        return response

    def _asks(self, parameters: Any, asked: bool = False) -> bool:
        """Say whether a request asks for probabilities; refuse what cannot be had."""
        if isinstance(parameters, dict) and PROBABILITIES in parameters:
            wanted = parameters[PROBABILITIES]
            if not isinstance(wanted, bool):
                raise InvalidRequest(
                    f"parameters.{PROBABILITIES} must be true or false, not "
                    f"{cells.short(wanted)}"
                )
            asked = asked or wanted
        if asked and self.probabilities is None:
            raise InvalidRequest(
                f"{self.name} has no probabilities: it predicts a number, or its "
                "estimator has no predict_proba"
            )
        return asked

    def _predict(
        self, rows: pd.DataFrame, asked: bool
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Return one prediction for each row and, where asked, its probabilities."""
        try:
            rows = self.hooks.before(rows)
            answer = self.model.predict(rows)
            result = inputs.one_per_row(answer, len(rows))
            shares = self.probabilities.for_rows(rows, answer) if asked else None
            result = self.hooks.after(rows, result)
            if self.output_type in cells.DTYPES:
                result = result.astype(cells.DTYPES[self.output_type])
            elif self.output_type == "string":
                result = np.array([str(label) for label in result], dtype=object)
            self.monitor.answered(rows, result)
            self.observer.observe(rows, answer, shares)
        # The rows have been checked: what fails now is the model.
        except Exception as error:
            logger.error("The model failed on a request", exc_info=error)
            raise PredictionFailed(
                "the model failed on this request; the log of the server says why"
            ) from error
        return result, shares


def _count_rows(response: dict[str, Any] | InferResponse) -> int:
    if isinstance(response, dict):
        return len(response["predictions"])
    return int(response.outputs[0].shape[0])


def _tensor(given: Any) -> inputs.Tensor:
    values = given.data
    if values is None:
        # Binary data; strings and reshape are the SDK's.
        try:
            values = given.as_numpy().ravel().tolist()
        except (ValueError, TypeError) as error:
            raise InvalidRequest(f"the tensor {given.name!r}: {error}") from error
    return inputs.Tensor(given.name, list(given.shape), values)


def _parse(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(f"the request is not JSON: {error}") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise PipelineError(f"{path} cannot be read: {error}") from error
