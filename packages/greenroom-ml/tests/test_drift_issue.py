"""The issue that the workflow of the template opens, on a GitHub over HTTP."""

from __future__ import annotations

import importlib.util
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Iterator

import numpy as np
import pandas as pd
import pytest
from conftest import TEMPLATE

from greenroom_ml.config import REGRESSION
from greenroom_ml.drift import count_rows
from greenroom_ml.monitoring import reference
from greenroom_ml.monitoring.drift_analysis import Analysis
from greenroom_ml.monitoring.drift_report import report

SCRIPT = TEMPLATE / "options" / "drift" / ".github" / "scripts" / "drift_issue.py"
NAME = "<b>|`x`@team\n![](https://evil.example)"
NAMED = "`<b>/'x'@team ![](https://evil.example)`"


class GitHub(BaseHTTPRequestHandler):
    """Keeps issues as GitHub's API does."""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or "null")
        issues = self.server.issues
        assert self.headers["Authorization"] == "Bearer secret"
        path = self.path.partition("?")[0]
        assert path.startswith("/repos/acme/model/issues")
        if self.command == "GET":
            answer: Any = issues
        elif self.command == "POST":
            number = len(issues) + 1
            answer = {"number": number, "html_url": f"http://x/{number}", **body}
            issues.append(answer)
        else:
            answer = issues[int(path.rpartition("/")[2]) - 1]
            answer.update(body)
        self.server.asked.append(self.command)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    do_GET = do_POST = do_PATCH = _answer

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


@pytest.fixture
def github(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[ThreadingHTTPServer]:
    """Return a GitHub with one issue of somebody else's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), GitHub)
    server.issues = [{"number": 1, "body": None, "html_url": "http://x/1"}]
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.chdir(tmp_path)
    Path("reports").mkdir()
    for name, value in {
        "GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}",
        "GITHUB_REPOSITORY": "acme/model",
        "GITHUB_RUN_ID": "4711",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_TOKEN": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    yield server
    server.shutdown()
    server.server_close()


def post(made: dict[str, Any]) -> None:
    """Run the script on a report."""
    spec = importlib.util.spec_from_file_location("drift_issue", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    Path("reports", "drift.json").write_text(json.dumps(made))
    script.main()


def made(shift: float) -> dict[str, Any]:
    """Return the report on a table whose hostile column has moved."""
    random = np.random.default_rng(1)
    frame = pd.DataFrame(random.normal(size=(1000, 2)), columns=["quiet", NAME])
    bins = reference.build_reference(frame, frame["quiet"], REGRESSION)
    recent = pd.DataFrame(random.normal(size=(2000, 2)), columns=["quiet", NAME])
    recent[NAME] += shift
    windows = count_rows(recent, recent["quiet"].to_numpy(), bins)
    about = {"name": "churn", "version": "3", "run_id": "r"}
    return report(Analysis.of(bins, windows), about, {"kind": "table"}, {})


def test_one_issue_is_opened_and_kept_up_to_date(github: ThreadingHTTPServer) -> None:
    post(made(0))
    assert github.asked == []
    post(made(1))
    post(made(1.5))
    assert github.asked == ["GET", "POST", "GET", "PATCH"]
    other, issue = github.issues
    assert other["body"] is None
    assert issue["title"] == "P1: drift" and issue["labels"] == ["drift"]
    body = issue["body"]
    assert "`churn` version 3: `far from the training data: " in body
    assert re.search(r"\*\*drifted\*\* \| 1000 \| \d\.\d{3} \| \+\d\.\d\d \| ", body)
    assert "| `quiet` | 1000 | 0.0" in body
    assert "accuracy unknown, in training unknown." in body
    assert "https://github.example/acme/model/actions/runs/4711" in body
    # How it was beside how it is, of that column alone.
    assert '    x-axis ["1 b x team http…"]' in body
    assert f"1: {NAMED}, 1,000 rows in training, 1,000 rows now" in body
    assert re.search(r"^ 10\.0 % █\S* +\d\d\.\d % █{12} \| \(1\.3, inf\)$", body, re.M)
    assert body.count("| bin") == 1
    # Outside of code there is nothing of the table's names.
    outside = re.sub(r"^(```+)\w+$.*?^\1$|`[^`\n]*`", "", body, flags=re.M | re.S)
    for hostile in ("<b>", "@team", "evil.example"):
        assert hostile not in outside


def test_values_of_a_category_and_missing_ones_are_pictured(
    github: ThreadingHTTPServer,
) -> None:
    """What they are called ends no block of code, and no label of the chart."""
    random = np.random.default_rng(1)
    hostile = '```\n# @team "] %%{init}%% <!-- '
    values = np.array([hostile, "(1e, 2]", *"abcdefghijklm", None], dtype=object)
    share = np.array([0.3, 0.1, *[0.6 / 14] * 14])
    frame = pd.DataFrame({hostile: random.choice(values, 2000, p=share)})
    bins = reference.build_reference(frame, np.zeros(2000), REGRESSION)
    recent = pd.DataFrame({hostile: random.choice(values, 2000, p=share[::-1])})
    windows = count_rows(recent, np.zeros(2000), bins)
    about = {"name": "churn", "version": "3", "run_id": "r"}
    post(report(Analysis.of(bins, windows), about, {"kind": "table"}, {}))
    [_, issue] = github.issues
    blocks = re.findall(r"^(````?)(\w+)\n(.*?)\n\1$", issue["body"], re.M | re.S)
    chart, table = (lines.split("\n") for _, _, lines in blocks)
    assert chart[2] == '    x-axis ["1 team init --"]'
    assert len(table) == 13 and all(" | " in line for line in table)
    missing = r"^ +\d+\.\d % █\S* +[23]\d\.\d % █\S* +\| missing$"
    assert any(re.search(missing, line) for line in table)
    assert re.search(r"\| (\d) more bins$", table[-1])
    assert any(line.endswith('| ``` # @team "] %%{init}%% <!-- ') for line in table)


def test_a_report_of_another_schema_is_refused(github: ThreadingHTTPServer) -> None:
    with pytest.raises(SystemExit, match="schema_version 1"):
        post({**made(1), "schema_version": 2})
    assert github.asked == []
