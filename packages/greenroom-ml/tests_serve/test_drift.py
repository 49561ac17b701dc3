"""Drift that is planted in the traffic is found in what the real server has counted.

Needs the server's environment: `python -m unittest discover -s tests_serve`.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import mlflow
import numpy as np
import pandas as pd
from process import Process
from prometheus_client.parser import text_string_to_metric_families
from sklearn.linear_model import LogisticRegression

from greenroom_ml.config import CLASSIFICATION
from greenroom_ml.monitoring import reference
from greenroom_ml.monitoring.drift_analysis import Analysis
from greenroom_ml.monitoring.drift_findings import ACCURACY, CONFIDENCE
from greenroom_ml.monitoring.prometheus import Prometheus

NAME = "payers"
PREDICT, FEEDBACK = f"/v1/models/{NAME}:predict", f"/v1/models/{NAME}:feedback"
FEATURES = [f"f{number}" for number in range(6)]
TOKEN = "a token of this test"
CONFIG = {
    "package": "owned",
    "data": {"dataset": "iris"},
    "model": {"task": "classification"},
    "gate": {"metric": "accuracy", "threshold": 0.8},
    "mlflow": {"experiment_name": "payers", "registered_model": NAME},
}


def rows(amount: int, seed: int) -> pd.DataFrame:
    """Return rows as they were in training."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(random.normal(size=(amount, len(FEATURES))), columns=FEATURES)


def save_model(folder: Path) -> dict[str, Any]:
    """Train and write a model as `make model` would leave it; return its bins."""
    folder.with_name("config.yaml").write_text(json.dumps(CONFIG))
    (folder.parent / "src" / "owned").mkdir(parents=True)
    (folder.parent / "src" / "owned" / "__init__.py").touch()
    frame = rows(2000, seed=1)
    noise = np.random.default_rng(2).normal(size=len(frame))
    classes = np.where(frame["f0"] + 0.3 * noise > 0, "late", "on time")
    model = LogisticRegression().fit(frame, classes)
    mlflow.sklearn.save_model(
        model,
        folder,
        signature=mlflow.models.infer_signature(frame, classes),
        serialization_format="cloudpickle",
        pip_requirements=[],
        metadata={"classes": [str(each) for each in model.classes_]},
    )
    held_out = rows(1000, seed=3)
    bins = reference.build_reference(
        frame, model.predict(held_out), CLASSIFICATION, model.predict_proba(held_out)
    )
    about = {"name": NAME, "version": "7", "run_id": "a" * 32}
    about["trained_at"] = "2026-01-02T03:04:05+00:00"
    (folder / "reference.json").write_text(json.dumps(bins))
    (folder / "model.json").write_text(json.dumps(about))
    return bins


