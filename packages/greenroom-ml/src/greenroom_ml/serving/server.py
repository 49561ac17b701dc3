# SPDX-License-Identifier: Apache-2.0
"""KServe's server as Kubernetes wants it: ready late, gone gently, one model."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

from kserve import ModelServer
from kserve.logging import logger
from kserve.protocol.dataplane import DataPlane
from kserve.protocol.model_repository_extension import ModelRepositoryExtension

from greenroom_ml.serving.guard import MAX_HEADER_BYTES, InvalidRequest

MAX_CONNECTIONS = 1000


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
