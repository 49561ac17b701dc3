"""Is the model still asked what it was trained for? `greenroom-ml drift`.

Compares what the server has seen with the training data. It comes from Prometheus
(PROMETHEUS_URL; windows of DRIFT_WINDOW, by default 1d, of the last 30 days; one
namespace by DRIFT_NAMESPACE; PROMETHEUS_TOKEN if it wants one) or from a table of
recent rows, oldest first (DRIFT_DATA), of which each half is a window. It writes
reports/drift.json and a verdict, logs both as a run of MLflow, and starts nothing.

The rules of the verdict are in monitoring/drift_verdict.py.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Sequence

import mlflow
import numpy as np
import pandas as pd
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion

from greenroom_ml.config import CLASSIFICATION, Config, load_config
from greenroom_ml.download import find_version, read_reference
from greenroom_ml.errors import PipelineError
from greenroom_ml.monitoring import drift_run, reference
from greenroom_ml.monitoring.drift_analysis import Analysis
from greenroom_ml.monitoring.drift_findings import PREDICTION, Counts, Window
from greenroom_ml.monitoring.drift_report import report
from greenroom_ml.monitoring.drift_summary import summary
from greenroom_ml.monitoring.prometheus import Prometheus
from greenroom_ml.registry import tracking
from greenroom_ml.registry.tracking import REPORTS
from greenroom_ml.schema import load_schema
from greenroom_ml.serving import inputs
from greenroom_ml.tables.table import read_table

REPORT = REPORTS / "drift.json"
SETTINGS = (
    "DRIFT_DATA",
    "DRIFT_NAMESPACE",
    "DRIFT_WINDOW",
    "MODEL_VERSION",
    "PROMETHEUS_TOKEN",
    "PROMETHEUS_URL",
)


@dataclass(frozen=True)
class Seen:
    """What was seen of a version, where that was learnt, and what was measured."""

    windows: Sequence[Window]
    source: dict[str, Any]
    measured: dict[str, Any] = field(default_factory=dict)


def read_rows(path: Path, config: Config, bins: dict[str, Any]) -> pd.DataFrame:
    """Read a table of rows as they were asked, without an outcome."""
    if config.csv_file is not None:
        schema = load_schema(config.csv_file.parent / "schema.json", config.target)
        # `read_table` wants a target; a feature in its place is read all the same.
        first, *others = schema.features
        frame = read_table(path, replace(schema, target=first, features=tuple(others)))
        texts = frame.select_dtypes(exclude="number")
        texts = texts.astype(object).where(texts.notna(), None)
        return frame.assign(**texts)
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise PipelineError(f"{path} cannot be read: {error}") from error
    absent = [name for name in bins["features"] if name not in frame]
    if absent:
        raise PipelineError(f"{path} has no column {absent[0]!r} (DRIFT_DATA)")
    return frame.apply(pd.to_numeric, errors="coerce")


def count_rows(
    frame: pd.DataFrame, predictions: np.ndarray, bins: dict[str, Any]
) -> tuple[Window, Window]:
    """Count the first half of the rows, and the second."""
    described = {**bins["features"], PREDICTION: bins["prediction"]}
    columns = {name: frame[name] for name in bins["features"]}
    columns[PREDICTION] = pd.Series(predictions)

    def count(rows: slice) -> Counts:
        return {
            name: dict(
                zip(
                    reference.bin_names(its_bins),
                    reference.count_bins(its_bins, columns[name].iloc[rows]),
                )
            )
            for name, its_bins in described.items()
        }

    middle = len(frame) // 2
    return Window(count(slice(None, middle))), Window(count(slice(middle, None)))


def from_table(
    table: Path, config: Config, found: ModelVersion, bins: dict[str, Any]
) -> Seen:
    """Ask the model about the rows of a table, and count both."""
    frame = read_rows(table, config, bins)
    model = mlflow.pyfunc.load_model(f"models:/{found.name}/{found.version}")
    names = model.metadata.get_input_schema().input_names()
    predictions = inputs.one_per_row(model.predict(frame[names]), len(frame))
    windows = count_rows(frame, predictions, bins)
    asked = {"requests": {"observations": len(frame), "errors": 0}}
    return Seen(windows, {"kind": "table", "name": table.name}, asked)


def from_prometheus(
    prometheus: Prometheus, namespace: str, version: str, bins: dict[str, Any], run: Run
) -> Seen:
    """Ask Prometheus for what the servers of a version have counted."""
    windows = prometheus.windows(version, bins)
    measured = {
        "requests": prometheus.requests(),
        "latency": prometheus.latency(),
    }
    if "mae" in run.data.metrics:
        labels, error = prometheus.error_sum()
        measured["error"] = {
            "metric": "mae",
            "observations": labels,
            "value": error,
            "reference": run.data.metrics["mae"],
        }
    source = {
        "kind": "prometheus",
        "window": prometheus.window,
        "namespace": namespace or None,
    }
    return Seen(windows, source, measured)


def main() -> None:
    """Write the report, log it, and say the verdict."""
    config = load_config()
    env = {name: os.environ.get(name, "").strip() for name in SETTINGS}
    table, address = env["DRIFT_DATA"], env["PROMETHEUS_URL"]
    version, prometheus = env["MODEL_VERSION"] or None, None
    if not table and not address:
        raise PipelineError(
            "Set PROMETHEUS_URL, where the server's metrics are, or DRIFT_DATA, a CSV "
            "file of recent rows"
        )
    if not table:
        prometheus = Prometheus(
            address,
            env["PROMETHEUS_TOKEN"],
            config.mlflow.registered_model,
            env["DRIFT_NAMESPACE"],
            env["DRIFT_WINDOW"] or "1d",
        )
        # What is served is what is compared, be it the champion or not.
        version = version or prometheus.version()
    with tracking.mlflow_connection() as client:
        found = find_version(client, config.mlflow.registered_model, version)
        bins = read_reference(client, found.run_id)
        if bins is None:
            raise PipelineError(
                f"{found.name} v{found.version} has no reference.json to compare with: "
                "train it again"
            )
        run, served = client.get_run(found.run_id), str(found.version)
        if prometheus is None:
            seen = from_table(Path(table), config, found, bins)
        else:
            namespace = env["DRIFT_NAMESPACE"]
            seen = from_prometheus(prometheus, namespace, served, bins, run)
        known = config.task == CLASSIFICATION and prometheus is not None
        accuracy = run.data.metrics.get("accuracy") if known else None
        analysis = Analysis.of(bins, seen.windows, accuracy)
        about = {"name": found.name, "version": served, "run_id": found.run_id}
        made = report(analysis, about, seen.source, seen.measured, config.drift.retrain)
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(made, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        REPORT.write_text(text, encoding="utf-8")
        logged = drift_run.log(made, client)
    tracking.set_output("verdict", made["verdict"])
    tracking.set_output("run-id", logged)
    tracking.add_summary(summary(made))
    print(f"{found.name} v{found.version}: {made['verdict']}, {made['reason']}")
