"""Drift is found where there is some, and not where there are just few rows."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import parse_qs

import mlflow
import numpy as np
import pandas as pd
import pytest
from conftest import Repository, train

from greenroom_ml import data, drift, gate, register
from greenroom_ml.config import REGRESSION, Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.monitoring import drift_findings as findings
from greenroom_ml.monitoring import psi, reference


@pytest.mark.parametrize(
    ("expected", "actual", "index"),
    [
        # Values of another library, Evidently, which floors empty bins in the same way.
        ([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8], 0.0372183816),
        ([30, 70], [50, 50], 0.1694595721),
        ([40, 30, 30, 0], [35, 25, 25, 15], 1.1211604613),
        ([50, 50], [50, 50], 0),
    ],
)
def test_the_index_is_the_one_that_others_compute(
    expected: list[int], actual: list[int], index: float
) -> None:
    shares = [np.array(counts) / sum(counts) for counts in (expected, actual)]
    assert psi.stability_index(*shares) == pytest.approx(index, abs=1e-9)


def bins_of(rows: int, features: int, seed: int = 0) -> dict[str, Any]:
    """Return the reference of a table of random numbers."""
    frame = numbers(rows, features, seed)
    return reference.build_reference(frame, frame["x0"], REGRESSION)


def numbers(rows: int, features: int, seed: int, shift: float = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed).normal(shift, 1, (rows, features))
    return pd.DataFrame(random, columns=[f"x{number}" for number in range(features)])


def examine(bins: dict[str, Any], frame: pd.DataFrame) -> list[findings.Finding]:
    counts = drift.count_rows(frame, frame["x0"].to_numpy(), bins)
    return findings.examine(bins, counts)


def test_few_rows_do_not_cry_wolf() -> None:
    bins = bins_of(rows=150, features=12)
    alarms = naive = 0
    for seed in range(1, 31):
        found = examine(bins_of(150, 12, seed), numbers(500, 12, 1000 + seed))
        alarms += findings.decide(found)[0] != "none"
        naive += any(finding.overall.psi >= psi.MODERATE for finding in found)
    assert alarms <= 2  # of 30, by chance
    assert naive >= 25  # what a fixed limit would have said

    found = examine(bins, numbers(400, 12, seed=1, shift=5))
    verdict, reason = findings.decide(found)
    assert verdict == "insufficient_data"
    assert reason == "400 values were seen, at least 500 are needed"
    # A model that was made from a handful of rows has no yardstick.
    assert findings.decide(examine(bins_of(80, 1), numbers(5000, 1, 1, 5)))[0] == (
        "insufficient_data"
    )


@pytest.mark.parametrize(
    ("moved", "verdict", "reason"),
    [
        ({}, "none", "like what was trained on"),
        ({"x3": (0.4, 0.4)}, "P2", "moved away from the training data: x3"),
        ({"x3": (2, 2)}, "P1", "far from the training data: x3"),
        ({"x3": (0, 2)}, "P1", "far from the training data: x3"),
        (
            {"x3": (0.4, 0.4), "x2": (-0.4, -0.4)},
            "P1",
            "half of the features have moved: x2, x3",
        ),
        ({"x3": (2, 2), "x2": (0, 3)}, "P1", "far from the training data: x2, x3"),
        ({"x3": (2, 2), "x2": (2, 2)}, "P0", "far .* in both periods: x2, x3"),
        ({"x0": (2, 2)}, "P0", "far .* in both periods: the predictions, x0"),
    ],
)
def test_the_verdict_is_a_matter_of_how_far_how_many_and_how_long(
    moved: dict[str, tuple[float, float]], verdict: str, reason: str
) -> None:
    frame = numbers(4000, 4, seed=1)
    for name, (before, now) in moved.items():
        frame.loc[:1999, name] += before
        frame.loc[2000:, name] += now
    found = examine(bins_of(4000, 4), frame)
    said, why = findings.decide(found)
    assert said == verdict
    words = sorted(why.partition(": ")[2].split(", "))
    ordered = f"{why.partition(': ')[0]}: {', '.join(words)}" if words[0] else why
    assert re.search(reason, ordered)


def test_bins_of_another_version_are_not_compared() -> None:
    bins = bins_of(1000, 2)
    counts = drift.count_rows(numbers(4000, 2, 1), np.zeros(4000), bins)
    counts[0]["x1"]["(7, 8]"] = 1000
    by_name = {finding.name: finding for finding in findings.examine(bins, counts)}
    assert by_name["x1"].overall.psi is None
    assert by_name["x0"].overall.psi < psi.MODERATE


class FakePrometheus(BaseHTTPRequestHandler):
    """Answers each query with what the test has put down for it."""

    def do_POST(self) -> None:  # noqa: N802 (the library's name)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        [query] = parse_qs(body)["query"]
        asked, answers = self.server.asked, self.server.answers
        asked.append((query, self.headers.get("Authorization")))
        found = [each for start, each in answers.items() if query.startswith(start)]
        result = found[0](query) if found else []
        answer = {"status": "success", "data": {"resultType": "vector"}}
        answer["data"]["result"] = [
            {"metric": labels, "value": [0, str(value)]} for labels, value in result
        ]
        text = json.dumps(answer) if not self.server.broken else "<html>Sign in</html>"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


@pytest.fixture
def prometheus() -> Iterator[ThreadingHTTPServer]:
    """Return a stand-in for Prometheus, on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakePrometheus)
    server.asked, server.answers, server.broken = [], {}, False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def champion(
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Config:
    """Train a model and make it the champion."""
    own = repository.configure(
        # Enough rows of iris on either side to know each bin by.
        split={"test_size": 0.18},
        mlflow={"registered_model": request.node.name},
    )
    run_id, _ = train(own)
    gate.gate(own, run_id)
    register.register(own, run_id)
    for name in ("DRIFT_DATA", "PROMETHEUS_URL", "PROMETHEUS_TOKEN", "MODEL_VERSION"):
        monkeypatch.delenv(name, raising=False)
    return own


def test_what_the_server_counted_is_compared_with_the_version_it_serves(
    champion: Config,
    prometheus: ThreadingHTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    run, bins = served(champion)
    prometheus.answers["max by (version)"] = lambda _: [({"version": "1"}, 1)]

    def feature_counts(query: str) -> list[tuple[dict[str, str], float]]:
        return [
            ({"feature": name, "bin": bin_name}, 1000 * ratio + 0.3)
            for name, its_bins in bins["features"].items()
            for bin_name, ratio in zip(
                reference.bin_names(its_bins), reference.bin_ratios(its_bins)
            )
            if ratio > 0
        ]

    prometheus.answers["sum by (feature, bin)"] = feature_counts
    prometheus.answers["sum by (bin)"] = lambda _: [({"bin": "0"}, 900)]
    monkeypatch.setenv("PROMETHEUS_URL", f"http://127.0.0.1:{prometheus.server_port}/")
    monkeypatch.setenv("PROMETHEUS_TOKEN", "secret")
    monkeypatch.setenv("DRIFT_NAMESPACE", 'fraud"prod')
    monkeypatch.setenv("DRIFT_WINDOW", "12h")
    drift.main()

    name = champion.mlflow.registered_model
    labels = f'{{model_name="{name}", namespace="fraud' + r'\"prod"}'
    counted = "sum by (feature, bin) (increase(ml_feature_values_total"
    queries = [query for query, _ in prometheus.asked]
    assert f"{counted}{labels}[12h] offset 12h))" in queries
    assert f"{counted}{labels}[12h]))" in queries
    assert {token for _, token in prometheus.asked} == {"Bearer secret"}
    made = json.loads((Path("reports", "drift.json")).read_text())
    assert (made["name"], made["version"]) == (name, "1")
    assert made["run_id"] == run
    assert made["source"] == {
        "kind": "prometheus",
        "window": "12h",
        "namespace": 'fraud"prod',
    }
    # All of the requests are of one class now, which was a third.
    assert made["verdict"] == "P0"
    assert made["prediction"]["lasting"] and made["prediction"]["rows"] == 1800
    move = made["prediction"]["largest_moves"][0]
    assert (move["bin"], move["now"]) == ("0", 1)
    assert not any(feature["drifted"] for feature in made["features"])
    assert "verdict=P0\n" in (tmp_path / "output").read_text()
    page = (tmp_path / "summary.md").read_text()
    assert "v1: P0\n" in page
    assert "**the predictions**" in page

    prometheus.broken = True
    with pytest.raises(PipelineError, match="no JSON; correct PROMETHEUS_URL"):
        drift.main()
    monkeypatch.setenv("PROMETHEUS_URL", "http://127.0.0.1:9")
    with pytest.raises(PipelineError, match="does not answer"):
        drift.main()
    monkeypatch.setenv("DRIFT_WINDOW", "1d] or vector(1)")
    with pytest.raises(PipelineError, match="DRIFT_WINDOW must be like 1d"):
        drift.main()


def served(champion: Config) -> tuple[str, dict[str, Any]]:
    client = mlflow.MlflowClient()
    version = client.get_model_version_by_alias(
        champion.mlflow.registered_model, "champion"
    )
    bins = drift.read_reference(client, version.run_id)
    return version.run_id, bins


def test_a_table_of_recent_rows_is_compared(
    champion: Config,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    frame = data.load_data(champion).drop(columns=champion.target)
    recent = frame.sample(2000, replace=True, random_state=1)
    table = tmp_path / "recent.csv"
    monkeypatch.setenv("DRIFT_DATA", str(table))
    recent.to_csv(table, index=False)
    drift.main()
    assert " v1: none, " in capsys.readouterr().out
    changed = recent.columns[0]
    recent.assign(**{changed: recent[changed] * 3}).to_csv(table, index=False)
    drift.main()
    made = json.loads((Path("reports", "drift.json")).read_text())
    assert made["verdict"] in ("P0", "P1")
    assert made["features"][0]["name"] == changed
    assert made["features"][0]["largest_moves"][0]["now"] == 1

    recent.drop(columns=changed).to_csv(table, index=False)
    with pytest.raises(PipelineError, match="has no column"):
        drift.main()
    monkeypatch.setenv("DRIFT_DATA", "")
    with pytest.raises(PipelineError, match="Set PROMETHEUS_URL"):
        drift.main()


def test_rows_of_an_own_table_are_read_as_its_schema_says(
    repository: Repository,
) -> None:
    schema = {
        "version": 1,
        "csv": {
            "delimiter": ";",
            "encoding": "utf-8",
            "decimal": ",",
            "missing": ["?"],
        },
        "source": {"file": "data/table.csv"},
        "rows": 2,
        "target": "left",
        "columns": [
            {"name": "spent", "type": "number", "missing": True},
            {"name": "home region", "type": "category", "missing": True},
            {"name": "left", "type": "category", "missing": False},
        ],
    }
    Path("data").mkdir()
    Path("data", "schema.json").write_text(json.dumps(schema))
    own = repository.configure(
        data={"dataset": "csv", "csv_file": "data/table.csv", "target": "left"}
    )
    recent = Path("recent.csv")
    recent.write_text("spent;home region\n1,5;Süd\n?;?\n")
    frame = drift.read_rows(recent, own, {})
    assert frame["spent"].tolist()[0] == 1.5 and frame["spent"].isna()[1:].all()
    assert frame["home region"].tolist() == ["Süd", None]


def test_names_mean_nothing_in_markdown() -> None:
    bins = bins_of(1000, 1)
    name = "<b>|`x`@team www.example.org"
    bins["features"] = {name: bins["features"]["x0"]}
    counts = {name: {"missing": 5000.0}}
    found = findings.examine(bins, (counts, counts))
    about = {"name": "m", "version": "1", "run_id": "r"}
    page = findings.summary(findings.report(found, about, {"kind": "table"}))
    for hostile in ("<b>", "`", "@team", "www.example"):
        assert hostile not in page
    assert "P1" in page
