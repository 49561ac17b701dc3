"""What stands between the network and the model: limits, counts, plain errors."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import warnings
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import FastAPIDeprecationWarning, RequestValidationError
from fastapi.responses import JSONResponse
from kserve.errors import InvalidInput, ModelNotFound, ModelNotReady, ServerNotReady
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from greenroom_ml.monitoring.monitoring import Monitor
from greenroom_ml.tables.cells import InvalidRequest

# Of every request, whatever its path.
MAX_REQUEST_BYTES = int(os.environ.get("MAX_REQUEST_BYTES", 16 * 1024 * 1024))
MAX_REQUEST_SECONDS = float(os.environ.get("MAX_REQUEST_SECONDS", 60))
MAX_JSON_DEPTH = 32
MAX_HEADER_BYTES = 32 * 1024
# What asks for no prediction has no table to send.
MAX_OTHER_BYTES = min(64 * 1024, MAX_REQUEST_BYTES)
LOOPBACK = "localhost,127.0.0.1,::1"
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


class Refused(Exception):
    """A request that is not passed on."""

    def __init__(self, status: int, sentence: str) -> None:
        """Say why."""
        super().__init__(sentence)
        self.status = status


class Guard:
    """Stands before every path: refuses what is foreign, too large, deep or slow.

    It counts the requests for predictions, and how they ended.
    """

    def __init__(self, app: ASGIApp, monitor: Monitor, hosts: str) -> None:
        """Stand before `app`; `hosts` are names that it answers to, or `*`."""
        self.app = app
        self.monitor = monitor
        self.hosts = {host.strip().lower() for host in hosts.split(",")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and look at the status of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        match = PREDICT.fullmatch(scope["path"])
        predicts = match is not None and scope["method"] == "POST"
        counts = match and predicts and match[match.lastgroup] == self.monitor.name
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if counts and message["status"] >= 400:
                    self.monitor.failed(message["status"])
            await send(message)

        try:
            self._expect_known(Headers(scope=scope))
            if counts:
                self.monitor.asked(match.lastgroup)
            limit = MAX_REQUEST_BYTES if predicts else MAX_OTHER_BYTES
            await asyncio.wait_for(
                self._pass_on(scope, receive, watched, limit), MAX_REQUEST_SECONDS
            )
        except asyncio.TimeoutError:
            if not started:
                late = f"the request took longer than {MAX_REQUEST_SECONDS:g} seconds"
                await _refuse(504, late)(scope, receive, watched)
        except Refused as error:
            await _refuse(error.status, str(error))(scope, receive, watched)

    def _expect_known(self, headers: Headers) -> None:
        """Refuse a page that has given its own name this machine's address."""
        if sum(map(len, sum(headers.raw, ()))) > MAX_HEADER_BYTES:
            raise Refused(431, f"the headers are larger than {MAX_HEADER_BYTES} bytes")
        if "*" in self.hosts:
            return
        if _host_of("//" + headers.get("host", "")) not in self.hosts:
            raise Refused(
                421, "this host is not served here: SERVE_ALLOWED_HOSTS names those"
            )
        origin = headers.get("origin")
        if origin is not None and _host_of(origin) not in self.hosts:
            raise Refused(403, "pages of another origin may not ask")

    async def _pass_on(
        self, scope: Scope, receive: Receive, send: Send, limit: int
    ) -> None:
        headers = Headers(scope=scope)
        body = await _read(receive, headers, limit)
        _expect_shallow(body, headers)
        pending = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return pending.pop() if pending else await receive()

        await self.app(scope, replayed, send)


def _host_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


async def _read(receive: Receive, headers: Headers, limit: int) -> bytes:
    """Return the body; stop reading as soon as it is too large."""
    too_large = Refused(413, f"the request is larger than {limit} bytes")
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) > limit:
        raise too_large
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise too_large
        more = message.get("more_body", False)
    return b"".join(parts)


NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _expect_shallow(body: bytes, headers: Headers) -> None:
    """Refuse JSON that is nested deeper than any request is.

    Binary tensors follow the JSON, whose length a header then names.
    """
    length = headers.get("inference-header-content-length", "")
    text = body[: int(length)] if length.isdecimal() else body
    if text.lstrip()[:1] not in (b"{", b"["):
        return
    text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = re.sub(rb'"[^"]*"', b"", text).translate(None, NO_BRACKETS)
    # Each round takes the innermost level away.
    for _ in range(MAX_JSON_DEPTH):
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if not brackets:
            return
    if len(brackets) > 1:
        raise Refused(400, f"the request is nested deeper than {MAX_JSON_DEPTH} levels")


def protect(app: FastAPI, monitor: Monitor, hosts: str = LOOPBACK) -> None:
    """Put the guard before an application, and sentences in the place of stacks."""
    app.add_middleware(Guard, monitor=monitor, hosts=hosts)
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


def _refuse(status: int, sentence: str) -> JSONResponse:
    """Answer before the request has been read: what is left of it is not read."""
    headers = {"Connection": "close"}
    return JSONResponse({"error": sentence}, status_code=status, headers=headers)
