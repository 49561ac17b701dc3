"""Trains the model, judges it on held-out rows and logs everything to MLflow."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import warnings
from importlib.metadata import version

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from . import tracking
from .config import CLASSIFICATION, ROOT, Config, PipelineError, load_config, run_step
from .data import data_digest, load_data, split_data
from .evaluate import evaluate

# What a server needs to load the model, in the versions that made it.
MODEL_REQUIREMENTS = [
    f"{name}=={version(name)}"
    for name in ("mlflow", "numpy", "pandas", "scikit-learn", "scipy")
]


def build_model(config: Config) -> Pipeline:
    """Return the untrained model; preparing the columns is a part of it.

    Missing values are filled in, text becomes one column per frequent value, and values
    never seen in training are taken as the rare ones.
    """
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    texts = make_pipeline(
        # SimpleImputer takes None, which JSON has for a missing value, as a value.
        FunctionTransformer(pd.DataFrame.fillna, kw_args={"value": "missing"}),
        OneHotEncoder(
            handle_unknown="infrequent_if_exist", max_categories=30, sparse_output=False
        ),
    )
    columns = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (texts, make_column_selector(dtype_exclude="number")),
    )
    estimator = (
        RandomForestClassifier
        if config.task == CLASSIFICATION
        else RandomForestRegressor
    )
    try:
        forest = estimator(**{"random_state": config.seed, **config.parameters})
    except TypeError as error:
        raise PipelineError(f"config.yaml: model.parameters: {error}") from error
    return make_pipeline(columns, forest)


def fit_model(train: pd.DataFrame, config: Config) -> Pipeline:
    """Return the model, trained on rows that hold features and target."""
    model = build_model(config)
    try:
        return model.fit(train.drop(columns=config.target), train[config.target])
    except ValueError as error:
        raise PipelineError(f"The model cannot be trained: {error}") from error


def train(config: Config) -> tuple[str, dict[str, float]]:
    """Train, evaluate and log one MLflow run; return its id and its metrics."""
    frame = load_data(config)
    train_rows, test_rows = split_data(frame, config)
    with tracking.mlflow_connection():
        mlflow.set_experiment(config.experiment_name)
        with mlflow.start_run(
            run_name=tracking.run_name(), tags=tracking.run_tags()
        ) as run:
            mlflow.log_params(
                {
                    "dataset": config.dataset,
                    "task": config.task,
                    "seed": config.seed,
                    "test_size": config.test_size,
                    "rows": len(frame),
                    "features": len(frame.columns) - 1,
                    **config.parameters,
                }
            )
            mlflow.log_input(_dataset(train_rows, config), context="training")
            held_out = _dataset(test_rows, config)
            mlflow.log_input(held_out, context="evaluation")

            model = fit_model(train_rows, config)
            metrics = evaluate(model, test_rows, config)
            model_id = _log_model(model, train_rows, config)
            mlflow.log_metrics(metrics, dataset=held_out, model_id=model_id)
    return run.info.run_id, metrics


def _dataset(frame: pd.DataFrame, config: Config) -> mlflow.data.Dataset:
    return mlflow.data.from_pandas(
        frame,
        source=os.path.relpath(config.csv_file, ROOT) if config.csv_file else None,
        name=config.csv_file.name if config.csv_file else config.dataset,
        targets=config.target,
        digest=data_digest(frame),
    )


def _log_model(model: Pipeline, train: pd.DataFrame, config: Config) -> str:
    # KServe's scikit-learn server reads pickles, not MLflow's newer default, skops.
    # MLflow warns of pickles from strangers, and that uv's environments have no pip.
    for logger in ("mlflow.sklearn", "mlflow.utils.environment"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    features = train.drop(columns=config.target)
    logged = mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(features, model.predict(features)),
        input_example=features.head(3),
        pip_requirements=MODEL_REQUIREMENTS,
        serialization_format="pickle",
    )
    return logged.model_id


def main() -> None:
    """Train as `config.yaml` says, and leave the run's id for the steps that follow."""
    # Progress bars do not belong in a log file, nor what MLflow warns of in vain:
    # classes are never missing, and a path is a path.
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    warnings.filterwarnings("ignore", "Hint: Inferred schema contains integer column")
    warnings.filterwarnings("ignore", "The specified dataset source")
    # A cancelled job ends by SIGTERM: leave by an exception, so that MLflow knows.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run_id, metrics = train(load_config())
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


if __name__ == "__main__":
    run_step(main)
