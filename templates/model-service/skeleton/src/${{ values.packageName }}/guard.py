"""What stands between the network and the model: limits, counts, plain errors."""

from __future__ import annotations

import logging
import os
import re
import warnings
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import FastAPIDeprecationWarning, RequestValidationError
from fastapi.responses import JSONResponse
from kserve.errors import InvalidInput, ModelNotFound, ModelNotReady, ServerNotReady
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .cells import InvalidRequest
from .monitoring import Monitor

MAX_REQUEST_BYTES = int(os.environ.get("MAX_REQUEST_BYTES", 16 * 1024 * 1024))
PREDICT = re.compile(
    r"/v1/models/(?P<v1>[^/]+):predict"
    r"|/v2/models/(?P<v2>[^/]+)(?:/versions/[^/]+)?/infer"
)
EXPECTED = (
    InvalidInput,
    ModelNotFound,
    ModelNotReady,
    NotImplementedError,
    ServerNotReady,
)


class PredictionFailed(RuntimeError):
    """The model, not the request, is to blame; the log holds the rest."""


class Guard:
    """Counts the requests for predictions, and refuses those that are too large."""

    def __init__(self, app: ASGIApp, monitor: Monitor) -> None:
        """Stand before `app`."""
        self.app = app
        self.monitor = monitor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and look at the status of its answer."""
        match = PREDICT.fullmatch(scope.get("path", ""))
        post = scope["type"] == "http" and scope["method"] == "POST"
        if not match or not post or match[match.lastgroup] != self.monitor.name:
            await self.app(scope, receive, send)
            return
        self.monitor.asked(match.lastgroup)

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                self.monitor.failed(message["status"])
            await send(message)

        body = await _read(receive)
        if body is None:
            answer = _error(
                413, f"the request is larger than {MAX_REQUEST_BYTES} bytes"
            )
            await answer(scope, receive, watched)
            return
        pending = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return pending.pop() if pending else await receive()

        await self.app(scope, replayed, watched)


async def _read(receive: Receive) -> bytes | None:
    """Return the body, or None if it is too large; stop reading as soon as it is."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_REQUEST_BYTES:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def protect(app: FastAPI, monitor: Monitor) -> None:
    """Put the guard before an application, and sentences in the place of stacks."""
    app.add_middleware(Guard, monitor=monitor)
    app.add_exception_handler(InvalidRequest, _invalid)
    app.add_exception_handler(PredictionFailed, _failed)
    app.add_exception_handler(RequestValidationError, _malformed)


def calm_log() -> None:
    """Log one line per request.

    The SDK logs a stack for each that comes too early or asks for a model that is not
    here, and times and warnings of its own for each that is answered.
    """
    logging.getLogger("kserve").addFilter(_without_stack)
    logging.getLogger("kserve.trace").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", category=FastAPIDeprecationWarning)


def _without_stack(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, EXPECTED):
        record.msg, record.args, record.exc_info = str(error), (), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    return _error(400, str(error))


async def _failed(_: Request, error: Exception) -> JSONResponse:
    return _error(500, str(error))


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    """Say the first thing that is wrong with a v2 request, and where."""
    problems: list[dict[str, Any]] = list(getattr(error, "errors")())
    if any(problem["type"] == "json_invalid" for problem in problems):
        return _error(400, "the request is not JSON")
    # KServe takes JSON or bytes here, and pydantic tells why it is neither.
    of_json = [problem for problem in problems if "InferenceRequest" in problem["loc"]]
    first = (of_json or problems)[0]
    names = ("body", "InferenceRequest")
    where = ".".join(str(part) for part in first["loc"] if part not in names)
    return _error(400, f"{where or 'the request'}: {first['msg']}")


def _error(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)
