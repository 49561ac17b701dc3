"""The real server, asked over HTTP, with a model made here.

Needs the server's environment: `python -m unittest discover -s tests_serve`.
"""

from __future__ import annotations

import http.client
import json
import logging
import re
import shutil
import socket
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path
from typing import Any

import mlflow
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema
from process import Process

# It warns that uv's environments have no pip.
logging.getLogger("mlflow").setLevel(logging.ERROR)

NAME = "late-payers"
PREDICT, INFER = f"/v1/models/{NAME}:predict", f"/v2/models/{NAME}/infer"
COLUMNS = {
    "age": DataType.double,
    "region": DataType.string,
    "home owner": DataType.double,
    "since": DataType.double,
}
WORDS = [
    {"name": "home owner", "type": "boolean", "true": ["yes"], "false": ["no"]},
    {"name": "since", "type": "date", "true": [], "false": [], "format": "%d.%m.%Y"},
]
ROWS = [
    [71, "south", "yes", "31.12.2024"],
    [30.5, "north", "No", "01.02.2023"],
    [None, None, None, None],
    [18, "überall", 1, 19000],
]
ANSWERS = ["late", "late", "on time", "on time"]


def series(name: str, **labels: str) -> str:
    """Return the name of a series as `/metrics` writes it."""
    pairs = sorted({**labels, "model_name": NAME}.items())
    return name + "{" + ",".join(f'{key}="{value}"' for key, value in pairs) + "}"


CONFIG = {
    "package": "owned",
    "data": {"dataset": "iris"},
    "model": {"task": "classification"},
    "gate": {"metric": "accuracy", "threshold": 0.8},
    "mlflow": {"experiment_name": "late", "registered_model": NAME},
}
HOOKS = """
def young(rows):
    return rows.assign(age=rows["age"].clip(upper=60))


def shout(rows, predictions):
    return [answer.upper() for answer in predictions]


def lose(rows, predictions):
    return predictions[:1]
"""


def save_tiny_model(folder: Path, **hooks: str) -> None:
    """Write a model as `make model` would leave it, and a repository around it."""
    config = {**CONFIG, "hooks": hooks}
    folder.with_name("config.yaml").write_text(json.dumps(config))
    source = folder.parent / "src" / "owned"
    source.mkdir(parents=True)
    (source / "__init__.py").touch()
    (source / "rules.py").write_text(HOOKS)
    signature = ModelSignature(
        Schema([ColSpec(kind, name) for name, kind in COLUMNS.items()]),
        Schema([ColSpec(DataType.string)]),
    )
    with warnings.catch_warnings():
        # It has no example, on purpose.
        warnings.simplefilter("ignore")
        mlflow.pyfunc.save_model(
            folder,
            python_model=str(Path(__file__).with_name("tiny_model.py")),
            signature=signature,
            pip_requirements=[],
            metadata={"words": [{"format": None, **words} for words in WORDS]},
        )
    numbers = {"kind": "number", "ratios": [0.5, 0.5], "missing": 0.0}
    regions = {"values": ["north", "south"], "ratios": [0.4, 0.5], "other": 0.1}
    bins = {
        "rows": 100,
        "features": {
            "age": {**numbers, "edges": [40.5]},
            "region": {"kind": "category", **regions, "missing": 0.0},
        },
        "prediction": {
            "rows": 50,
            "kind": "category",
            "values": ["late"],
            "ratios": [0.3],
            "other": 0.7,
            "missing": 0.0,
        },
    }
    about = {"name": NAME, "version": "7", "run_id": "a" * 32, "git_sha": "b" * 40}
    about["trained_at"] = "2026-01-02T03:04:05+00:00"
    (folder / "reference.json").write_text(json.dumps(bins))
    (folder / "model.json").write_text(json.dumps(about))


