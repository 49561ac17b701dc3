"""The queries mean to a real Prometheus what they are meant to mean.

Runs where `prometheus` and `promtool` are on the path; the shapes of answers that a
real one does not give are in test_drift.py.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Iterator

import numpy as np
import pandas as pd
import pytest
import requests

from greenroom_ml.config import CLASSIFICATION
from greenroom_ml.monitoring import reference
from greenroom_ml.monitoring.drift_findings import ACCURACY, CONFIDENCE, PREDICTION
from greenroom_ml.monitoring.prometheus import Prometheus

pytestmark = pytest.mark.skipif(
    not (shutil.which("prometheus") and shutil.which("promtool")),
    reason="no Prometheus on the path",
)
NOW = datetime(2026, 1, 10, tzinfo=timezone.utc)
MODEL, DAYS, STEP = 'late "payers" ü', 6, 600
SINCE = int((NOW - timedelta(days=DAYS)).timestamp())


def history() -> Iterator[tuple[str, str, list[tuple[int, float]]]]:
    """Yield name, labels and points of what three servers have counted.

    Server a has always served version 1, and was started anew two days ago. Server b
    serves version 2 since two days ago. Server c has the same address for version 1
    and, since twelve hours ago, for version 2.
    """
    times = list(range(SINCE, int(NOW.timestamp()) + 1, STEP))
    half_day, two_days = times[-1] - 43_200, times[-1] - 2 * 86_400

    def labels(server: str, **more: str) -> str:
        own = {"job": "models", "instance": f"{server}:8080", "model_name": MODEL}
        pairs = {**own, "namespace": "fraud-prod", **more}.items()
        return ",".join(
            '{}="{}"'.format(key, value.replace('"', '\\"')) for key, value in pairs
        )

    def info(server: str, version: str, since: int, until: int) -> tuple:
        points = [(at, 1.0) for at in times if since <= at <= until]
        return "ml_model_info", labels(server, version=version), points

    def rises(name: str, text: str, a_minute: float, since: int = 0) -> tuple:
        points = [
            # A counter begins anew with its server.
            (at, (at - (two_days if ":8080" in text and at > two_days else SINCE)) / 60)
            for at in times
            if at >= since
        ]
        return name, text, [(at, value * a_minute) for at, value in points]

    yield info("a", "1", 0, times[-1])
    yield info("b", "2", two_days, times[-1])
    yield info("c", "1", 0, half_day)
    yield info("c", "2", half_day + STEP, times[-1])
    for server, a_minute, since in (("a", 1, 0), ("b", 5, two_days), ("c", 7, 0)):
        own = labels(server, feature="age", bin="missing")
        yield rises("ml_feature_values_total", own, a_minute, since)
    yield rises("ml_prediction_values_total", labels("a", bin="late"), 2)
    yield rises("ml_feedback_total", labels("a", outcome="wrong"), 0.5)
    yield rises("ml_requests_total", labels("a", protocol="v1"), 0.25)
    for bound, a_minute in (("0.05", 0), ("0.9", 1), ("0.95", 3), ("+Inf", 4)):
        own = labels("a", le=bound)
        yield rises("ml_prediction_confidence_bucket", own, a_minute)
        yield rises("request_predict_seconds_bucket", own, a_minute)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a Prometheus that remembers this history; return its address."""
    folder: Path = tmp_path_factory.mktemp("prometheus")
    lines: dict[str, list[str]] = {}
    for name, labels, points in history():
        found = lines.setdefault(name, [])
        found += [f"{name}{{{labels}}} {value} {at}" for at, value in points]
    text = "".join(
        f"# TYPE {name} unknown\n" + "\n".join(found) + "\n"
        for name, found in lines.items()
    )
    (folder / "history").write_text(f"{text}# EOF\n")
    (folder / "config.yml").write_text("{}")
    backfill = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "history"]
    subprocess.run(
        [*backfill, "data"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    flags = ["--config.file=config.yml", "--storage.tsdb.path=data"]
    flags += [f"--web.listen-address={address}", "--storage.tsdb.retention.time=10y"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["prometheus", *flags], cwd=folder, stdout=log, stderr=log
        )
    try:
        for _ in range(600):
            try:
                if requests.get(f"http://{address}/-/ready", timeout=5).ok:
                    break
            except requests.RequestException:
                pass
            time.sleep(0.1)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(30)


def bins() -> dict:
    frame = pd.DataFrame({"age": np.arange(100.0)})
    answers, shares = np.array(["late", "on time"] * 50), np.full((100, 2), 0.5)
    return reference.build_reference(frame, answers, CLASSIFICATION, shares)


def test_a_window_has_what_servers_of_one_version_have_counted(url: str) -> None:
    prometheus = Prometheus(url, "", MODEL, "fraud-prod", "1d", NOW)
    assert prometheus.version() == "2"
    windows = prometheus.windows("1", bins())
    assert len(windows) == 31 and windows[-1].end == NOW
    ages = [window.counts.get("age", {}).get("missing", 0) for window in windows]
    day = 24 * 60
    # The last day of server c is of two versions, and counted for neither.
    assert ages[-4:] == pytest.approx([8 * day, 8 * day, 8 * day, day], rel=0.02)
    assert ages[:24] == [0] * 24
    now = windows[-1].counts
    assert now[PREDICTION] == pytest.approx({"late": 2 * day}, rel=0.02)
    assert now[ACCURACY] == pytest.approx({"wrong": day / 2}, rel=0.02)
    found = {name: value for name, value in now[CONFIDENCE].items() if value > 1}
    wanted = {"(0.85, 0.9]": day, "(0.9, 0.95]": 2 * day, "(0.95, inf)": day}
    assert found == pytest.approx(wanted, rel=0.02)

    newer = prometheus.windows("2", bins())
    ages = [window.counts.get("age", {}).get("missing", 0) for window in newer]
    assert ages[-3:] == pytest.approx([0, 5 * day, 5 * day], rel=0.05)
    assert not any(ages[:-3])


def test_requests_and_latency(url: str) -> None:
    prometheus = Prometheus(url, "", MODEL, "fraud-prod", "1d", NOW)
    asked = prometheus.requests()
    assert asked["observations"] == pytest.approx(360, rel=0.02)
    assert asked["errors"] == 0
    latency = prometheus.latency()
    # Half of the values are above the last bound, which is all that is known of them.
    assert latency["p95_seconds"] == latency["p95_seconds_before"] == 0.95
    assert latency["observations"] == 0 and latency["mean_seconds"] is None
    other = Prometheus(url, "", MODEL, "elsewhere", "1d", NOW)
    assert other.version() is None
    assert not any(window.counts for window in other.windows("1", bins()))
