"""Serves the model of a rendered repository and holds the answers against others.

The repository has been trained, and `make model` has filled its model/. Any Python runs
it; the server runs in the repository's serving environment, `--python`.

    python serve_check.py --repository DIR --python .venv-serve/bin/python \\
        --rows rows.json --expected expected.json

rows.json: [{"age": 41, "region": null, …}, …]; expected.json: one prediction per row.
Exits with 1 and a sentence at the first difference.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

SERIES = {
    "request_predict_seconds_bucket",
    "ml_requests_total",
    "ml_request_errors_total",
    "ml_feature_values_total",
    "ml_feature_reference_ratio",
    "ml_prediction_values_total",
    "ml_prediction_reference_ratio",
    "ml_model_info",
    "ml_model_trained_timestamp_seconds",
}
# Enough work for the server to be at it when the signal comes.
LARGE, AT_ONCE = 10_000, 8

# Starts a server and asks it.
PROBABILITIES = "probabilities"
PACKAGE = Path(__file__).resolve().parents[3] / "packages" / "greenroom-ml"


def check(condition: bool, sentence: str) -> None:
    """Raise AssertionError with what is wrong."""
    if not condition:
        raise AssertionError(sentence)


def same(given: Any, wanted: Any, tolerance: float) -> bool:
    """Compare two predictions; numbers of 32 bits differ in the last digits."""
    if isinstance(wanted, float) and isinstance(given, (int, float)):
        return math.isclose(given, wanted, rel_tol=tolerance, abs_tol=tolerance)
    return type(given) is type(wanted) and given == wanted


class Check:
    """The questions, in their order."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        """Start the server."""
        root = arguments.repository.resolve()
        sys.path.insert(0, str(PACKAGE / "tests_serve"))
        from process import Process

        self.about = json.loads((root / "model" / "model.json").read_text())
        self.bins = json.loads((root / "model" / "reference.json").read_text())
        self.rows = json.loads(arguments.rows.read_text())
        self.expected = json.loads(arguments.expected.read_text())
        self.tolerance = arguments.tolerance
        self.name = self.about["name"]
        self.predict = f"/v1/models/{self.name}:predict"
        self.infer = f"/v2/models/{self.name}/infer"
        self.folder = tempfile.TemporaryDirectory()
        python = str(arguments.python.absolute())
        log = Path(self.folder.name) / "log"
        # As in the image: skorch's pickles name the owner's network.
        source = str(root / "src")
        self.server = Process(
            root / "model", root, log, python, DRAIN_SECONDS="1", PYTHONPATH=source
        )

    def run(self) -> None:
        """Ask everything; the last question is how the server leaves."""
        try:
            self.server.wait_until_ready()
            self.metadata()
            self.answers()
            self.refusals()
            self.metrics()
            self.farewell()
            check("Traceback" not in self.log(), "there is a stack in the log")
        except AssertionError as error:
            raise SystemExit(f"{error}\n--- log of the server\n{self.log()}") from None
        finally:
            self.server.kill()
            self.folder.cleanup()

    def log(self) -> str:
        return self.server.log.read_text(encoding="utf-8", errors="replace")

    def metadata(self) -> None:
        status, answer = self.server.get(f"/v2/models/{self.name}")
        check(status == 200, f"the metadata: {status} {answer}")
        self.inputs = answer["inputs"]
        names = [tensor["name"] for tensor in self.inputs]
        check(set(names) == set(self.rows[0]), f"the model says it takes {names}")
        kinds = {str: "BYTES", float: "FP64", int: "INT64"}
        output, *others = answer["outputs"]
        self.output = {"name": output["name"]}
        self.has_probabilities = [each["name"] for each in others] == [PROBABILITIES]
        check(not others or self.has_probabilities, f"it gives {answer['outputs']}")
        check(
            output["datatype"] == kinds[type(self.expected[0])],
            f"the output is {output}, the predictions are {self.expected[:3]}",
        )

    def answers(self) -> None:
        names = [tensor["name"] for tensor in self.inputs]
        lists = [[row[name] for name in names] for row in self.rows]
        for instances in (self.rows, lists):
            status, answer = self.server.post(self.predict, {"instances": instances})
            self.compare("v1", status, answer, lambda body: body["predictions"])
        cells = list(zip(*lists))
        tensors = [
            {**tensor, "shape": [len(lists)], "data": list(values)}
            for tensor, values in zip(self.inputs, cells)
        ]
        requests = [tensors]
        if all(tensor["datatype"] == "FP64" for tensor in self.inputs):
            shape = [len(lists), len(names)]
            matrix = {"name": "rows", "shape": shape, "datatype": "FP64"}
            flat = [cell for row in lists for cell in row]
            requests += [[{**matrix, "data": lists}], [{**matrix, "data": flat}]]
        for request in requests:
            status, answer = self.server.post(self.infer, {"inputs": request})
            self.compare("v2", status, answer, lambda body: body["outputs"][0]["data"])
            check(
                answer["model_version"] == self.about["version"],
                f"version {answer['model_version']} answers",
            )
        asked = 2 + len(requests)
        if self.has_probabilities:
            asked += 1
            self.probabilities(tensors)
        self.asked = asked * len(self.rows)

    def probabilities(self, tensors: list[dict[str, Any]]) -> None:
        """Ask for them beside the classes: each class's own, the likeliest answered."""
        status, answer = self.server.post(
            self.infer,
            {"inputs": tensors, "outputs": [self.output, {"name": PROBABILITIES}]},
        )
        check(status == 200, f"probabilities: {status} {answer}")
        predicted, tensor = answer["outputs"]
        classes = json.loads(tensor["parameters"]["classes"])
        shape = [len(self.rows), len(classes)]
        check(tensor["shape"] == shape, f"probabilities are {tensor['shape']}")
        for row, one in enumerate(predicted["data"]):
            start = row * len(classes)
            shares = tensor["data"][start : start + len(classes)]
            check(abs(sum(shares) - 1) < 1e-4, f"row {row}: they sum to {sum(shares)}")
            likeliest = classes[shares.index(max(shares))]
            check(
                str(one) == likeliest or len(set(shares)) < len(shares),
                f"row {row} is {one!r}, but {likeliest!r} is likeliest",
            )

    def compare(self, protocol: str, status: int, answer: Any, take: Any) -> None:
        check(status == 200, f"{protocol}: {status} {answer}")
        given = take(answer)
        check(len(given) == len(self.expected), f"{protocol}: {len(given)} predictions")
        for row, (one, other) in enumerate(zip(given, self.expected)):
            check(
                same(one, other, self.tolerance),
                f"{protocol}: row {row} is {one!r}, the model itself says {other!r}",
            )

    def refusals(self) -> None:
        column = self.inputs[0]["name"]
        wrong = {**self.rows[0], column: {"not": "a cell"}}
        body = {"instances": [self.rows[0], wrong]}
        for request in (body, {"instances": [{}]}, {"instances": "x"}, {}):
            status, answer = self.server.post(self.predict, request)
            check(status == 400, f"{request} got {status} {answer}")
            check("Traceback" not in answer["error"], f"a stack: {answer}")
        status, answer = self.server.post(self.predict, body)
        check(
            column in answer["error"] and "row 1" in answer["error"],
            f"{answer} names neither the column {column!r} nor row 1",
        )
        self.refused = 5

    def metrics(self) -> None:
        samples = self.server.metrics()
        names = {series.partition("{")[0] for series in samples}
        check(SERIES <= names, f"there is no {', '.join(sorted(SERIES - names))}")
        label = f'model_name="{self.name}"'
        check(all(label in key for key in samples if key.startswith("ml_")), "labels")
        version = f'version="{self.about["version"]}"'
        info = [key for key in samples if key.startswith("ml_model_info")]
        check(version in info[0], f"{info} does not say {version}")

        def total(name: str, *labels: str) -> float:
            return sum(
                value
                for key, value in samples.items()
                if key.startswith(name + "{") and all(each in key for each in labels)
            )

        refused = total("ml_request_errors_total", 'reason="invalid_input"')
        check(refused == self.refused, f"{refused} refusals, not {self.refused}")
        features = len(self.bins["features"])
        seen = total("ml_feature_values_total")
        check(seen == features * self.asked, f"{seen} values of {features} features")
        given = total("ml_prediction_values_total")
        check(given == self.asked, f"{given} predictions, not {self.asked}")
        ratios = total("ml_feature_reference_ratio")
        check(abs(ratios - features) < 0.01 * features, f"the shares are {ratios}")

    def farewell(self) -> None:
        """Send SIGTERM into the middle of large requests: all must be answered."""
        large = {"instances": (self.rows * LARGE)[:LARGE]}
        finished: list[tuple[float, int]] = []

        def ask() -> None:
            status, _ = self.server.post(self.predict, large)
            finished.append((time.monotonic(), status))

        key = f'ml_requests_total{{model_name="{self.name}",protocol="v1"}}'
        before = self.server.metrics()[key]
        threads = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        while self.server.metrics()[key] < before + AT_ONCE:
            time.sleep(0.01)
        sent = time.monotonic()
        code = self.server.terminate()
        for thread in threads:
            thread.join()
        statuses = [status for _, status in finished]
        check(statuses == [200] * AT_ONCE, f"under way at SIGTERM: {statuses}")
        check(
            any(at > sent for at, _ in finished),
            "no request was under way at SIGTERM: nothing is proven",
        )
        check(code == 0, f"the server ended with exit code {code}")


def main() -> None:
    """Check one repository."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("repository", "python", "rows", "expected"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--tolerance", type=float, default=1e-5)
    Check(parser.parse_args()).run()
    print("The server answers v1 and v2 as the model does, counts, refuses and leaves.")


if __name__ == "__main__":
    main()
