"""Drift is found where there is some, and not where there are just few rows."""

from __future__ import annotations

import json
import os
import re
import sys
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
from greenroom_ml.monitoring import comparison, drift_run, drift_summary, reference
from greenroom_ml.monitoring.drift_analysis import Analysis
from greenroom_ml.monitoring.drift_findings import ACCURACY, CONFIDENCE, Window
from greenroom_ml.monitoring.drift_report import report
from greenroom_ml.monitoring.prometheus import Prometheus

MODULE = sys.modules[Prometheus.__module__]


def bins_of(rows: int, features: int, seed: int = 0) -> dict[str, Any]:
    """Return the reference of a table of random numbers."""
    frame = numbers(rows, features, seed)
    return reference.build_reference(frame, frame["x0"], REGRESSION)


def numbers(rows: int, features: int, seed: int, shift: float = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed).normal(shift, 1, (rows, features))
    return pd.DataFrame(random, columns=[f"x{number}" for number in range(features)])


def analyse(bins: dict[str, Any], frame: pd.DataFrame) -> Analysis:
    return Analysis.of(bins, drift.count_rows(frame, frame["x0"].to_numpy(), bins))


def usual(bins: dict[str, Any], rows: int) -> dict[str, dict[str, float]]:
    """Return what is counted when all is as in training."""
    described = {**bins["features"], "": bins["prediction"]}
    if "confidence" in bins:
        described[CONFIDENCE] = bins["confidence"]
    return {
        name: {
            bin_name: rows * ratio
            for bin_name, ratio in zip(
                reference.bin_names(its_bins), reference.bin_ratios(its_bins)
            )
        }
        for name, its_bins in described.items()
    }


def test_few_rows_say_nothing() -> None:
    verdict, reason = analyse(bins_of(150, 12), numbers(800, 12, 1, 5)).verdict
    assert verdict == "insufficient_data"
    assert reason == "400 values were seen, at least 500 are needed"
    # A model that was made from a handful of rows has no yardstick.
    verdict, reason = analyse(bins_of(80, 1), numbers(5000, 1, 1, 5)).verdict
    assert verdict == "insufficient_data"
    assert reason == "the model was trained on too few rows to compare with"


@pytest.mark.parametrize(
    ("moved", "verdict", "reason"),
    [
        ({}, "none", "like what was trained on"),
        ({"x3": (0.4, 0.4)}, "P2", "moved away from the training data: x3"),
        ({"x3": (2, 2)}, "P1", "far from the training data: x3"),
        ({"x3": (0, 2)}, "P1", "far from the training data: x3"),
        ({"x3": (2, 0)}, "none", "like what was trained on"),
        (
            {"x3": (0.4, 0.4), "x2": (-0.4, -0.4)},
            "P1",
            "half of the features have moved: x2, x3",
        ),
        ({"x3": (2, 2), "x2": (0, 3)}, "P1", "far from the training data: x2, x3"),
        ({"x3": (2, 2), "x2": (2, 2)}, "P0", "far .* in both windows: x2, x3"),
        ({"x0": (2, 2)}, "P0", "far .* in both windows: the predictions, x0"),
    ],
)
def test_the_verdict_is_a_matter_of_how_far_how_many_and_how_long(
    moved: dict[str, tuple[float, float]], verdict: str, reason: str
) -> None:
    frame = numbers(4000, 4, seed=1)
    for name, (before, now) in moved.items():
        frame.loc[:1999, name] += before
        frame.loc[2000:, name] += now
    said, why = analyse(bins_of(4000, 4), frame).verdict
    assert said == verdict
    words = sorted(why.partition(": ")[2].split(", "))
    ordered = f"{why.partition(': ')[0]}: {', '.join(words)}" if words[0] else why
    assert re.search(reason, ordered)


def test_a_wider_spread_is_drift_without_a_shift() -> None:
    frame = numbers(4000, 4, seed=1)
    frame["x3"] *= 3
    found = analyse(bins_of(4000, 4), frame).findings[-1]["x3"]
    assert found.far and abs(found.comparison.shift) < 0.1


def test_less_accuracy_than_on_the_held_out_rows_is_told() -> None:
    bins = bins_of(2000, 2)
    counts = usual(bins, 1000)

    def told(right: int, wrong: int) -> Analysis:
        labels = {ACCURACY: {"right": float(right), "wrong": float(wrong)}}
        window = Window({**counts, **labels})
        return Analysis.of(bins, [window, window], 0.9)

    assert told(880, 120).verdict[0] == "none"
    assert told(1000, 0).verdict[0] == "none"
    # Too few to know.
    assert told(30, 60).verdict[0] == "none"
    verdict, reason = told(830, 170).verdict
    assert (verdict, reason) == (
        "P1",
        "worse than on the held-out rows: the accuracy",
    )
    assert told(700, 300).verdict[0] == "P0"