class TinyModelTest(unittest.TestCase):
    """One server for all questions."""

    @classmethod
    def setUpClass(cls) -> None:
        """Start it."""
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        save_tiny_model(cls.folder / "model")
        cls.server = Process(cls.folder / "model", cls.folder, cls.folder / "log")
        cls.addClassCleanup(cls.server.kill)
        cls.server.wait_until_ready()

    def test_it_answers_both_protocols(self) -> None:
        """Objects, lists, a tensor per column: the same answers."""
        objects = [dict(zip(COLUMNS, row)) for row in ROWS]
        for instances in (ROWS, objects, [{"more": 1, **row} for row in objects]):
            status, answer = self.server.post(PREDICT, {"instances": instances})
            self.assertEqual((status, answer), (200, {"predictions": ANSWERS}))
        tensors = [
            {"name": name, "shape": shape, "datatype": kind, "data": list(cells)}
            for name, shape, kind, cells in zip(
                COLUMNS,
                ([4], [4, 1], [4], [4]),
                ("FP64", "BYTES", "BYTES", "BYTES"),
                zip(*ROWS),
            )
        ]
        status, answer = self.server.post(INFER, {"id": "42", "inputs": tensors})
        self.assertEqual(status, 200)
        self.assertEqual((answer["id"], answer["model_version"]), ("42", "7"))
        [output] = answer["outputs"]
        self.assertEqual((output["datatype"], output["shape"]), ("BYTES", [4]))
        self.assertEqual(output["data"], ANSWERS)
        status, answer = self.server.post(INFER, {"inputs": tensors})
        self.assertEqual(status, 200)
        self.assertTrue(answer["id"])

    def test_it_tells_what_it_takes(self) -> None:
        """The metadata come from MLflow's signature."""
        status, answer = self.server.get(f"/v2/models/{NAME}")
        self.assertEqual(status, 200)
        self.assertEqual(
            [(tensor["name"], tensor["datatype"]) for tensor in answer["inputs"]],
            list(zip(COLUMNS, ["FP64", "BYTES", "BYTES", "BYTES"])),
        )
        [output] = answer["outputs"]
        self.assertEqual((output["datatype"], output["shape"]), ("BYTES", [-1]))
        for path in (
            "/v2/health/live",
            f"/v2/models/{NAME}/ready",
            f"/v1/models/{NAME}",
        ):
            self.assertEqual(self.server.get(path)[0], 200)
        self.assertEqual(self.server.get("/v2/models/another/ready")[0], 404)
        unload = self.server.post(f"/v2/repository/models/{NAME}/unload", {})
        self.assertEqual(unload[0], 501)

    def test_what_does_not_fit_is_refused_with_a_sentence(self) -> None:
        """The caller learns which row and column to put right."""
        good = ROWS[0]
        tensor = {"name": "x", "shape": [1, 4], "datatype": "FP64", "data": [1] * 4}
        cases: list[tuple[str, Any, str]] = [
            (PREDICT, {"instances": [good, ["old", *good[1:]]]}, "'age', row 1: 'old'"),
            (
                PREDICT,
                {"instances": [[1, 2, None, None]]},
                "'region', row 0: 2 is not a",
            ),
            (PREDICT, {"instances": [[1, "", "maybe", None]]}, "'home owner', row 0"),
            (PREDICT, {"instances": [[1, "", None, "2024-12-31"]]}, "'since', row 0"),
            (PREDICT, {"instances": [[1e39, "", None, None]]}, "below 3.4e38"),
            (PREDICT, {"instances": [[1, 2]]}, "row 0 has 2 values; the model takes 4"),
            (PREDICT, {"instances": [{"age": 1}]}, "row 0 has no 'region'"),
            (PREDICT, {"instances": []}, "at least one row"),
            (PREDICT, {"instances": [good] * 10_001}, "at most 10000"),
            (PREDICT, {"rows": []}, '{"instances": [...]}'),
            (PREDICT, b"{", "cannot be read"),
            (INFER, b"{", "not JSON"),
            (INFER, {"inputs": []}, "at least one tensor"),
            (INFER, {"inputs": [{**tensor, "shape": [2, 4]}]}, "asks for 8"),
            (INFER, {"inputs": [{**tensor, "shape": [4, 1]}]}, "it must be [rows, 4]"),
            (INFER, {"inputs": [{**tensor, "name": "age"}]}, "'region' is missing"),
            (INFER, {"inputs": [tensor]}, "'region', row 0: 1 is not a text"),
            (INFER, {"inputs": [{**tensor, "data": 1}]}, "inputs.0.data"),
        ]
        before = self.errors("invalid_input")
        for path, body, sentence in cases:
            with self.subTest(sentence):
                status, answer = self.server.post(path, body)
                self.assertEqual(status, 400, answer)
                self.assertIn(sentence, answer["error"])
                self.assertNotIn("Traceback", answer["error"])
        self.assertEqual(self.errors("invalid_input"), before + len(cases))

    def test_limits_hold_on_every_path(self) -> None:
        """Size, with and without a length, depth and headers."""
        large = b" " * (16 * 1024 * 1024 + 1)
        deep = b"[" * 1000 + b"]" * 1000
        for path in (PREDICT, INFER, "/", "/metrics", "/v2/repository/index", "/no"):
            for body, status in ((large, 413), (iter([large]), 413), (deep, 400)):
                with self.subTest(path):
                    self.assertEqual(self.raw("POST", path, body)[0], status)
            self.assertIn(self.raw("GET", path)[0], (200, 404, 405))
        # A path lowers the size; a bracket in a text is not nested.
        other = b" " * (64 * 1024 + 1)
        self.assertEqual(self.raw("POST", "/v2/repository/index", other)[0], 413)
        texts = {"instances": [[1, "[" * 1000 + '\\"[', None, None]]}
        self.assertEqual(self.server.post(PREDICT, texts)[0], 200)
        header = {"X-Long": "x" * 100_000}
        self.assertIn(self.raw("GET", "/", headers=header)[0], (400, 431))
        self.assertEqual(self.server.get("/v2/health/live")[0], 200)

    def test_only_pages_and_programs_of_this_machine_may_ask(self) -> None:
        """A page may give its own name the address of this machine."""
        cases = [
            ({"Host": "evil.example"}, 421),
            ({"Host": "127.0.0.1.evil.example:80"}, 421),
            ({"Host": ""}, 421),
            ({"Host": "localhost:8080"}, 200),
            ({"Host": "[::1]:8080"}, 200),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Origin": "http://localhost:3000"}, 200),
        ]
        for path in ("/v2/health/live", "/metrics", f"/v1/models/{NAME}"):
            for headers, status in cases:
                with self.subTest(f"{path} {headers}"):
                    self.assertEqual(self.raw("GET", path, headers=headers)[0], status)

    def test_it_listens_where_it_says(self) -> None:
        """On a laptop: on no address that others can reach."""
        port = int(self.server.url.rpartition(":")[2])
        with socket.socket() as other:
            other.settimeout(5)
            # All of 127.0.0.0/8 is this machine, but one address only is listened on.
            self.assertNotEqual(other.connect_ex(("127.0.0.2", port)), 0)

    def raw(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        address = self.server.url.removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
        except (BrokenPipeError, ConnectionResetError):
            # Refused before all of it was sent.
            pass
        try:
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def test_a_failure_of_the_model_tells_nothing_of_its_inside(self) -> None:
        """The log has it."""
        before = self.errors("internal")
        status, answer = self.server.post(PREDICT, {"instances": [[-1, *ROWS[0][1:]]]})
        self.assertEqual(status, 500)
        self.assertNotIn("secret", json.dumps(answer))
        self.assertIn("secret internals", self.server.log.read_text())
        self.assertEqual(self.errors("internal"), before + 1)

    def test_what_takes_long_is_in_the_log(self) -> None:
        """With the version and how long; the next one within seconds is counted."""
        for _ in range(2):
            status, _ = self.server.post(PREDICT, {"instances": [[0, *ROWS[0][1:]]]})
            self.assertEqual(status, 200)
        lines = re.findall("Slow prediction.*", self.server.log.read_text())
        self.assertEqual(len(lines), 1)
        self.assertRegex(
            lines[0], r"of version 7: 1\d\d\d ms for 1 rows, of which \d ms waiting"
        )

    def test_it_counts_what_it_sees(self) -> None:
        """Requests, errors, latency, and the bins of the training data."""
        before = self.server.metrics()
        self.server.post(PREDICT, {"instances": ROWS})
        after = self.server.metrics()
        rises = {
            series("ml_requests_total", protocol="v1"): 1,
            series("request_predict_seconds_count"): 1,
            series("ml_feature_values_total", feature="age", bin="(-inf, 40.5]"): 2,
            series("ml_feature_values_total", feature="age", bin="(40.5, inf)"): 1,
            series("ml_feature_values_total", feature="age", bin="missing"): 1,
            series("ml_feature_values_total", feature="region", bin="north"): 1,
            series("ml_feature_values_total", feature="region", bin="other"): 1,
            series("ml_feature_values_total", feature="region", bin="missing"): 1,
            series("ml_prediction_values_total", bin="late"): 2,
            series("ml_prediction_values_total", bin="other"): 2,
        }
        self.assertEqual({key: after[key] - before[key] for key in rises}, rises)
        ratio = series("ml_feature_reference_ratio", feature="region", bin="other")
        values = {
            ratio: 0.1,
            series("ml_prediction_reference_ratio", bin="late"): 0.3,
            series("ml_model_info", version="7", run_id="a" * 32): 1,
            series("ml_model_trained_timestamp_seconds"): 1767323045,
        }
        self.assertEqual({key: after[key] for key in values}, values)

    def errors(self, reason: str) -> float:
        return self.server.metrics()[series("ml_request_errors_total", reason=reason)]


class LifeTest(unittest.TestCase):
    """How the server comes and goes."""

    def setUp(self) -> None:
        """Make a folder of its own."""
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def start(self, model: Path, **environment: str) -> Process:
        server = Process(model, self.folder, self.folder / "log", **environment)
        self.addCleanup(server.kill)
        return server

    def test_it_is_ready_when_the_model_is_loaded_and_leaves_in_peace(self) -> None:
        """Nobody is invited too early, and no request is lost on the way down."""
        save_tiny_model(self.folder / "model")
        signal = self.folder / "go"
        environment = {"WAIT_FOR": str(signal), "DRAIN_SECONDS": "2"}
        server = self.start(self.folder / "model", **environment)
        for _ in range(3000):
            try:
                self.assertEqual(server.get("/v2/health/live")[0], 200)
                break
            except OSError:
                time.sleep(0.05)
        for path in ("/v2/health/ready", f"/v2/models/{NAME}/ready"):
            self.assertEqual(server.get(path)[0], 503)
        self.assertEqual(server.post(PREDICT, {"instances": ROWS})[0], 503)
        signal.touch()
        server.wait_until_ready()

        slow = {"instances": [[0, *ROWS[0][1:]]]}
        answers: list[Any] = []
        request = threading.Thread(
            target=lambda: answers.append(server.post(PREDICT, slow))
        )
        asked = server.metrics()[series("ml_requests_total", protocol="v1")]
        request.start()
        while server.metrics()[series("ml_requests_total", protocol="v1")] == asked:
            time.sleep(0.02)
        server.process.terminate()
        while server.get("/v2/health/ready")[0] == 200:
            time.sleep(0.02)
        # Who has not heard of it yet is still answered.
        self.assertEqual(server.post(PREDICT, {"instances": ROWS})[0], 200)
        self.assertEqual(server.process.wait(timeout=60), 0)
        request.join()
        self.assertEqual(answers, [(200, {"predictions": ["on time"]})])

    def test_what_takes_too_long_is_ended(self) -> None:
        """A body that never comes, and a model that thinks for too long."""
        save_tiny_model(self.folder / "model")
        environment = {"MAX_REQUEST_SECONDS": "1", "SERVE_ALLOWED_HOSTS": "*"}
        server = self.start(self.folder / "model", **environment)
        server.wait_until_ready()
        host, _, port = server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as slow:
            slow.sendall(b"POST /v1/models/x:predict HTTP/1.1\r\nHost: any.example\r\n")
            slow.sendall(b"Content-Length: 10\r\n\r\n{")
            self.assertIn(b" 504 ", slow.recv(1000))
        status, answer = server.post(PREDICT, {"instances": [[0, *ROWS[0][1:]]]})
        self.assertEqual(status, 504)
        self.assertIn("1 seconds", answer["error"])

    def test_what_cannot_be_loaded_ends_the_server_with_a_sentence(self) -> None:
        """The sentence is the last thing that the log of the pod holds."""
        (self.folder / "config.yaml").write_text(json.dumps(CONFIG))
        empty = self.start(self.folder)
        self.assertEqual(empty.process.wait(timeout=180), 2)
        self.assertIn("There is no model in", empty.log.read_text())
        save_tiny_model(self.folder / "model")
        text = (self.folder / "model" / "MLmodel").read_text()
        broken = text.replace("loader_module: mlflow.pyfunc", "loader_module: missing")
        (self.folder / "model" / "MLmodel").write_text(broken)
        server = self.start(self.folder / "model")
        self.assertEqual(server.process.wait(timeout=180), 2)
        last = server.log.read_text().splitlines()[-1]
        self.assertRegex(last, "The model in .* cannot be loaded: .*missing")


class HooksTest(unittest.TestCase):
    """The owner's functions before and after a prediction."""

    def serve(self, **hooks: str) -> Process:
        """Start a server with these hooks."""
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        save_tiny_model(folder / "model", **hooks)
        server = Process(folder / "model", folder, folder / "log")
        self.addCleanup(server.kill)
        return server

    def test_they_change_rows_and_answers(self) -> None:
        """`before_predict` makes all young, `after_predict` shouts."""
        server = self.serve(before_predict="rules:young", after_predict="rules:shout")
        server.wait_until_ready()
        status, answer = server.post(PREDICT, {"instances": ROWS})
        wanted = ["ON TIME", "LATE", "ON TIME", "ON TIME"]
        self.assertEqual((status, answer), (200, {"predictions": wanted}))

    def test_one_that_breaks_is_an_error_of_the_server(self) -> None:
        """One prediction per row is what clients get, or an error."""
        server = self.serve(after_predict="rules:lose")
        server.wait_until_ready()
        status, answer = server.post(PREDICT, {"instances": ROWS})
        self.assertEqual(status, 500)
        self.assertIn("the model failed on this request", answer["error"])

    def test_one_that_is_missing_ends_the_server_with_a_sentence(self) -> None:
        """Nobody serves a model without the rules that it was to be served with."""
        server = self.serve(before_predict="rules:old")
        self.assertEqual(server.process.wait(timeout=120), 2)
        log = server.log.read_text()
        self.assertIn("hooks.before_predict: src/owned/rules.py has no function", log)


if __name__ == "__main__":
    unittest.main()
