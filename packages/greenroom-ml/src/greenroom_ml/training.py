"""Trains the model, judges it on held-out rows and logs everything to MLflow.

The steps of the owner's train.py: `load`, `split`, and within `start` `fit`, `judge`
and `log`. `greenroom-ml train` runs them.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import warnings
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any, Iterator

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType
from mlflow.types import Schema as Columns

from greenroom_ml import data
from greenroom_ml.config import METRICS, Config
from greenroom_ml.evaluation import report
from greenroom_ml.evaluation.evaluation import (
    CONSTANT,
    LINEAR,
    MODEL,
    Evaluation,
    evaluate,
    milliseconds_per_row,
)
from greenroom_ml.evaluation.metrics import Answers
from greenroom_ml.evaluation.own_metrics import own_metrics
from greenroom_ml.evaluation.split_plan import SplitPlan
from greenroom_ml.explain import explain
from greenroom_ml.gate import EVALUATION, MODEL_MB, ROW_MS, SPLIT
from greenroom_ml.inspection.findings_of_table import expect_answered, inspect, to_say
from greenroom_ml.models.models import Model, log_model
from greenroom_ml.models.prepare import fit_model, make_estimator, make_model
from greenroom_ml.monitoring.reference import build_reference
from greenroom_ml.registry import tracking
from greenroom_ml.schema import Schema, describe_cells

LOGGER = logging.getLogger(__name__)


@dataclass
class Training:
    """One training: its rows, and the MLflow run that holds what comes of it."""

    config: Config
    rows: pd.DataFrame
    held_out: pd.DataFrame
    schema: Schema
    plan: SplitPlan
    run_id: str
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def features(self) -> list[str]:
        """The columns that the model takes, in their order."""
        return [column.name for column in self.schema.features]

    def fit(self) -> Model:
        """Return the trained model: a pipeline, or an ONNX model made of it."""
        mlflow.log_params(_parameters(make_estimator(self.config)))
        model = fit_model(self.rows, self.config, self.schema)
        if self.config.model.format != "onnx":
            return model
        # Only here: a repository without ONNX has not installed it.
        from greenroom_ml.models.onnx_export import export_model

        # From here on the ONNX model is the model: it is judged, and served.
        return export_model(model, self.schema, self.held_out[self.features])

    def judge(self, model: Model) -> dict[str, float]:
        """Return the metrics of the model on the held-out rows.

        How sure they are is said by a cross-validation of the other rows, beside the
        constant answer and a linear model: evaluation.json and evaluation.md.
        """
        config, own = self.config, own_metrics(self.config)
        answers = Answers.of(
            model, self.held_out[self.features], self.held_out[config.target], own
        )
        self.metrics.update(answers.metrics(config.task))
        found = evaluate(
            make_model(config, self.schema, self.rows[self.features]),
            self.rows,
            self.features,
            config.target,
            config.task,
            self.plan,
            metric=config.gate.metric,
            folds=config.evaluation.folds,
            repeats=config.evaluation.repeats,
            own=own,
            held_out=self.held_out,
            fitted=model,
        )
        self.metrics.update(_spread(found, config.gate.metric))
        mlflow.log_dict(report.as_json(found), EVALUATION)
        mlflow.log_text(report.evaluation_markdown(found), "evaluation.md")
        mlflow.log_dict(asdict(self.plan), SPLIT)
        return self.metrics

    def log(self, model: Model) -> None:
        """Log the model, its metrics, what it rests on and what its data look like."""
        names, config = self.features, self.config
        answers = Answers.of(model, self.held_out[names], self.held_out[config.target])
        predictions, shares = answers.predicted, answers.probabilities
        bins = build_reference(self.rows[names], predictions, config.task, shares)
        mlflow.log_dict(bins, "reference.json")
        logged = _log_model(self, model, predictions)
        costs = {ROW_MS: milliseconds_per_row(model, self.held_out[self.features])}
        size = mlflow.models.Model.load(logged.model_uri).model_size_bytes
        if size is not None:
            costs[MODEL_MB] = size / 1e6
        self.metrics.update(costs)
        held_out = _dataset(self.held_out, self.config)
        finite = {name: value for name, value in self.metrics.items() if value == value}
        mlflow.log_metrics(finite, dataset=held_out, model_id=logged.model_id)
        self._explain(model)

    def _explain(self, model: Model) -> None:
        config, gated = self.config, self.config.gate.metric
        known = METRICS[config.task]
        found = explain(
            model,
            self.held_out[self.features],
            self.held_out[config.target],
            config.task,
            gated if gated in known else known[0],
            config.model.seed,
        )
        for name, figure in found.figures.items():
            mlflow.log_figure(figure, name)
        mlflow.log_dict(report.as_json(found.numbers), "explanation.json")
        mlflow.log_text(report.explanation_markdown(found), "explanation.md")


def load(config: Config) -> pd.DataFrame:
    """Return the rows that the owner's data.py loads, checked.

    Raise PipelineError for what the table shows and nobody has chosen about.
    """
    findings = inspect(config)
    for finding in to_say(findings, config):
        LOGGER.warning("%s", finding)
    expect_answered(findings, config)
    return data.load_data(config)


def split(frame: pd.DataFrame, config: Config) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to learn from and those that are held out, as `split` says."""
    return data.split_data(frame, config)