class Rises(BaseHTTPRequestHandler):
    """Stands in for Prometheus: the rise of each counter between two scrapes."""

    def do_POST(self) -> None:  # noqa: N802 (the library's name)
        """Answer for the metric and the labels that the query names."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: value for name, [value] in parse_qs(body).items()}
        labels, metric = re.search(
            r"^sum by \((.*?)\) \(increase\((\w+)", form["query"]
        ).groups()
        scrapes: list[str] = self.server.scrapes  # type: ignore[attr-defined]
        sums = [_sums(scrape, metric, labels.split(", ")) for scrape in scrapes]
        end, step = float(form["end"]), float(form["step"])
        result = []
        for key in sums[-1]:
            points = [
                [end - step * (len(sums) - 2 - at), str(after[key] - before[key])]
                for at, (before, after) in enumerate(zip(sums, sums[1:]))
            ]
            result.append({"metric": dict(key), "values": points})
        answer = {"status": "success", "data": {"result": result}}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


def _sums(scrape: str, metric: str, labels: list[str]) -> dict[Any, float]:
    found: dict[Any, float] = {}
    for family in text_string_to_metric_families(scrape):
        for sample in family.samples:
            if sample.name == metric:
                key = tuple((name, sample.labels[name]) for name in labels)
                found[key] = found.get(key, 0) + sample.value
    return found


class PlantedDriftTest(unittest.TestCase):
    """One server, and traffic in windows of 600 rows."""

    @classmethod
    def setUpClass(cls) -> None:
        """Start it, and what stands in for Prometheus."""
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.bins = save_model(cls.folder / "model")
        environment = {"FEEDBACK_TOKEN": TOKEN}
        model, log = cls.folder / "model", cls.folder / "log"
        cls.server = Process(model, cls.folder, log, **environment)
        cls.addClassCleanup(cls.server.kill)
        cls.server.wait_until_ready()
        cls.stand_in = ThreadingHTTPServer(("127.0.0.1", 0), Rises)
        threading.Thread(target=cls.stand_in.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.stand_in.server_close)
        cls.addClassCleanup(cls.stand_in.shutdown)

    def scrape(self) -> str:
        """Return the metrics once all answers have been counted."""
        text = ""
        for _ in range(200):
            text = self.server.get("/metrics")[1]
            answers = _sums(text, "ml_prediction_values_total", [])[()]
            confidences = _sums(text, "ml_prediction_confidence_count", [])[()]
            if answers == confidences:
                return text
            time.sleep(0.05)
        raise AssertionError("the confidence of some answers is not counted")

    def ask(self, frame: pd.DataFrame) -> list[str]:
        """Send a window of traffic in requests of different sizes."""
        answers: list[str] = []
        for part in (frame[:1], frame[1:51], frame[51:]):
            body = {"instances": part.to_dict("records")}
            status, answer = self.server.post(PREDICT, body)
            self.assertEqual(status, 200, answer)
            answers += answer["predictions"]
        return answers

    def tell(self, body: Any, token: str = TOKEN) -> tuple[int, Any]:
        """Send outcomes; return status and answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            self.server.url + FEEDBACK, data, {"Authorization": f"Bearer {token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def analysis(self, scrapes: list[str]) -> Analysis:
        """Ask what stands in for Prometheus as `greenroom-ml drift` does."""
        self.stand_in.scrapes = scrapes
        url = f"http://127.0.0.1:{self.stand_in.server_port}"
        prometheus = Prometheus(url, "", NAME, "", "1d")
        return Analysis.of(self.bins, prometheus.windows("7", self.bins), 0.9)

    def test_exactly_what_has_moved_is_found(self) -> None:
        """Two windows as in training, then two with two features moved."""
        scrapes = [self.scrape()]
        for window in range(4):
            frame = rows(600, seed=10 + window)
            if window >= 2:
                frame["f1"] += 0.6
                frame["f3"] = frame["f3"] * 2
            answers = self.ask(frame)
            right = answers if window < 3 else ["on time"] * len(answers)
            told = [
                {"prediction": said, "outcome": was}
                for said, was in zip(answers, right)
            ]
            self.assertEqual(self.tell({"feedback": told}), (200, {"accepted": 600}))
            scrapes.append(self.scrape())
        quiet = self.analysis(scrapes[:3])
        self.assertEqual(quiet.verdict[0], "none", quiet.verdict)
        self.assertEqual(quiet.now.rows, 600)
        self.assertEqual(sum(quiet.now.counts[CONFIDENCE].values()), 600)
        self.assertEqual(quiet.now.counts[ACCURACY], {"right": 600})
        self.assertTrue(quiet.findings[-1][CONFIDENCE].comparison.known)

        moved = self.analysis(scrapes[:4])
        self.assertEqual(moved.verdict[0], "P1", moved.verdict)
        found = {name for name, each in moved.findings[-1].items() if each.drifted}
        self.assertEqual(found, {"f1", "f3"})
        now = self.analysis(scrapes)
        found = {name for name, each in now.findings[-1].items() if each.drifted}
        self.assertEqual(found, {"f1", "f3", ACCURACY})
        began = now.windows[-2].start
        assert began is not None
        self.assertEqual(now.since("f1"), began.isoformat())
        self.assertIsNone(now.since("f0"))

    def test_outcomes_that_do_not_fit_are_refused_and_count_nothing(self) -> None:
        """Whole requests: none of their rows counts."""
        good = {"prediction": "late", "outcome": "late"}
        cases: list[tuple[Any, str]] = [
            ({"feedback": []}, "must be like"),
            ({"feedback": {}}, "must be like"),
            ([], "must be like"),
            (b"{", "not JSON"),
            (b'{"feedback": [{"prediction": NaN, "outcome": 1}]}', "not JSON"),
            ({"feedback": [good, {"outcome": "late"}]}, "row 1: must have"),
            ({"feedback": [{**good, "id": 1}]}, "row 0: must have"),
            ({"feedback": [good, {**good, "outcome": None}]}, "row 1: None is not"),
            ({"feedback": [{**good, "outcome": ["late"]}]}, "row 0: ['late'] is not"),
            ({"feedback": [good] * 1001}, "at most 1000"),
        ]
        before = _sums(self.server.get("/metrics")[1], "ml_feedback_total", [])
        for body, sentence in cases:
            with self.subTest(sentence):
                status, answer = self.tell(body)
                self.assertEqual(status, 400, answer)
                self.assertIn(sentence, answer["error"])
        self.assertEqual(self.tell(b" " * 70_000)[0], 413)
        for token in ("", "another", f"{TOKEN}x", "ü"):
            status, answer = self.tell({"feedback": [good]}, token)
            self.assertEqual(status, 401, answer)
            self.assertNotIn(TOKEN, json.dumps(answer))
        after = _sums(self.server.get("/metrics")[1], "ml_feedback_total", [])
        self.assertEqual(after, before)
        self.assertNotIn(TOKEN, self.server.log.read_text())


class FeedbackTokenTest(unittest.TestCase):
    """Outcomes are taken from those only who were given a token."""

    def serve(self, token: str) -> Process:
        """Start a server with this token."""
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        save_model(folder / "model")
        server = Process(folder / "model", folder, folder / "log", FEEDBACK_TOKEN=token)
        self.addCleanup(server.kill)
        return server

    def test_without_a_token_there_is_no_such_path(self) -> None:
        """It is off unless somebody wants it."""
        server = self.serve("")
        server.wait_until_ready()
        body = {"feedback": [{"prediction": "late", "outcome": "late"}]}
        self.assertIn(server.post(FEEDBACK, body)[0], (404, 405))

    def test_one_that_can_be_guessed_ends_the_server_with_a_sentence(self) -> None:
        """The log says what would be right."""
        server = self.serve("short")
        self.assertEqual(server.process.wait(timeout=180), 2)
        self.assertIn("16 characters or more", server.log.read_text())


if __name__ == "__main__":
    unittest.main()