def test_bins_of_another_version_are_not_compared() -> None:
    bins = bins_of(1000, 2)
    windows = drift.count_rows(numbers(4000, 2, 1), np.zeros(4000), bins)
    windows[1].counts["x1"]["(7, 8]"] = 1000
    found = Analysis.of(bins, windows).findings[-1]
    assert found["x1"].level == "insufficient_data"
    assert found["x0"].comparison.psi < comparison.MODERATE


def test_a_feature_without_a_present_value_has_no_shift() -> None:
    bins = bins_of(1000, 2)
    counts = usual(bins, 1000)
    counts["x1"] = {"missing": 1000}
    found = Analysis.of(bins, [Window(counts)]).findings[-1]["x1"]
    assert found.far and found.comparison.shift is None


class FakePrometheus(BaseHTTPRequestHandler):
    """Answers each query with what the test has put down for it."""

    def do_POST(self) -> None:  # noqa: N802 (the library's name)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: value for name, [value] in parse_qs(body).items()}
        self.server.asked.append((self.path, form, self.headers.get("Authorization")))
        status, text = self.server.answer(self.path, form)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


def matrix(path: str, form: dict[str, str], series: Any) -> tuple[int, bytes]:
    """Answer as Prometheus does; `series` gives labels and values, oldest first."""
    result = []
    if path.endswith("/query_range"):
        start, step = float(form["start"]), float(form["step"])
        for labels, values in series:
            points = [[start + at * step, value] for at, value in enumerate(values)]
            points = [[at, str(value)] for at, value in points if value is not None]
            result.append({"metric": labels, "values": points})
    else:
        now = float(form["time"])
        result = [{"metric": labels, "value": [now, str(v)]} for labels, [v] in series]
    answer = {"status": "success", "data": {"result": result}}
    return 200, json.dumps(answer).encode()


