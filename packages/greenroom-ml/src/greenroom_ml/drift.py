"""Is the model still asked what it was trained for? `greenroom-ml drift`.

Compares the values that the server has seen with the training data. They come
from Prometheus (PROMETHEUS_URL; two periods of DRIFT_WINDOW, by default 1d; one
namespace by DRIFT_NAMESPACE; PROMETHEUS_TOKEN if it wants one) or from a table
of recent rows, oldest first (DRIFT_DATA). It writes reports/drift.json and a verdict,
and starts nothing.

P0: the predictions, or half of the features, are far away in both periods.
P1: a feature or the predictions are far away, or half of the features have moved.
P2: something has moved. none: nothing has. insufficient_data: nobody can tell.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import requests

from greenroom_ml.config import Config, load_config
from greenroom_ml.download import find_version, read_reference
from greenroom_ml.errors import PipelineError
from greenroom_ml.monitoring import reference
from greenroom_ml.monitoring.drift_findings import (
    PREDICTION,
    Counts,
    examine,
    report,
    summary,
)
from greenroom_ml.registry import tracking
from greenroom_ml.registry.tracking import REPORTS
from greenroom_ml.schema import load_schema
from greenroom_ml.serving import inputs
from greenroom_ml.tables.table import read_table

TIMEOUT_SECONDS = 60
REPORT = REPORTS / "drift.json"


class Prometheus:
    """The metrics of one model, over the query API of Prometheus."""

    def __init__(self, url: str, token: str, name: str, namespace: str) -> None:
        """Remember where to ask, and for what."""
        if not re.match("https?://", url):
            raise PipelineError("PROMETHEUS_URL must begin with https:// or http://")
        self.url = url.rstrip("/") + "/api/v1/query"
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        labels = {"model_name": name, **({"namespace": namespace} if namespace else {})}
        # A JSON text is a text of PromQL, too.
        pairs = (f"{key}={json.dumps(value)}" for key, value in labels.items())
        self.labels = "{" + ", ".join(pairs) + "}"

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Return the labels and the value of each series."""
        try:
            response = requests.post(
                self.url,
                data={"query": expression},
                headers=self.headers,
                timeout=TIMEOUT_SECONDS,
            )
            answer = response.json()
            if answer["status"] != "success":
                raise PipelineError(f"Prometheus refuses the query: {answer['error']}")
            series = answer["data"]["result"]
            return [(each["metric"], float(each["value"][1])) for each in series]
        except requests.exceptions.JSONDecodeError as error:
            raise PipelineError(
                f"Prometheus answers with status {response.status_code} and no JSON; "
                "correct PROMETHEUS_URL, or set PROMETHEUS_TOKEN"
            ) from error
        except requests.RequestException as error:
            raise PipelineError(
                f"Prometheus does not answer: {type(error).__name__} (PROMETHEUS_URL)"
            ) from error
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise PipelineError(
                f"PROMETHEUS_URL answers, but not as Prometheus does: {error!r}"
            ) from error

    def versions(self) -> list[str]:
        """Return the versions that are served now."""
        info = self.query(f"max by (version) (ml_model_info{self.labels})")
        return sorted({labels["version"] for labels, _ in info}, key=_as_number)

    def counts(self, window: str) -> tuple[Counts, Counts]:
        """Return what was counted in the last window but one, and in the last one."""
        if not re.fullmatch(r"[1-9]\d*[smhdw]", window):
            raise PipelineError(
                f"DRIFT_WINDOW must be like 1d or 12h; it is {window!r}"
            )
        periods = []
        for offset in (f" offset {window}", ""):
            period: Counts = {}
            for metric, by in (("feature", "feature, bin"), ("prediction", "bin")):
                selected = f"ml_{metric}_values_total{self.labels}[{window}]{offset}"
                for labels, value in self.query(
                    f"sum by ({by}) (increase({selected}))"
                ):
                    # A bin in which nothing was counted says nothing.
                    if value > 0:
                        bins = period.setdefault(labels.get("feature", PREDICTION), {})
                        bins[labels["bin"]] = value
            periods.append(period)
        return periods[0], periods[1]


def _as_number(version: str) -> int:
    return int(version) if version.isdecimal() else -1


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
) -> tuple[Counts, Counts]:
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
    return count(slice(None, middle)), count(slice(middle, None))


def main() -> None:
    """Write the report, and say the verdict."""
    config = load_config()
    get = os.environ.get
    table, address = get("DRIFT_DATA", "").strip(), get("PROMETHEUS_URL", "").strip()
    version = get("MODEL_VERSION", "").strip() or None
    if table:
        source = {"kind": "table", "name": Path(table).name}
    elif address:
        name, namespace = (
            config.mlflow.registered_model,
            get("DRIFT_NAMESPACE", "").strip(),
        )
        window = get("DRIFT_WINDOW", "").strip() or "1d"
        token = get("PROMETHEUS_TOKEN", "").strip()
        prometheus = Prometheus(address, token, name, namespace)
        periods = prometheus.counts(window)
        source = {
            "kind": "prometheus",
            "window": window,
            "namespace": namespace or None,
        }
        # What is served is what is compared, be it the champion or not.
        version = version or next(reversed(prometheus.versions()), None)
    else:
        raise PipelineError(
            "Set PROMETHEUS_URL, where the server's metrics are, or DRIFT_DATA, a CSV "
            "file of recent rows"
        )
    with tracking.mlflow_connection() as client:
        found = find_version(client, config.mlflow.registered_model, version)
        bins = read_reference(client, found.run_id)
    if bins is None:
        raise PipelineError(
            f"{found.name} v{found.version} has no reference.json to compare with: "
            "train it again"
        )
    if table:
        frame = read_rows(Path(table), config, bins)
        with tracking.mlflow_connection():
            model = mlflow.pyfunc.load_model(f"models:/{found.name}/{found.version}")
        names = model.metadata.get_input_schema().input_names()
        predictions = inputs.one_per_row(model.predict(frame[names]), len(frame))
        periods = count_rows(frame, predictions, bins)
    about = {"name": found.name, "version": str(found.version), "run_id": found.run_id}
    made = report(examine(bins, periods), about, source)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(made, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    REPORT.write_text(text, encoding="utf-8")
    tracking.set_output("verdict", made["verdict"])
    tracking.add_summary(summary(made))
    print(f"{found.name} v{found.version}: {made['verdict']}, {made['reason']}")
