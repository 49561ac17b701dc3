"""Where clients tell what came of their predictions: POST /v1/models/NAME:feedback.

`{"feedback": [{"prediction": "late", "outcome": "on time"}]}`, at most 1000 at a time.
The prediction is sent back with the outcome, so that nothing has to be kept of
anybody's request, and any replica can count it. What is counted is whether it was right
(classes) or by how much it was wrong (numbers), and nothing else.

Outcomes decide on drift, so only who has FEEDBACK_TOKEN may tell them; without one,
there is no such path.
"""

from __future__ import annotations

import hmac
import math
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from greenroom_ml.errors import PipelineError
from greenroom_ml.monitoring import reference
from greenroom_ml.monitoring.monitoring import Monitor
from greenroom_ml.tables import cells
from greenroom_ml.tables.cells import InvalidRequest

MAX_OUTCOMES = 1000
LEAST_TOKEN = 16
KEYS = {"prediction", "outcome"}


def take_feedback(app: FastAPI, monitor: Monitor, token: str) -> None:
    """Add the path to an application, if there is a token for it."""
    token = token.strip()
    if not token:
        return
    if len(token) < LEAST_TOKEN:
        raise PipelineError(
            f"FEEDBACK_TOKEN must have {LEAST_TOKEN} characters or more"
        )
    wanted = f"Bearer {token}".encode()

    async def feedback(model_name: str, request: Request) -> JSONResponse:
        given = request.headers.get("authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, wanted):
            return JSONResponse(
                {"error": "the bearer token is not FEEDBACK_TOKEN"}, status_code=401
            )
        if model_name != monitor.name:
            return JSONResponse(
                {"error": f"the model served here is {monitor.name}"}, status_code=404
            )
        return JSONResponse({"accepted": count(monitor, await request.body())})

    app.add_api_route(
        "/v1/models/{model_name}:feedback",
        feedback,
        methods=["POST"],
        include_in_schema=False,
    )


def count(monitor: Monitor, body: bytes) -> int:
    """Count all outcomes of a request, or raise InvalidRequest and count none."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidRequest(f"the request is not JSON: {error}") from error
    told = content.get("feedback") if isinstance(content, dict) else None
    if not isinstance(told, list) or not told:
        raise InvalidRequest(
            'the request must be like {"feedback": [{"prediction": "a", "outcome": '
            '"b"}]}'
        )
    if len(told) > MAX_OUTCOMES:
        raise InvalidRequest(
            f"feedback has {len(told)} rows; send at most {MAX_OUTCOMES} at a time"
        )
    if not monitor.prediction:
        raise InvalidRequest(f"{monitor.name} was trained without a reference.json")
    pairs = [_pair(row, each) for row, each in enumerate(told)]
    if monitor.is_classifier:
        right = sum(_class(at, said) == _class(at, was) for at, said, was in pairs)
        monitor.told(right, len(pairs) - right)
    else:
        for distance in [
            abs(_number(at, said) - _number(at, was)) for at, said, was in pairs
        ]:
            monitor.told_error(distance)
    return len(pairs)


def _pair(row: int, told: Any) -> tuple[int, Any, Any]:
    if not isinstance(told, dict) or set(told) != KEYS:
        raise InvalidRequest(f"feedback, row {row}: must have prediction and outcome")
    return row, told["prediction"], told["outcome"]


def _class(row: int, value: Any) -> str:
    if not isinstance(value, (str, int, float)):
        raise InvalidRequest(
            f"feedback, row {row}: {cells.short(value)} is not the name of a class"
        )
    return reference.text(value)


def _number(row: int, value: Any) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    # A sum of such squares has to be a number, too.
    if not is_number or not math.isfinite(value) or abs(value) > 1e100:
        raise InvalidRequest(f"feedback, row {row}: {cells.short(value)} is no number")
    return float(value)
