"""What .github/scripts/triage.py shows of a log in an issue: its end, and no secret."""

from __future__ import annotations

import base64
import importlib.util
import os
import random
import string
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / ".github" / "scripts" / "triage.py"
STAMP = "2026-11-27T08:14:00.0000000Z "
LINE = STAMP + "ordinary line of training output\n"
LAST = STAMP + "##[error]ValueError: the true cause\n"


@pytest.fixture(scope="module")
def triage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("triage", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Storage(BaseHTTPRequestHandler):
    """Serves a log of 25 MB at /repos/a/b/…, ranges at paths that end in `ranges`."""

    body = (LINE * (25_000_000 // len(LINE)) + LAST).encode()

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        part, total = self.body, len(self.body)
        if self.path.endswith("ranges"):
            part = self.body[-int(asked.rpartition("-")[2]) :]
            self.send_response(206)
            self.send_header(
                "Content-Range", f"bytes {total - len(part)}-{total - 1}/{total}"
            )
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def storage() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Storage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("path", ["/ranges", "/whole"])
def test_the_end_of_a_long_log_is_read(
    triage: ModuleType, storage: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", storage)
    monkeypatch.setenv("GITHUB_REPOSITORY", "a/b")
    monkeypatch.setenv("GITHUB_TOKEN", "none")
    end = triage.end_of_log(path)
    assert len(end) <= triage.MAX_LOG_BYTES
    assert end.startswith(LINE)
    assert triage.last_errors(end) == ["ValueError: the true cause"]


def drawn(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """Return what no scanner can find in this file."""
    return "".join(random.Random(length).choices(alphabet, k=length))


DASHES = "-" * 5
KEY = [base64.b64encode(os.urandom(48)).decode() for _ in range(4)]
SECRET = drawn(20)
BASIC = base64.b64encode(f"ci:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    ("line", "secrets"),
    [
        (f"+ export URI=https://svc:{SECRET}@mlflow.corp", [SECRET]),
        (f"postgresql+psycopg2://ml:a@b/{SECRET}@db:5432/x refused", [SECRET]),
        (f"failed with token hf_{SECRET}", [SECRET]),
        (f"gh{'p'}_{drawn(36)} was used", [drawn(36)]),
        (f"Authorization: Basic {BASIC}", [BASIC]),
        (f"> authorization: Bearer {SECRET}", [SECRET]),
        (f"MLFLOW_TRACKING_PASSWORD={SECRET}", [SECRET]),
        (f'{{"client_secret": "{SECRET}", "a": 1}}', [SECRET]),
        (f"  db_master_pw: {SECRET}", [SECRET]),
        (f"mlflow server --password {SECRET} --host x", [SECRET]),
        (f"curl -fsSu ci:{SECRET} https://nexus", [SECRET]),
        (f"GET https://blob.corp/c?sv=2&sig={SECRET} 403", [SECRET]),
        (f"oidc ey{'J'}{drawn(30)}.ey{'J'}{drawn(40)}.{drawn(43)}", [drawn(43)]),
        (
            f"wandb login --relogin {drawn(40, '0123456789abcdef')}",
            [drawn(40, "0123456789abcdef")],
        ),
        (f"pass\u200bword={SECRET[:9]}\x1b[31m{SECRET[9:]}", [SECRET]),
        (f"https%3A%2F%2Fx%3A{SECRET}%40github.com", [SECRET]),
        ("\n".join([f"{DASHES}BEGIN PRIVATE KEY{DASHES}", *KEY, f"{DASHES}END"]), KEY),
        ("\n".join([*KEY, f"{DASHES}END PRIVATE KEY{DASHES}", "after"]), KEY),
    ],
)
def test_no_secret_reaches_the_issue(
    triage: ModuleType, line: str, secrets: list[str]
) -> None:
    log = "".join(f"{STAMP}{part}\n" for part in line.split("\n"))
    log += f"{STAMP}##[error]Process completed with exit code 1.\n"
    shown = "\n".join(triage.last_errors(log))
    assert [secret for secret in secrets if secret in shown] == []
    assert "***" in shown or triage.LEFT_OUT in shown


@pytest.mark.parametrize(
    "line",
    [
        "E   ValueError: could not convert string to float: 'overall' (column age)",
        "FAILED tests/test_model.py::test_token_counts[gpt2-4096] - KeyError: 'token'",
        "max_tokens: 4096 exceeds n_tokens=2048",
        "ERROR: No matching distribution found for numpy==9.9.9",
        "src/churn/train.py:12:80: E501 line too long (93 > 79 characters)",
        "numpy-2.4.1-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        'password authentication failed for user "ml"',
        '  File "/home/runner/work/churn/churn/src/churn/train.py", line 41, in fit',
        "HEAD is now at 3f78685 Fix the loader",
    ],
)
def test_what_explains_a_failure_stays(triage: ModuleType, line: str) -> None:
    assert triage.last_errors(STAMP + line) == [line]


def test_hostile_lines_end_soon(triage: ModuleType) -> None:
    for unit in ("\x1b[", "password=", "://a@", "login -p ", "-u a:", "A1b2", "--key "):
        triage.last_errors((unit * 4000)[:20_000])


def test_text_of_a_log_is_only_text(triage: ModuleType) -> None:
    hostile = "```\n<img src=x> @acme/all [x](http://y) #1"
    found = {
        "signature": "x",
        "job": "Train @acme",
        "job_url": "https://github.com/a/b",
        "others": ["`a` <b>"],
        "step": "a`b",
        "errors": hostile.split("\n"),
    }
    body = triage.render(found, [])
    fence = body.split("\n")[body.split("\n").index("```") - 1]
    assert fence == "````text"
    assert "Train \\@acme" in body