@contextmanager
def start(
    config: Config, rows: pd.DataFrame, held_out: pd.DataFrame
) -> Iterator[Training]:
    """Begin an MLflow run; an exception makes it a FAILED one.

    At its end the run's id is in reports/run.json, for `gate` and `register`.
    """
    frame = pd.concat([rows, held_out], ignore_index=True)
    schema = data.schema_for(frame, config)
    with tracking.mlflow_connection():
        mlflow.set_experiment(config.mlflow.experiment_name)
        name, tags = tracking.run_name(), tracking.run_tags()
        with mlflow.start_run(run_name=name, tags=tags) as run:
            mlflow.log_params(
                {
                    "dataset": config.data.dataset,
                    "task": config.task,
                    "seed": config.model.seed,
                    "split": config.split.by,
                    "split_column": config.split.column or "none",
                    "test_size": config.split.test_size,
                    "rows": len(frame),
                    "features": len(schema.features),
                    "left_out": ", ".join(config.data.leave_out) or "none",
                    "python": ".".join(map(str, sys.version_info[:3])),
                    "greenroom_ml": version("greenroom-ml"),
                }
            )
            mlflow.log_input(_dataset(rows, config), context="training")
            mlflow.log_input(_dataset(held_out, config), context="evaluation")
            mlflow.log_text(report.findings_markdown(inspect(config)), "findings.md")
            plan, run_id = data.split_plan(frame, config), run.info.run_id
            training = Training(config, rows, held_out, schema, plan, run_id)
            yield training
    _leave(training)


def _parameters(estimator: Any) -> dict[str, Any]:
    """Return the effective parameters of the estimator, and the estimator's name."""
    estimator = getattr(estimator, "classifier", estimator)
    found: dict[str, Any] = {"estimator": type(estimator).__name__}
    if hasattr(estimator, "get_params"):
        for name, value in estimator.get_params().items():
            is_plain = isinstance(value, (str, int, float, bool, list, tuple))
            # Not what is a library's own default, and a number that is none.
            if is_plain and value == value and len(str(value)) < 500:
                found.setdefault(name, value)
    # MLflow has these already: they are the training's, not the estimator's.
    for name in ("dataset", "task", "seed", "split", "test_size", "rows", "features"):
        found.pop(name, None)
    return dict(list(found.items())[:90])


def _dataset(frame: pd.DataFrame, config: Config) -> mlflow.data.Dataset:
    return mlflow.data.from_pandas(
        frame,
        source=os.path.relpath(config.csv_file) if config.csv_file else None,
        name=config.data_name,
        targets=config.target,
        digest=data.data_digest(frame),
    )


def _log_model(training: Training, model: Model, predictions: np.ndarray) -> Any:
    # MLflow warns that uv's environments have no pip.
    logging.getLogger("mlflow.utils.environment").setLevel(logging.ERROR)
    schema = training.schema
    texts = [column.name for column in schema.features if not column.numeric]
    example = training.rows[training.features].head(3)
    return log_model(
        model,
        training.config,
        name="model",
        signature=_signature(schema, predictions),
        input_example=example.astype(dict.fromkeys(texts, "object")),
        metadata={
            # How a server reads the cells of a request.
            **describe_cells(schema),
            # What the probabilities belong to, in their order.
            "classes": np.asarray(getattr(model, "classes_", [])).tolist(),
        },
    )


def _signature(schema: Schema, predictions: np.ndarray) -> ModelSignature:
    inputs = Columns(
        [
            ColSpec(DataType.double if column.numeric else DataType.string, column.name)
            for column in schema.features
        ]
    )
    types = {"i": DataType.long, "f": DataType.double}
    output = types.get(np.asarray(predictions).dtype.kind, DataType.string)
    return ModelSignature(inputs=inputs, outputs=Columns([ColSpec(output)]))


def _spread(found: Evaluation, metric: str) -> dict[str, float]:
    """Return the gate's metric by cross-validation, its bounds and the baselines'."""
    interval = found.values[MODEL].get(metric)
    if interval is None:
        return {}
    spread = {"cv": interval.mean, "low": interval.low, "high": interval.high}
    for name in (CONSTANT, LINEAR):
        if metric in found.values.get(name, {}):
            spread[name] = found.values[name][metric].mean
    return {f"{metric}_{name}": value for name, value in spread.items()}


def prepare_process() -> None:
    """Keep noise out of the log, and let a cancelled job end as a FAILED run."""
    # Progress bars do not belong in a log file, nor what MLflow warns of in vain:
    # classes are never missing, and a path is a path.
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    warnings.filterwarnings("ignore", "Hint: Inferred schema contains integer column")
    warnings.filterwarnings("ignore", "The specified dataset source")
    # A cancelled job ends by SIGTERM: leave by an exception, so that MLflow knows.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def _leave(training: Training) -> None:
    """Say how the model is, and leave the run's id for the steps that follow."""
    run_id, metrics = training.run_id, training.metrics
    tracking.RUN_FILE.parent.mkdir(parents=True, exist_ok=True)
    tracking.RUN_FILE.write_text(
        json.dumps({"run_id": run_id, "metrics": metrics}, indent=2) + "\n",
        encoding="utf-8",
    )
    tracking.set_output("run-id", run_id)
    table = "\n".join(f"| {name} | {value:.4g} |" for name, value in metrics.items())
    tracking.add_summary(
        f"### Trained: MLflow run `{run_id}`\n\n"
        f"| metric on held-out rows | value |\n| --- | --- |\n{table}\n"
    )
    figures = ", ".join(f"{name} {value:.4g}" for name, value in metrics.items())
    print(f"Trained MLflow run {run_id}: {figures}")
