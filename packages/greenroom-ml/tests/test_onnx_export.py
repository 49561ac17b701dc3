"""The ONNX model answers as the pipeline that it was made from."""

from __future__ import annotations

from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from conftest import Repository, train
from sklearn.pipeline import Pipeline

from greenroom_ml import data, schema
from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.models import prepare

onnx_export = pytest.importorskip(
    "greenroom_ml.models.onnx_export", exc_type=ImportError
)


def export(frame: pd.DataFrame, loaded: Config) -> tuple[Pipeline, Any, pd.DataFrame]:
    meaning = schema.schema_of(frame, loaded.target)
    model = prepare.fit_model(frame, loaded, meaning)
    features = frame.drop(columns=loaded.target)
    return model, onnx_export.export_model(model, meaning, features), features


def mixed(rows: int = 200) -> pd.DataFrame:
    """Return columns of each kind, with names that are no words, and missing values."""
    random = np.random.default_rng(3)
    size = random.normal(size=rows).round(2)
    colour = random.choice(["red", "blé", "", "n/a"], rows).astype(object)
    # More different texts than the model tells apart, most of them rare.
    city = np.array([f"city {at % 90 if at % 2 else 0}" for at in range(rows)])
    frame = pd.DataFrame(
        {"size (m²)": size, "colour": colour, "city": city, "prediction": size * 1e9}
    )
    frame.loc[::7, "size (m²)"] = np.nan
    frame.loc[::5, "colour"] = None
    frame["target"] = np.where(size + (colour == "red") > 0.5, "yes", "no")
    return frame


def test_classes_and_probabilities_are_the_same(
    classification: Config,
) -> None:
    model, exported, features = export(mixed(), classification)
    assert exported.classes_.tolist() == ["no", "yes"]
    assert exported.outputs[1:] == ["probability_no", "probability_yes"]
    # A column has the name already.
    assert exported.outputs[0] == "prediction_"
    chances = exported.predict_proba(features)
    assert np.allclose(chances, model.predict_proba(features), atol=1e-4)
    assert np.array_equal(exported.predict(features), model.predict(features))
    assert np.array_equal(exported.predict(features), exported.predict(features))


def test_numbers_are_the_same(regression: Config) -> None:
    frame = mixed()
    frame["target"] = frame["prediction"].fillna(0) / 1e8 + 3
    model, exported, features = export(frame, regression)
    assert exported.outputs == ["prediction_"]
    expected = model.predict(features)
    assert np.allclose(exported.predict(features), expected, atol=1e-3 * expected.std())


def test_missing_and_unknown_values_are_the_same(
    classification: Config,
) -> None:
    model, exported, _ = export(mixed(), classification)
    unseen = pd.DataFrame(
        {
            "size (m²)": [np.nan, 0.1, 0.2, 1e6],
            "colour": [None, np.nan, "green", "red"],
            "city": ["city 0", "city 77", "Nowhere", None],
            "prediction": [np.nan, 1.0, 0.0, -1.0],
        }
    )
    expected = model.predict_proba(unseen)
    assert np.allclose(exported.predict_proba(unseen), expected, atol=1e-4)


def test_one_column_is_enough(regression: Config) -> None:
    for column in (np.arange(80.0), ["a", "b"] * 40):
        frame = pd.DataFrame({"x": column, "target": [1.0, 3.0] * 40})
        model, exported, features = export(frame, regression)
        assert np.allclose(
            exported.predict(features), model.predict(features), atol=0.01
        )


def test_what_is_logged_is_the_onnx_model(
    repository: Repository, mlflow_store: mlflow.MlflowClient
) -> None:
    loaded = repository.configure(model={"format": "onnx"})
    run_id, metrics = train(loaded)
    [output] = mlflow_store.get_run(run_id).outputs.model_outputs
    uri = f"models:/{output.model_id}"
    info = mlflow.models.get_model_info(uri)
    assert set(info.flavors) == {"onnx", "python_function"}
    assert info.signature.outputs.input_names() == [
        *("prediction", "probability_0", "probability_1", "probability_2"),
    ]
    _, rows = data.split_data(data.load_data(loaded), loaded)
    answer = mlflow.pyfunc.load_model(uri).predict(rows.drop(columns="target"))
    assert (answer["prediction"] == rows["target"]).mean() == metrics["accuracy"]
    chances = answer.drop(columns="prediction").to_numpy()
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)

    # Any client of ONNX Runtime can ask it, a column at a time.
    path = mlflow.artifacts.download_artifacts(uri)
    import onnxruntime

    session = onnxruntime.InferenceSession(f"{path}/model.onnx")
    feed = {
        given.name: rows[given.name].to_numpy("float64")
        for given in session.get_inputs()
    }
    [labels] = session.run(["prediction"], feed)
    assert np.array_equal(labels, answer["prediction"])


def test_a_model_that_would_answer_differently_is_not_exported(
    classification: Config,
) -> None:
    frame = mixed()
    meaning = schema.schema_of(frame, "target")
    model = prepare.fit_model(frame, classification, meaning)
    features = frame.drop(columns="target")
    with pytest.raises(PipelineError, match="differently for 200 of 200"):
        onnx_export.export_model(Other(model), meaning, features)


class Other:
    """What answers otherwise than the steps that it has."""

    def __init__(self, model: Pipeline) -> None:
        self.model = model
        self.named_steps = model.named_steps
        self.classes_ = model.classes_

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        return self.model.predict_proba(features) + 0.01
