"""Each analysis of drift is a run of MLflow, in an experiment beside the model's own.

So its course over time can be read where the model is: tags with the verdict, figures
of each feature, and drift.json. In the experiment of the trainings an analysis a day
would hide them.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import mlflow
from mlflow.exceptions import MlflowException

from greenroom_ml.errors import PipelineError
from greenroom_ml.monitoring.drift_picture import draw
from greenroom_ml.registry import tracking

VERDICT_TAG = "greenroom.drift.verdict"
MODEL_VERSION_TAG = "greenroom.drift.model_version"
MODEL_TAG = "greenroom.drift.model"
REASON_TAG = "greenroom.drift.reason"
WINDOW_TAG = "greenroom.drift.window"
RETRAIN_TAG = "greenroom.drift.retrain"
COMPONENT_TAG = "greenroom.component"
# `churn-drift` beside `churn`; the portal looks there.
SUFFIX = "-drift"
FIGURES = ("psi", "shift", "p", "q")
MAX_KEY = 200
MAX_TAG = 4000


def log(made: dict[str, Any], client: mlflow.MlflowClient) -> str:
    """Log a report, and return the id of its run."""
    model, window = made["model"], made["window"]
    trained = client.get_run(model["run_id"])
    until = window["to"] or made["examined_at"]
    tags = {
        **tracking.run_tags(),
        VERDICT_TAG: made["verdict"],
        MODEL_TAG: model["name"],
        MODEL_VERSION_TAG: model["version"],
        REASON_TAG: made["reason"][:MAX_TAG],
        # An interval as ISO 8601 writes it; a table's rows have no time.
        WINDOW_TAG: f"{window['from']}/{window['to']}" if window["to"] else "table",
        RETRAIN_TAG: str(made["retrain"]).lower(),
    }
    with mlflow.start_run(
        experiment_id=_experiment(client, trained.info.experiment_id),
        run_name=f"drift {until[:16]}",
        tags=tags,
    ) as run:
        mlflow.log_metrics(figures(made))
        mlflow.log_dict(made, "drift.json")
        mlflow.log_figure(draw(made), "drift.png")
    return run.info.run_id


def _experiment(client: mlflow.MlflowClient, training_id: str) -> str:
    """Return the id of the experiment of analyses, made and marked on first use."""
    training = client.get_experiment(training_id)
    name = training.name + SUFFIX
    found = client.get_experiment_by_name(name)
    if found is None:
        # Whose it is decides who may read it.
        component = training.tags.get(COMPONENT_TAG)
        tags = {COMPONENT_TAG: component} if component else {}
        try:
            return client.create_experiment(name, tags=tags)
        except MlflowException as error:
            # Another analysis may have been faster.
            found = client.get_experiment_by_name(name)
            if found is None:
                raise error
    if found.lifecycle_stage != "active":
        raise PipelineError(
            f"The experiment {name} is deleted in MLflow: restore it, or delete it "
            "for good"
        )
    return found.experiment_id


def figures(made: dict[str, Any]) -> dict[str, float]:
    """Return the figures by MLflow's names: psi/age, shift/age, psi of all together."""
    found = {
        f"{figure}/{metric_name(row['name'])}": row[figure]
        for row in made["features"]
        for figure in FIGURES
    }
    others = {"prediction": made["prediction"], **made["inputs"]}
    for name, row in others.items():
        for figure in (*FIGURES, "mean", "variance", "value", "p95_seconds"):
            found[f"{name}.{figure}"] = row.get(figure)
        found[f"{name}.observations"] = row["observations"]
    found["features_drifted"] = sum(row["drifted"] for row in made["features"])
    return {name: float(value) for name, value in found.items() if value is not None}


def metric_name(name: str) -> str:
    """Return the name of a feature in signs that MLflow takes, and no other's name."""
    plain = re.sub(r"[^A-Za-z0-9_ .-]", "_", name)[:MAX_KEY]
    if plain == name and not re.fullmatch(r"[. ]*", name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{plain.strip('. ')}_{digest[:8]}"