@pytest.fixture
def prometheus(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """Return a stand-in for Prometheus, on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakePrometheus)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PROMETHEUS_URL", f"http://127.0.0.1:{server.server_port}/")
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
    for name in set(drift.SETTINGS) - {"PROMETHEUS_URL"}:
        monkeypatch.delenv(name, raising=False)
    return own


def counted(bins: dict[str, Any], windows: list[dict[str, Any]]) -> Any:
    """Answer with the counts of each window, however they are asked for."""

    def over_time(name: str) -> list[tuple[str, list[float]]]:
        named = sorted({key for counts in windows for key in counts.get(name, {})})
        return [
            (key, [counts.get(name, {}).get(key, 0) for counts in windows])
            for key in named
        ]

    def stacked() -> Iterator[tuple[dict[str, str], list[float]]]:
        below = np.zeros(len(windows))
        bounds = [*map(str, reference.CONFIDENCE_EDGES), "+Inf"]
        values = dict(over_time(CONFIDENCE))
        for bound, name in zip(bounds, reference.bin_names(bins["confidence"])):
            below = below + np.array(values.get(name, np.zeros(len(windows))))
            yield {"le": bound}, below.tolist()

    def answer(path: str, form: dict[str, str]) -> tuple[int, bytes]:
        query, series = form["query"], []
        if query.startswith("max by (version)"):
            series = [({"version": "1"}, [1]), ({"version": "canary"}, [1])]
        elif "ml_feature_values" in query:
            series = [
                ({"feature": name, "bin": key}, values)
                for name in bins["features"]
                for key, values in over_time(name)
            ]
        elif "ml_prediction_values" in query:
            series = [({"bin": key}, values) for key, values in over_time("")]
        elif "ml_prediction_confidence" in query:
            series = list(stacked())
        elif "ml_feedback_total" in query:
            series = [({"outcome": key}, each) for key, each in over_time(ACCURACY)]
        elif query.startswith("histogram_quantile"):
            series = [({}, [0.025 if "offset" in query else "NaN"])]
        elif "ml_requests_total" in query or "seconds_count" in query:
            series = [({}, [40.2])]
        elif "seconds_sum" in query:
            series = [({}, [0.4])]
        return matrix(path, form, series)

    return answer


def test_what_the_server_counted_is_compared_with_the_version_it_serves(
    champion: Config,
    prometheus: ThreadingHTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    run, bins = served(champion)
    changed = {**usual(bins, 900), "": {"0": 900.0}}
    quiet = {**usual(bins, 900), ACCURACY: {"right": 12.0, "wrong": 3.0}}
    # Nothing was served at first; three windows ago something began.
    windows = [{}, *[quiet] * 26, changed, {}, changed, changed]
    prometheus.answer = counted(bins, windows)
    monkeypatch.setenv("PROMETHEUS_TOKEN", "secret")
    monkeypatch.setenv("DRIFT_NAMESPACE", 'fraud"prod')
    drift.main()

    name = champion.mlflow.registered_model
    labels = f'model_name="{name}", namespace="fraud' + r'\"prod"'
    server = "job, namespace, pod, instance"
    wanted = (
        f"sum by (feature, bin) (increase(ml_feature_values_total{{{labels}}}[1d]) "
        f'and on ({server}) max_over_time(ml_model_info{{{labels}, version="1"}}[1d]) '
        f"unless on ({server}) "
        f'max_over_time(ml_model_info{{{labels}, version!="1"}}[1d]))'
    )
    [asked] = [form for _, form, _ in prometheus.asked if form["query"] == wanted]
    assert float(asked["end"]) - float(asked["start"]) == 30 * 86400
    assert float(asked["step"]) == 86400
    assert {token for _, _, token in prometheus.asked} == {"Bearer secret"}
    made = json.loads((Path("reports", "drift.json")).read_text())
    assert made["schema_version"] == 1
    assert made["model"] == {"name": name, "version": "1", "run_id": run}
    assert made["source"] == {
        "kind": "prometheus",
        "window": "1d",
        "namespace": 'fraud"prod',
    }
    # All of the requests are of one class now, which was a third.
    assert made["verdict"] == "P0" and made["retrain"] is False
    prediction = made["prediction"]
    assert prediction["level"] == "far" and prediction["observations"] == 900
    assert drift_summary.largest_move(prediction["bins"])[::2] == ("0", 1)
    assert [each["verdict"] for each in made["windows"]] == [
        "insufficient_data",
        *["none"] * 26,
        "P1",
        "insufficient_data",
        "P1",
        "P0",
    ]
    # A window without requests does not end what was before and is after it.
    assert prediction["since"] == made["windows"][27]["from"]
    assert made["windows"][-1]["to"] == made["window"]["to"]
    assert [each["days"] for each in made["baselines"]] == [7, 14, 30]
    week, _, month = prediction["baselines"]
    assert 0.25 < month["psi"] and week["psi"] < month["psi"]
    assert not any(feature["drifted"] for feature in made["features"])
    assert all(feature["since"] is None for feature in made["features"])
    inputs = made["inputs"]
    assert inputs["requests"] == {"observations": 40, "errors": 0}
    assert inputs["latency"] == {
        "observations": 40,
        "mean_seconds": pytest.approx(0.4 / 40.2),
        "p95_seconds": None,
        "p95_seconds_before": 0.025,
    }
    sure = inputs["confidence"]
    # A handful of held-out rows is no yardstick for twenty bins, but has a variance.
    assert sure["observations"] == pytest.approx(900, abs=3)
    assert sure["variance"] == pytest.approx(sure["reference_variance"], abs=1e-4)
    assert inputs["accuracy"]["observations"] == 0
    assert inputs["accuracy"]["reference"] > 0.8

    outputs = (tmp_path / "output").read_text()
    assert "verdict=P0\n" in outputs
    page = (tmp_path / "summary.md").read_text()
    assert "v1: P0\n" in page
    assert "**the predictions**" in page
    logged = mlflow.get_run(re.findall("run-id=(.*)", outputs)[-1])
    assert logged.info.run_name == f"drift {made['window']['to'][:16]}"
    trained = mlflow.get_run(run)
    training = mlflow.get_experiment(trained.info.experiment_id)
    analyses = mlflow.get_experiment(logged.info.experiment_id)
    assert analyses.name == f"{training.name}-drift"
    mark = training.tags.get("greenroom.component")
    assert analyses.tags.get("greenroom.component") == mark
    tags = {
        key.removeprefix("greenroom.drift."): value
        for key, value in logged.data.tags.items()
        if key.startswith("greenroom.drift.")
    }
    assert tags == {
        "verdict": "P0",
        "model": name,
        "model_version": "1",
        "reason": made["reason"],
        "window": f"{made['window']['from']}/{made['window']['to']}",
        "retrain": "false",
    }
    figures = logged.data.metrics
    assert figures["prediction.psi"] == pytest.approx(prediction["psi"])
    assert figures["features_drifted"] == 0
    assert figures["confidence.variance"] == pytest.approx(sure["variance"])
    kept = mlflow.artifacts.load_dict(f"{logged.info.artifact_uri}/drift.json")
    assert kept == made
    assert mlflow.artifacts.load_image(f"{logged.info.artifact_uri}/drift.png")


@pytest.mark.parametrize(
    ("status", "text", "sentence"),
    [
        (200, b"<html>Sign in</html>", "status 200 and no JSON; correct PROMETHEUS"),
        (302, b"", "status 302 and no JSON"),
        (401, b"no", "set PROMETHEUS_TOKEN"),
        (400, b'{"status": "error", "error": "parse error"}', "refuses .* parse error"),
        (200, b"[]", "not as Prometheus does"),
        (200, b'{"data": {"result": [{"metric": {}, "value": [0]}]}}', "not as Prom"),
        (200, b'{"data": {"result": [{"metric": 1, "value": [0, "1"]}]}}', "not as"),
        (200, b'{"data": {"result": [{"metric": {}, "value": [0, "x"]}]}}', "not as"),
        (200, b" " * 5000, "more than"),
    ],
)
def test_what_is_no_answer_of_prometheus_is_said(
    prometheus: ThreadingHTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    text: bytes,
    sentence: str,
) -> None:
    monkeypatch.setattr(MODULE, "MAX_ANSWER_BYTES", 4000)
    prometheus.answer = lambda *_: (status, text)
    url = f"http://127.0.0.1:{prometheus.server_port}"
    with pytest.raises(PipelineError, match=sentence):
        Prometheus(url, "", "m", "", "1d").version()
    # The token of one address is not sent to another.
    assert len(prometheus.asked) == 1


def test_what_does_not_answer_is_said(
    prometheus: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, "TIMEOUT_SECONDS", 0.2)
    wait = threading.Event()
    prometheus.answer = lambda *_: (wait.wait(10), b"")
    url = f"http://127.0.0.1:{prometheus.server_port}"
    with pytest.raises(PipelineError, match="does not answer: ReadTimeout"):
        Prometheus(url, "", "m", "", "1d").version()
    wait.set()
    with pytest.raises(PipelineError, match="does not answer"):
        Prometheus("http://127.0.0.1:9", "", "m", "", "1d").version()
    for window in ("1d] or vector(1)", "0d", "16d", "d", ""):
        with pytest.raises(PipelineError, match="DRIFT_WINDOW must be"):
            Prometheus(url, "", "m", "", window)
    with pytest.raises(PipelineError, match="must begin with https"):
        Prometheus("file:///etc/passwd", "", "m", "", "1d")


def test_series_that_are_missing_or_no_number_count_nothing(
    prometheus: ThreadingHTTPServer,
) -> None:
    bins = bins_of(1000, 2)
    bad = [None, "NaN", "+Inf", -5, 3]

    def answer(path: str, form: dict[str, str]) -> tuple[int, bytes]:
        features = [({"feature": "x0", "bin": "missing"}, bad), ({"bin": "?"}, bad)]
        return matrix(path, form, features if "feature" in form["query"] else [])

    prometheus.answer = answer
    url = f"http://127.0.0.1:{prometheus.server_port}"
    client = Prometheus(url, "", "m", "", "12h")
    windows = client.windows("1", bins)
    assert len(windows) == 61
    assert [window.counts for window in windows[:5]] == [
        *[{}] * 4,
        {"x0": {"missing": 3}, "": {"?": 3}},
    ]
    assert Analysis.of(bins, windows).verdict[0] == "insufficient_data"
    assert client.version() is None and client.requests()["observations"] == 0
    assert client.latency()["mean_seconds"] is None


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
    assert drift_summary.largest_move(made["features"][0]["bins"])[2] == 1
    assert made["features"][0]["observations"] == 1000
    assert made["window"] == {"from": None, "to": None}
    assert made["inputs"]["requests"]["observations"] == 2000
    assert made["inputs"]["latency"] == {"observations": 0}

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


def test_names_mean_nothing_in_markdown_or_in_a_picture() -> None:
    bins = bins_of(1000, 1)
    name = "<b>|`x`@team www.example.org $\\frac{"
    bins["features"] = {name: bins["features"]["x0"]}
    window = Window({name: {"missing": 5000.0}, **{"": usual(bins, 900)[""]}})
    about = {"name": "m", "version": "1", "run_id": "r"}
    made = report(Analysis.of(bins, [window]), about, {"kind": "table"}, {})
    page = drift_summary.summary(made)
    for hostile in ("<b>", "`", "@team", "www.example"):
        assert hostile not in page
    assert "P1" in page
    drift_run.draw(made).savefig(os.devnull, format="png")


def test_each_feature_has_metrics_of_its_own() -> None:
    names = ["age", "home region", "a/b", "a:b", "größe", "grösse", "..", "", "x" * 400]
    found = [drift_run.metric_name(name) for name in names]
    assert found[:2] == ["age", "home region"]
    assert len(set(found)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_ .-]{1,220}", each) for each in found)
