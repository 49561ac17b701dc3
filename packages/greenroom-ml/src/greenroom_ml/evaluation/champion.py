"""Holds the champion beside the candidate, on rows that neither has learnt from."""

from __future__ import annotations

import json
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from greenroom_ml import data
from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.metrics import Answers
from greenroom_ml.evaluation.own_metrics import own_metrics
from greenroom_ml.evaluation.split import held_out, time_order
from greenroom_ml.evaluation.split_plan import GROUP, TIME, SplitPlan
from greenroom_ml.evaluation.spread import paired_difference
from greenroom_ml.gate import SPLIT, Champion
from greenroom_ml.models.models import load_model
from greenroom_ml.registry import tracking

# Fewer rows tell nothing of two models.
MIN_ROWS = 10


def compare(
    client: MlflowClient, config: Config, run: Run, version: ModelVersion
) -> Champion:
    """Let both models answer the same held-out rows; return what that says.

    The rows are those that the split of each of them holds out of the present data, so
    that a champion is judged on new rows when there are some. Where that cannot be
    done, `note` of what is returned says why. Raise PipelineError when the data are
    not those that the run was trained on.
    """
    name, number = config.mlflow.registered_model, str(version.version)

    def alone(note: str) -> Champion:
        return Champion(name, number, note=note)

    frame = data.load_data(config)
    is_held_out = _rows_of(run, frame, config)
    try:
        best_run = client.get_run(version.run_id) if version.run_id else None
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        best_run = None
    if best_run is None:
        return alone("its MLflow run is gone")
    plan = _plan(best_run)
    if plan is None:
        return alone("its run does not say which rows it learnt from")
    try:
        both = is_held_out & held_out(frame, plan)
    except PipelineError as error:
        return alone(str(error))
    if both.sum() < MIN_ROWS:
        return alone(f"{both.sum()} rows are held out of both models' training only")
    rows = frame[both].reset_index(drop=True)
    split = config.split
    if split.by == TIME:
        # Blocks of neighbours are drawn, and these are neighbours in time.
        rows = rows.iloc[time_order(rows, data.split_plan(frame, config))]
    try:
        best = _answers(f"models:/{name}/{number}", rows, config)
    # Whatever a library says of a model that another version of it has made.
    except Exception as error:
        return alone(f"it cannot answer these rows: {type(error).__name__}: {error}")
    answers = _answers(f"models:/{tracking.model_id(run)}", rows, config)
    metric = config.gate.metric
    groups = (
        rows[split.column].to_numpy() if split.by == GROUP and split.column else None
    )
    over = paired_difference(
        answers, best, metric, config.model.seed, groups, split.by == TIME
    )
    return Champion(name, number, best.metric(metric), answers.metric(metric), over)


def _rows_of(run: Run, frame: pd.DataFrame, config: Config) -> np.ndarray:
    """Return which rows the run has held out; they have to be there still."""
    plan = _plan(run)
    if plan is None:
        raise PipelineError(f"MLflow run {run.info.run_id} has no {SPLIT}: train again")
    changed = (
        f"The data are not those of MLflow run {run.info.run_id}: run `make train` "
        "again"
    )
    try:
        is_held_out = held_out(frame, plan)
    except PipelineError as error:
        raise PipelineError(f"{changed} ({error})") from error
    if data.data_digest(frame[is_held_out].reset_index(drop=True)) != _digest(run):
        raise PipelineError(changed)
    return is_held_out


def _plan(run: Run) -> SplitPlan | None:
    try:
        text = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/{SPLIT}")
    except (MlflowException, OSError):
        return None
    fields: dict[str, Any] = json.loads(text)
    key = fields.pop("key")
    return SplitPlan(**fields, key=None if key is None else tuple(key))


def _digest(run: Run) -> str | None:
    """Return the digest of the rows that a run was judged on."""
    for item in run.inputs.dataset_inputs:
        for tag in item.tags:
            if tag.key == "mlflow.data.context" and tag.value == "evaluation":
                return item.dataset.digest
    return None


def _answers(uri: str, rows: pd.DataFrame, config: Config) -> Answers:
    model = load_model(uri)
    names = mlflow.models.get_model_info(uri).signature.inputs.input_names()
    own = own_metrics(config)
    return Answers.of(model, rows[names], rows[config.target], own)
