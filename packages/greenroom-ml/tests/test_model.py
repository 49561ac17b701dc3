"""The model learns, gives the same result every time and takes incomplete rows."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pandas as pd
import pytest
from conftest import FRAMEWORK, WEAK
from sklearn.pipeline import Pipeline

from greenroom_ml import config, data, schema
from greenroom_ml.config import CLASSIFICATION, METRICS, REGRESSION, Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation import metrics
from greenroom_ml.evaluation.metrics import Answers
from greenroom_ml.models import prepare


def learn(loaded: Config) -> dict[str, float]:
    frame = data.load_data(loaded)
    train_rows, test_rows = data.split_data(frame, loaded)
    model = prepare.fit_model(train_rows, loaded, data.schema_for(frame, loaded))
    return judge(model, test_rows, loaded)


def judge(model: Pipeline, rows: pd.DataFrame, loaded: Config) -> dict[str, float]:
    features = [name for name in rows if name != loaded.target]
    answers = Answers.of(model, rows[features], rows[loaded.target])
    return answers.metrics(loaded.task)


def fit(frame: pd.DataFrame, loaded: Config) -> Pipeline:
    return prepare.fit_model(frame, loaded, schema.schema_of(frame, loaded.target))


def test_a_classifier_beats_guessing(classification: Config) -> None:
    metrics = learn(classification)
    assert set(metrics) == set(METRICS[CLASSIFICATION])
    assert metrics["accuracy"] > 0.8  # guessing among three classes: 0.33
    assert metrics["f1_macro"] > 0.8
    assert metrics["roc_auc"] > 0.9  # guessing: 0.5


def test_a_regressor_beats_the_mean(regression: Config) -> None:
    metrics = learn(regression)
    assert set(metrics) == set(METRICS[REGRESSION])
    assert metrics["r2"] > 0.2  # the mean: 0
    assert 0 < metrics["mae"] <= metrics["rmse"]


def test_a_model_that_has_learnt_nothing_is_seen(classification: Config) -> None:
    weak = learn(classification.changed(model={"parameters": WEAK}))
    assert weak["accuracy"] < learn(classification)["accuracy"]


@pytest.mark.parametrize("task", [CLASSIFICATION, REGRESSION])
def test_two_trainings_answer_alike_to_the_last_digit(
    task: str, request: pytest.FixtureRequest
) -> None:
    loaded: Config = request.getfixturevalue(task)
    frame = data.load_data(loaded)
    features = frame.drop(columns="target")
    first, second = fit(frame, loaded), fit(frame.copy(), loaded)
    answer = "predict_proba" if task == CLASSIFICATION else "predict"
    expected = getattr(first, answer)(features)
    assert np.array_equal(expected, getattr(second, answer)(features))
    # Nor does it matter how many rows are asked for at once, or in which order.
    turned = getattr(first, answer)(features[::-1])
    assert np.allclose(turned[::-1], expected, rtol=1e-5, atol=1e-6)
    loaded_again = pickle.loads(pickle.dumps(first))
    assert np.array_equal(getattr(loaded_again, answer)(features), expected)


def test_columns_are_known_by_name_or_by_their_order(
    classification: Config,
) -> None:
    frame = data.load_data(classification)
    features = frame.drop(columns="target")
    model = fit(frame, classification)
    expected = model.predict(features)
    turned = features[features.columns[::-1]].assign(extra=1)
    assert np.array_equal(model.predict(turned), expected)
    assert np.array_equal(model.predict(features.to_numpy()), expected)


def test_classes_have_any_name(classification: Config) -> None:
    frame = data.load_data(classification)
    names = np.array(["größer", "a b", "0"])
    named = frame.assign(target=names[frame["target"]])
    model = fit(named, classification)
    assert model.classes_.tolist() == ["0", "a b", "größer"]
    assert set(model.predict(named.drop(columns="target"))) == set(names)
    metrics = judge(model, named, classification)
    assert metrics["accuracy"] > 0.9
    assert metrics["roc_auc"] > 0.9


def test_missing_and_unknown_values_are_taken(classification: Config) -> None:
    rows = pd.DataFrame(
        {
            "size": [1.0, 2.0, np.nan, 4.0] * 40,
            "colour": ["red", "blue", np.nan, "blue"] * 40,
            "empty": [np.nan] * 160,
            "target": ["no", "yes", "no", "yes"] * 40,
        }
    )
    model = fit(rows, classification)
    unseen = pd.DataFrame(
        {
            "size": [np.nan, 2.0, np.nan],
            "colour": ["green", "blue", None],
            "empty": [1.0, np.nan, np.nan],
        }
    )
    assert model.predict(unseen)[1:].tolist() == ["yes", "no"]
    metrics = judge(model, rows, classification)
    assert metrics["accuracy"] == 1
    assert metrics["roc_auc"] == pytest.approx(1)


def test_texts_alone_are_enough_to_learn_from(regression: Config) -> None:
    rows = pd.DataFrame(
        {"colour": ["red", "blue"] * 80, "target": [1.0, 3.0] * 80}
    ).astype({"colour": "category"})
    model = fit(rows, regression)
    red, blue = model.predict(pd.DataFrame({"colour": ["red", "blue"]}))
    assert red < 1.6 < 2.4 < blue


def test_roc_auc_is_of_the_classes_that_the_rows_hold(
    classification: Config,
) -> None:
    train_rows, test_rows = data.split_data(
        data.load_data(classification), classification
    )
    model = fit(train_rows, classification)
    two = test_rows[test_rows["target"] != 2]
    assert judge(model, two, classification)["roc_auc"] > 0.9
    one = test_rows[test_rows["target"] == 0]
    assert math.isnan(judge(model, one, classification)["roc_auc"])


def test_config_and_metrics_know_the_same_names() -> None:
    named = {name for task in config.METRICS.values() for name in task}
    assert named == set(metrics._FIGURES)


def test_a_wrong_parameter_is_named(classification: Config) -> None:
    frame = data.load_data(classification)
    with pytest.raises(
        PipelineError, match="make_estimator in model.py has no 'trees'"
    ):
        fit(frame, classification.changed(model={"parameters": {"trees": 5}}))
    if FRAMEWORK == "scikit-learn":
        with pytest.raises(PipelineError, match="n_estimators"):
            fit(
                frame,
                classification.changed(model={"parameters": {"n_estimators": -1}}),
            )
