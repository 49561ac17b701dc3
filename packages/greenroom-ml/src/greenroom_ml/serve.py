"""Serves the model over KServe's protocols, v1 and v2 (Open Inference Protocol).

Runs in an environment of its own (requirements-serve.lock), on the folder that
`greenroom-ml download` fills. Ready when the model is loaded and has answered once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import mlflow.pyfunc
import numpy as np
import orjson
import pandas as pd
from kserve import InferRequest, InferResponse, Model, ModelServer
from kserve.logging import logger
from kserve.model_server import app
from kserve.model_server import parser as server_arguments
from kserve.protocol.dataplane import DataPlane
from kserve.protocol.model_repository_extension import ModelRepositoryExtension
from kserve.utils.utils import cpu_count, get_predict_response

from greenroom_ml.config import load_config
from greenroom_ml.errors import PipelineError
from greenroom_ml.hooks import Hooks
from greenroom_ml.monitoring.monitoring import Monitor
from greenroom_ml.serving import inputs
from greenroom_ml.serving.guard import (
    LOOPBACK,
    MAX_HEADER_BYTES,
    InvalidRequest,
    PredictionFailed,
    calm_log,
    protect,
)
from greenroom_ml.tables import cells

OUTPUT = "output-0"
MAX_CONNECTIONS = 1000


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
            self.inputs = inputs.Inputs(
                model.metadata.get_input_schema().inputs,
                (model.metadata.metadata or {}).get("words", ()),
            )
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
        """Return the tensor that holds one prediction per row."""
        return [inputs.tensor(OUTPUT, self.output_type)] if self.model else []

    async def predict(
        self,
        payload: dict[str, Any] | InferRequest | bytes,
        headers: dict[str, str] | None = None,
        response_headers: dict[str, str] | None = None,
    ) -> dict[str, Any] | InferResponse:
        """Answer a v1 request ({"instances": [...]}) or a v2 request (tensors)."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.workers, self._answer, payload)

    def _answer(
        self, payload: dict[str, Any] | InferRequest | bytes
    ) -> dict[str, Any] | InferResponse:
        if isinstance(payload, InferRequest):
            tensors = [_tensor(given) for given in payload.inputs]
            result = self._predict(self.inputs.of_tensors(tensors))
            # The SDK fails on an answer without an id, which clients may leave out.
            payload.id = payload.id or str(uuid.uuid4())
            texts = result.dtype == object
            response = get_predict_response(
                payload, result.tolist() if texts else result, self.name
            )
            response.model_version = self.version
            return response
        if isinstance(payload, bytes):
            # What the SDK does not know for JSON by its Content-Type.
            payload = _parse(payload)
        if not isinstance(payload, dict) or "instances" not in payload:
            raise InvalidRequest('the request must be JSON like {"instances": [...]}')
        rows = self.inputs.of_instances(payload["instances"])
        return {"predictions": self._predict(rows).tolist()}

    def _predict(self, rows: pd.DataFrame) -> np.ndarray:
        try:
            rows = self.hooks.before(rows)
            answer = self.model.predict(rows)
            result = inputs.one_per_row(answer, len(rows))
            result = self.hooks.after(rows, result)
            if self.output_type in cells.DTYPES:
                result = result.astype(cells.DTYPES[self.output_type])
            elif self.output_type == "string":
                result = np.array([str(label) for label in result], dtype=object)
            self.monitor.answered(rows, result)
        # The rows have been checked: what fails now is the model.
        except Exception as error:
            logger.error("The model failed on a request", exc_info=error)
            raise PredictionFailed(
                "the model failed on this request; the log of the server says why"
            ) from error
        return result


class Protocols(DataPlane):
    """KServe's protocols, with a readiness that waits for the model."""

    draining = False

    async def ready(self) -> bool:
        """Say whether requests may be sent here: not while loading, nor at the end."""
        models = self.model_registry.get_models().values()
        return not self.draining and all([await model.healthy() for model in models])

    def decode(self, *args: Any, **kwargs: Any) -> Any:
        """Read a request; what the SDK stumbles over is the caller's mistake."""
        try:
            return super().decode(*args, **kwargs)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise InvalidRequest(f"the request cannot be read: {error}") from error


