"""What the owner writes is found, runs where it should, and is blamed by its file."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from conftest import PACKAGE, TEMPLATE, Repository, forget, train
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom_ml import data, gate, register
from greenroom_ml.errors import PipelineError
from greenroom_ml.models import models, prepare
from greenroom_ml.tables import frames

RATIO = """
def add_features(frame):
    ratio = frame["petal length (cm)"] / frame["petal width (cm)"]
    return frame.assign(ratio=ratio, wide=frame["sepal width (cm)"] > 3)
"""
LINEAR = """
from sklearn.linear_model import LogisticRegression


def make_estimator(task, seed, C=1.0):
    return LogisticRegression(C=C, max_iter=500)
"""
OWN = """
from sklearn.dummy import DummyClassifier


class Own(DummyClassifier):
    pass


def make_estimator(task, seed):
    return Own()
"""


def test_another_estimator_and_another_column_are_all_that_an_owner_changes(
    repository: Repository,
) -> None:
    repository.write("features", RATIO)
    repository.write("model", LINEAR)
    loaded = repository.configure(model={"parameters": {}})
    frame = data.load_data(loaded)
    model = prepare.fit_model(frame, loaded, data.schema_for(frame, loaded))
    features = frame.drop(columns="target")
    assert np.mean(model.predict(features) == frame["target"]) > 0.9
    # Six columns of one scale: four, and the two that features.py adds.
    assert model[:-1].transform(features).shape == (150, 6)
    assert abs(model[:-1].transform(features).mean()) < 0.01
    named = repository.configure(model={"parameters": {"D": 1}})
    with pytest.raises(
        PipelineError, match="make_estimator in model.py has no 'D'; it"
    ):
        prepare.make_estimator(named)


def test_a_version_answers_as_it_did_whatever_becomes_of_the_files(
    repository: Repository, mlflow_store: mlflow.MlflowClient
) -> None:
    repository.write("features", RATIO)
    repository.write("model", OWN)
    loaded = repository.configure(model={"parameters": {}})
    run_id, _ = train(loaded)
    [output] = mlflow_store.get_run(run_id).outputs.model_outputs
    path = mlflow.artifacts.download_artifacts(f"models:/{output.model_id}")
    repository.write("features", "def add_features(frame):\n    return 1 / 0\n")
    forget()
    # Where the owner's code is not, either.
    program = (
        "import mlflow, sys\n"
        f"model = mlflow.pyfunc.load_model({path!r})\n"
        f"rows = model.metadata.load_input_example({path!r})\n"
        f"assert len(model.predict(rows)) == 3 and {PACKAGE!r} not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_kserve_s_server_needs_no_code_of_ours(
    repository: Repository, mlflow_store: mlflow.MlflowClient
) -> None:
    storage = {"kind": "storage-uri", "requirements": ["numpy >=2"]}
    loaded = repository.configure(serving=storage)
    names = {}
    for features in (None, RATIO):
        if features:
            repository.write("features", features)
        run_id, _ = train(loaded)
        [output] = mlflow_store.get_run(run_id).outputs.model_outputs
        path = mlflow.artifacts.download_artifacts(f"models:/{output.model_id}")
        content = Path(path, "model.pkl").read_bytes()
        names[features] = globals_of(content)
        assert not {"greenroom_ml", PACKAGE} & {
            name.split(".")[0] for name in names[features]
        }
    # Only classes of scikit-learn's world, as KServe's newer servers want it.
    assert {name.partition(".")[0] for name in names[None]} <= {
        *("sklearn", "numpy", "scipy", "joblib", "collections", "builtins", "_codecs"),
    }
    assert "cloudpickle" in {name.partition(".")[0] for name in names[RATIO]}


def globals_of(content: bytes) -> set[str]:
    """Return the modules whose names a pickle looks up."""
    found: set[str] = set()

    class Reader(pickle._Unpickler):  # type: ignore[name-defined, misc]
        def find_class(self, module: str, name: str) -> object:
            found.add(module)
            return super().find_class(module, name)

    import io

    Reader(io.BytesIO(content)).load()
    return found


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "features",
            "def add_features(frame):\n    return frame['x']\n",
            "add_features",
        ),
        (
            "features",
            "def add_features(frame):\n    return frame.head(1)\n",
            "same rows",
        ),
        ("features", "x = 1\n", "features.py has no function add_features"),
        (
            "model",
            "def make_estimator(task, seed, **p):\n    return 5\n",
            "fit and pred",
        ),
        ("model", "import nowhere\n", "imports nowhere, which is not installed"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_name(
    repository: Repository, name: str, text: str, message: str
) -> None:
    repository.write(name, text)
    loaded = repository.configure()
    frame = data.load_data(loaded)
    with pytest.raises(PipelineError, match=message):
        prepare.fit_model(frame, loaded, data.schema_for(frame, loaded))


def test_a_graph_has_no_python(repository: Repository) -> None:
    repository.write("features", RATIO)
    loaded = repository.configure(model={"format": "onnx"})
    frame = data.load_data(loaded)
    with pytest.raises(PipelineError, match="an ONNX graph has no Python"):
        prepare.make_model(loaded, data.schema_for(frame, loaded), frame)


def test_own_metrics_are_logged_and_gated(
    repository: Repository, mlflow_store: mlflow.MlflowClient
) -> None:
    text = "def metrics(truth, predicted, probabilities):\n    return {}\n"
    cost = text.replace("{}", "{'cost': 3.0 * (truth != predicted).sum()}")
    repository.write("evaluate", cost)
    rule = {"metric": "cost", "direction": "minimize", "threshold": 30}
    loaded = repository.configure(gate=rule)
    run_id, metrics = train(loaded)
    assert mlflow_store.get_run(run_id).data.metrics["cost"] == metrics["cost"]
    assert gate.gate(loaded, run_id).passed
    for wrong, message in (
        ("{'accuracy': 1}", "must not return 'accuracy'"),
        ("{'cost': 'high'}", "must return a number for 'cost', not"),
        ("1 / 0", "metrics fails: ZeroDivisionError"),
    ):
        repository.write("evaluate", text.replace("{}", wrong))
        with pytest.raises(PipelineError, match=message):
            train(loaded)
    # Whoever needs none deletes the file.
    (repository.source / "evaluate.py").unlink()
    forget()
    assert "cost" not in train(loaded)[1]


def test_an_own_rule_of_the_gate_has_the_last_word(
    repository: Repository, mlflow_store: mlflow.MlflowClient
) -> None:
    repository.write(
        "rules",
        "def strict(figures, champion):\n"
        "    assert champion is None\n"
        "    if figures['roc_auc'] < 2:\n"
        "        return 'our auditor wants a roc_auc of 2'\n",
    )
    loaded = repository.configure(hooks={"gate": "rules:strict"})
    run_id, _ = train(loaded)
    verdict = gate.gate(loaded, run_id)
    assert not verdict.passed
    assert gate.describe(verdict).endswith("; our auditor wants a roc_auc of 2")
    missing = repository.configure(hooks={"gate": "rules:lax"})
    with pytest.raises(
        PipelineError, match="hooks.gate: src/owned/rules.py has no fun"
    ):
        gate.gate(missing, run_id)


def test_a_model_that_is_too_large_or_too_slow_does_not_pass(
    repository: Repository, mlflow_store: mlflow.MlflowClient
) -> None:
    loaded = repository.configure()
    run_id, metrics = train(loaded)
    assert metrics["model_mb"] > 0 and metrics["row_ms"] > 0
    for limit, words in (("max_model_mb", "model size"), ("max_row_ms", "latency")):
        verdict = gate.gate(repository.configure(gate={limit: 1e-6}), run_id)
        assert not verdict.passed
        assert f"The {words} is" in gate.describe(verdict)
        assert f"gate.{limit} is 1e-06" in gate.describe(verdict)
        repository.configure(gate={limit: 10_000})


CELLS = (
    st.none() | st.just(float("nan")) | st.sampled_from(["NA", "", "a ", "n/a", "x"])
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.none() | st.floats(-1e6, 1e6), CELLS), min_size=1, max_size=5)
)
def test_a_row_looks_the_same_however_it_arrives(
    rows: list[tuple[float | None, str | None]],
) -> None:
    names = {"numbers": ["n"], "texts": ["t"], "names": ["n", "t"]}
    table = pd.DataFrame(rows, columns=["n", "t"])
    expected = frames.as_frame(table, **names)
    trained = table.assign(
        n=table["n"].astype("float64"), t=table["t"].astype("category")
    )
    as_objects = table.astype(object).where(table.notna(), None)
    for other in (trained, as_objects, as_objects.to_numpy(), trained[["t", "n"]]):
        pd.testing.assert_frame_equal(frames.as_frame(other, **names), expected)


def test_the_owner_s_functions_are_found_by_the_names_that_are_promised(
    repository: Repository,
) -> None:
    repository.configure(package="nowhere")
    with pytest.raises(PipelineError, match="no module nowhere.data in src/"):
        data.load_data(repository.configure())


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_kserve_s_servers_of_boosters_get_the_booster_alone(
    library: str,
    repository: Repository,
    mlflow_store: mlflow.MlflowClient,
) -> None:
    pytest.importorskip(library)
    source = TEMPLATE / "frameworks" / library / "src" / "${{ values.packageName }}"
    repository.write("model", (source / "model.py").read_text("utf-8"))
    loaded = repository.configure(
        model={"parameters": {"n_estimators": 20, "n_jobs": 1}},
        mlflow={"registered_model": f"boosted-{library}"},
        serving={
            "kind": "storage-uri",
            "runtime": library,
            "requirements": ["numpy >=2"],
        },
    )
    run_id, metrics = train(loaded)
    [output] = mlflow_store.get_run(run_id).outputs.model_outputs
    path = Path(mlflow.artifacts.download_artifacts(f"models:/{output.model_id}"))
    names = {file.suffix for file in path.iterdir()}
    # What their servers look for, and no second file that they would take for a model.
    assert (".ubj" if library == "xgboost" else ".bst") in names
    model = models.load_model(f"models:/{output.model_id}")
    rows = data.split_data(data.load_data(loaded), loaded)[1]
    answers = model.predict(rows.drop(columns="target"))
    assert np.mean(answers == rows["target"]) == metrics["accuracy"]
    assert gate.gate(loaded, run_id).passed
    register.register(loaded, run_id)
    again, _ = train(loaded)
    verdict = gate.gate(loaded, again)
    assert verdict.champion is not None and verdict.champion.over is not None
    assert verdict.champion.over.mean == 0

    repository.write("model", LINEAR)
    repository.content["model"]["parameters"] = {}
    wrong = repository.configure()
    with pytest.raises(PipelineError, match="cannot load LogisticRegression"):
        train(wrong)
