"""A real model server in a process of its own, and requests to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

START_SECONDS = 180


class Process:
    """A server of a folder with a model, on a free port of this machine."""

    def __init__(
        self,
        folder: Path,
        repository: Path,
        log: Path,
        python: str = sys.executable,
        **environment: str,
    ) -> None:
        """Start the server of `folder` in a repository; `wait_until_ready` follows."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        port = self.url.rpartition(":")[2]
        self.log = log
        command = [python, "-m", "greenroom_ml", "serve", "--http_port", port]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "--model_dir", str(folder)],
                cwd=repository,
                env={**os.environ, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self) -> list[int]:
        """Return the statuses that the readiness had on the way to 200."""
        statuses: list[int] = []
        for _ in range(START_SECONDS * 20):
            if self.process.poll() is not None:
                break
            try:
                statuses.append(self.get("/v2/health/ready")[0])
            except OSError:
                statuses.append(0)
            if statuses[-1] == 200:
                return statuses
            time.sleep(0.05)
        raise AssertionError(f"the server is not ready:\n{self.log.read_text()}")

    def get(self, path: str) -> tuple[int, Any]:
        """Return status and body."""
        return self._send(urllib.request.Request(self.url + path))

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        """Send JSON, or bytes as they are; return status and body."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        return self._send(urllib.request.Request(self.url + path, data, headers))

    def _send(self, request: urllib.request.Request) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                status, text = response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read().decode()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text

    def metrics(self) -> dict[str, float]:
        """Return the value of each series, by its name and labels."""
        lines = self.get("/metrics")[1].splitlines()
        samples = [line.rpartition(" ") for line in lines if not line.startswith("#")]
        return {series: float(value) for series, _, value in samples}

    def terminate(self) -> int:
        """Send SIGTERM, as Kubernetes does; return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        """End what a failed test has left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