class OneModel(ModelRepositoryExtension):
    """What is served is fixed: nobody on the network loads or unloads it."""

    async def load(self, model_name: str) -> None:
        """Refuse."""
        raise NotImplementedError("the model is loaded when the server starts")

    async def unload(self, model_name: str) -> None:
        """Refuse."""
        raise NotImplementedError("the model is served until the server stops")


class Server(ModelServer):
    """KServe's server, which leaves as Kubernetes wants it to."""

    def __init__(self, host: str, drain_seconds: float, **options: Any) -> None:
        """Take the address, and the time between SIGTERM and the last new request."""
        super().__init__(enable_grpc=False, workers=1, **options)
        self.host = host
        self.drain_seconds = drain_seconds
        self.dataplane = Protocols(model_registry=self.registered_models)
        self.model_repository_extension = OneModel(
            model_registry=self.registered_models
        )

    def register_signal_handler(self) -> None:
        """Leave the signals to uvicorn, which finishes what it has begun.

        SIGTERM comes while other hosts still send requests here: they learn of it from
        the readiness, and get their answers for `drain_seconds`.
        """

        def terminate(*_: object) -> None:
            if self.dataplane.draining:
                return
            self.dataplane.draining = True
            logger.info("Leaving in %s seconds", self.drain_seconds)
            loop.call_later(self.drain_seconds, signal.raise_signal, signal.SIGINT)

        async def listen() -> None:
            nonlocal loop
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTERM, terminate)

        loop: asyncio.AbstractEventLoop
        self._limit()
        # uvicorn, first in this list, has taken the signals by then.
        self.servers.append(listen())
        # What uvicorn raises again when it has finished: nothing is left to do.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: None)

    def _limit(self) -> None:
        """Say what uvicorn is to do; the SDK has no options for it."""
        config = self._rest_server.config
        config.host = self.host
        # The only one of its parsers that bounds the size of headers.
        config.http = "h11"
        config.h11_max_incomplete_event_size = MAX_HEADER_BYTES
        config.limit_concurrency = MAX_CONNECTIONS


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


def check(model: ServedModel) -> None:
    """Ask a model for its own example, as a client would by v1.

    Without a model, that the server's environment is whole is all there is to say.
    """
    if not (model.folder / "MLmodel").is_file():
        print(f"There is no model in {model.folder}; the server itself can be started")
        return
    model.load()
    example = model.model.metadata.load_input_example(str(model.folder))
    if example is None:
        print(f"{model.name} can be loaded; it has no example to be asked for")
        return
    rows = json.loads(pd.DataFrame(example).to_json(orient="records"))
    answer = model._answer({"instances": rows})
    print(f"{model.name} answers its example: {json.dumps(answer)}")


def main(flags: list[str] | None = None) -> None:
    """Serve until stopped; takes the flags of KServe's own servers."""
    parser = argparse.ArgumentParser(
        prog="greenroom-ml serve",
        parents=[server_arguments],
        conflict_handler="resolve",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="load the model, ask it for its own example, and end",
    )
    parser.add_argument(
        "--model_dir",
        type=Path,
        default=Path(os.environ.get("MODEL_DIR") or "model"),
        help="the folder that `make model` has filled",
    )
    parser.add_argument(
        "--host",
        default=os.environ.get("SERVE_HOST") or "127.0.0.1",
        help="the address to listen on; there is no authentication",
    )
    parser.add_argument(
        "--drain_seconds",
        type=float,
        default=float(os.environ.get("DRAIN_SECONDS", 0)),
        help="how long to go on after SIGTERM, until no more requests arrive",
    )
    parser.set_defaults(model_name=None)
    arguments = parser.parse_args(flags)
    config = load_config()
    name = arguments.model_name or config.mlflow.registered_model
    model = ServedModel(name, arguments.model_dir, Hooks(config))
    if arguments.check:
        check(model)
        return
    hosts = os.environ.get("SERVE_ALLOWED_HOSTS") or LOOPBACK
    protect(app, model.monitor, hosts)
    server = Server(
        arguments.host,
        arguments.drain_seconds,
        http_port=arguments.http_port,
        enable_latency_logging=False,
        # Kubernetes waits 30 seconds, those of draining among them.
        grace_period=20,
    )
    calm_log()
    server.start([model])
