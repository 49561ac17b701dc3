"""MLflow is shown a token that GitHub has just made, on and on."""

from __future__ import annotations

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Iterator

import pytest

from greenroom_ml.errors import PipelineError
from greenroom_ml.registry import identity


class Github(BaseHTTPRequestHandler):
    """Gives a new token for each request that is as GitHub wants it."""

    asked: list[str] = []

    def do_GET(self) -> None:
        """Answer one request."""
        right = self.headers["Authorization"] == "Bearer of-the-job"
        self.asked.append(self.path)
        self.send_response(200 if right else 401)
        self.end_headers()
        token = {"value": f"token-{len(self.asked)}"}
        self.wfile.write(json.dumps(token).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the requests to a service like GitHub's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Github)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/token?api-version=2.0"
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", address)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job")
    monkeypatch.setenv("MLFLOW_OIDC_AUDIENCE", "https://mlflow.example")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "")
    monkeypatch.setattr(identity, "_refreshing", threading.Event())
    monkeypatch.setattr(Github, "asked", [])
    yield Github.asked
    server.shutdown()
    server.server_close()


def test_the_token_is_there_masked_and_renewed(
    github: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(identity, "REFRESH_SECONDS", 0.05)
    identity.keep_token_fresh()
    identity.keep_token_fresh()
    asked = "/token?api-version=2.0&audience=https%3A%2F%2Fmlflow.example"
    assert github[0] == asked
    for _ in range(500):
        if len(github) >= 3:
            break
        time.sleep(0.02)
    assert os.environ["MLFLOW_TRACKING_TOKEN"] not in ("", "token-1")
    monkeypatch.setattr(identity, "REFRESH_SECONDS", 3600)
    assert "::add-mask::token-1\n" in capsys.readouterr().out


def test_what_is_missing_is_named(
    github: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-another-job")
    with pytest.raises(PipelineError, match="id-token: write"):
        identity.keep_token_fresh()
    monkeypatch.setenv("MLFLOW_OIDC_AUDIENCE", "")
    with pytest.raises(PipelineError, match="MLFLOW_OIDC_AUDIENCE is not set"):
        identity.keep_token_fresh()


def test_a_laptop_is_left_in_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL", raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "mine")
    identity.keep_token_fresh()
    assert os.environ["MLFLOW_TRACKING_TOKEN"] == "mine"
