"""Train, gate and register against a real MLflow store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from conftest import WEAK, Repository, train

from greenroom_ml import cli, data, gate, register
from greenroom_ml.config import Config
from greenroom_ml.errors import GateFailed, PipelineError
from greenroom_ml.evaluation import champion, spread
from greenroom_ml.registry import tracking

BROKEN = """
def make_estimator(task, seed):
    return Broken()


class Broken:
    predict = None

    def fit(self, *rows):
        1 / 0
"""


def test_a_model_goes_from_data_to_champion(
    steps: Config,
    mlflow_store: mlflow.MlflowClient,
    tmp_path: Path,
) -> None:
    Path(".greenroom").mkdir()
    Path(".greenroom", "template.json").write_text('{"version": "1.2.3"}')
    cli._train()
    run_id = json.loads(tracking.RUN_FILE.read_text())["run_id"]
    run = mlflow_store.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "ci-12"
    assert run.data.metrics["accuracy"] > 0.8
    for name, value in steps.model.parameters.items():
        assert run.data.params[name] == str(value)
    reference = mlflow.artifacts.load_dict(run.info.artifact_uri + "/reference.json")
    assert set(reference["features"]) == set(data.load_data(steps).columns[:-1])
    assert f"run-id={run_id}\n" in (tmp_path / "output").read_text()
    tags = {
        "mlflow.source.git.commit": "a" * 40,
        "mlflow.source.git.branch": "main",
        "mlflow.source.git.repoURL": "https://github.example/acme/model",
        "mlflow.user": "jane",
        "greenroom.ci.run_id": "4711",
        "greenroom.ci.run_attempt": "1",
        "greenroom.ci.run_url": "https://github.example/acme/model/actions/runs/4711",
        "greenroom.ci.workflow": "CI",
    }
    assert tags.items() <= run.data.tags.items()
    datasets = {
        tag.value: item.dataset
        for item in run.inputs.dataset_inputs
        for tag in item.tags
        if tag.key == "mlflow.data.context"
    }
    assert set(datasets) == {"training", "evaluation"}
    assert datasets["training"].digest != datasets["evaluation"].digest

    gate.main()
    verdict = mlflow_store.get_run(run_id).data.tags
    assert verdict["greenroom.gate.metric"] == "accuracy"
    assert verdict["greenroom.gate.direction"] == "maximize"
    assert float(verdict["greenroom.gate.threshold"]) == 0.8
    assert float(verdict["greenroom.gate.value"]) == run.data.metrics["accuracy_cv"]
    assert float(verdict["greenroom.gate.constant"]) < 0.4
    assert verdict["greenroom.gate.outcome"] == "passed"
    assert verdict["greenroom.gate.passed"] == "true"
    assert "greenroom.gate.champion_version" not in verdict
    assert "Gate passed" in (tmp_path / "summary.md").read_text()

    register.main()
    name = steps.mlflow.registered_model
    component = mlflow_store.get_registered_model(name).tags["greenroom.component"]
    assert component == "component:default/tests"
    # Whoever moves the model to another component has the last word.
    moved = "component:default/moved"
    mlflow_store.set_registered_model_tag(name, "greenroom.component", moved)
    register.main()
    assert mlflow_store.get_registered_model(name).tags["greenroom.component"] == moved
    versions = mlflow_store.search_model_versions(f"name = '{name}'")
    assert [version.run_id for version in versions] == [run_id]
    champion = mlflow_store.get_model_version_by_alias(name, "champion")
    assert champion.version == versions[0].version
    assert champion.tags["greenroom.git.sha"] == "a" * 40
    assert champion.tags["greenroom.ci.run_url"].endswith("/actions/runs/4711")
    assert champion.tags["greenroom.template.version"] == "1.2.3"
    assert "(gate ≥ 0.8)" in champion.description

    card = mlflow.artifacts.load_text(run.info.artifact_uri + "/model-card.md")
    assert f"## Version {champion.version}" in card
    assert f"| accuracy | {run.data.metrics['accuracy']:.6g} |" in card
    for words in ("a linear model", "### Verdict", "permutation_importance.png"):
        assert words in card
    assert datasets["evaluation"].digest in card
    assert "a" * 40 in card
    assert "model-card.md" in champion.description

    uri = f"models:/{name}@champion"
    info = mlflow.models.get_model_info(uri)
    assert info.signature.inputs and info.signature.outputs
    _, rows = data.split_data(data.load_data(steps), steps)
    answer = mlflow.pyfunc.load_model(uri).predict(rows.drop(columns="target"))
    first = answer.iloc[:, 0] if isinstance(answer, pd.DataFrame) else answer
    accuracy = float((rows["target"].to_numpy() == np.asarray(first)).mean())
    assert accuracy == pytest.approx(run.data.metrics["accuracy"])


def test_a_model_that_the_server_cannot_load_is_not_registered(
    steps: Config, mlflow_store: mlflow.MlflowClient
) -> None:
    run_id, _ = train(steps)
    # The image of another Python may not load the pickle either.
    if steps.model.format == "native":
        (steps.directory / "Dockerfile").write_text("FROM python:3.7.1-slim\n")
        verdict = gate.gate(steps, run_id)
        assert not verdict.passed
        assert "but Python 3.7.1 is to load it" in gate.describe(verdict)
    old = {"kind": "storage-uri", "requirements": ["numpy==1.0"]}
    verdict = gate.gate(steps.changed(serving=old), run_id)
    assert not verdict.passed
    assert "KServe's server loads numpy==1.0" in gate.describe(verdict)
    with pytest.raises(GateFailed, match="has not passed the gate"):
        register.register(steps, run_id)


def test_the_champion_must_not_be_lost_to_a_worse_model(
    steps: Config, mlflow_store: mlflow.MlflowClient
) -> None:
    name = steps.mlflow.registered_model
    first, metrics = train(steps)
    assert gate.gate(steps, first).passed
    assert register.register(steps, first)[1]

    # Good enough for the threshold, but worse than the champion on the same rows.
    low = steps.changed(gate={"threshold": 0.0})
    worse, _ = train(low.changed(model={"parameters": WEAK}))
    verdict = gate.gate(low, worse)
    assert not verdict.passed
    tags = mlflow_store.get_run(worse).data.tags
    assert tags["greenroom.gate.passed"] == "false"
    assert tags["greenroom.gate.champion_version"] == "1"
    assert float(tags["greenroom.gate.champion_value"]) == metrics["accuracy"]
    with pytest.raises(GateFailed, match="has not passed the gate"):
        register.register(low, worse)

    # Who holds out other rows is judged on those that both have held out.
    other = steps.changed(model={"seed": 99})
    apart, _ = train(other)
    verdict = gate.gate(other, apart)
    assert verdict.champion is not None and verdict.champion.over is not None
    assert 10 <= verdict.champion.over.rows < 30
    with pytest.raises(PipelineError, match="are not those of MLflow run .*make train"):
        gate.gate(steps.changed(data={"dataset": "wine"}), apart)

    # As good as the champion is enough; who was judged before it is judged again.
    equal, _ = train(steps)
    assert gate.gate(steps, equal).passed
    version, is_champion = register.register(steps, equal)
    assert (str(version.version), is_champion) == ("2", True)
    with pytest.raises(PipelineError, match="run `make gate` again"):
        register.register(other, apart)

    # Judged again, a run tells nothing of the champion that it met the first time.
    assert not gate.gate(low, worse).passed
    tags = mlflow_store.get_run(worse).data.tags
    assert tags["greenroom.gate.champion_version"] == "2"
    mlflow_store.delete_registered_model_alias(name, "champion")
    gate.gate(low, worse)
    tags = mlflow_store.get_run(worse).data.tags
    assert not [key for key in tags if key.startswith("greenroom.gate.champion")]
    mlflow_store.set_registered_model_alias(name, "champion", "2")

    # What was registered before stays what it is, and does not take the alias back.
    version, is_champion = register.register(steps, first)
    assert (str(version.version), is_champion) == ("1", False)
    champion = mlflow_store.get_model_version_by_alias(name, "champion")
    assert str(champion.version) == "2"


def test_with_new_data_both_are_judged_on_the_new_rows(
    repository: Repository, mlflow_store: mlflow.MlflowClient
) -> None:
    repository.write(
        "data",
        "import os\n\nfrom sklearn.datasets import load_iris\n\n\ndef load(config):\n"
        "    frame = load_iris(as_frame=True).frame.sample(frac=1, random_state=1)\n"
        "    return frame.head(int(os.environ.get('ROWS', 100)))\n",
    )
    loaded = repository.configure(mlflow={"registered_model": "renewed"})
    first, _ = train(loaded)
    assert gate.gate(loaded, first).passed
    register.register(loaded, first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROWS", "150")
        second, _ = train(loaded)
        verdict = gate.gate(loaded, second)
    assert verdict.champion is not None and verdict.champion.over is not None
    held_out = mlflow_store.get_run(second).inputs.dataset_inputs
    assert verdict.passed and len(held_out) == 2
    assert verdict.champion.over.rows > 30


def test_of_a_series_the_champion_is_compared_by_neighbours_in_time(
    repository: Repository,
    mlflow_store: mlflow.MlflowClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository.write(
        "data",
        "from sklearn.datasets import load_iris\n\n\ndef load(config):\n"
        "    frame = load_iris(as_frame=True).frame.sample(frac=1, random_state=1)\n"
        "    return frame.assign(day=range(150)).sample(frac=1, random_state=2)\n",
    )
    loaded = repository.configure(
        mlflow={"registered_model": "series"}, split={"by": "time", "column": "day"}
    )
    first, _ = train(loaded)
    assert gate.gate(loaded, first).passed
    register.register(loaded, first)
    seen: list[tuple[Any, ...]] = []

    def difference(*arguments: Any) -> spread.Interval:
        seen.append(arguments)
        return spread.paired_difference(*arguments)

    monkeypatch.setattr(champion, "paired_difference", difference)
    second, _ = train(loaded)
    gate.gate(loaded, second)
    [(candidate, _, _, _, groups, series)] = seen
    frame = data.load_data(loaded)
    newest = frame.sort_values("day").tail(len(candidate.truth))
    assert series and groups is None
    assert candidate.truth.tolist() == newest["target"].tolist()


def test_a_champion_that_cannot_be_loaded_stops_nobody(
    steps: Config, mlflow_store: mlflow.MlflowClient
) -> None:
    first, _ = train(steps)
    gate.gate(steps, first)
    register.register(steps, first)
    [model] = mlflow_store.get_run(first).outputs.model_outputs
    where = mlflow.artifacts.download_artifacts(f"models:/{model.model_id}")
    Path(where, "model.pkl").write_bytes(b"no pickle")
    second, _ = train(steps)
    verdict = gate.gate(steps, second)
    assert verdict.passed
    assert "is not compared: it cannot answer these rows" in gate.describe(verdict)


def test_below_the_gate_the_step_fails(
    steps: Config,
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
    tmp_path: Path,
) -> None:
    train(steps)
    repository.configure(gate={"threshold": 1.1})
    with pytest.raises(GateFailed, match="< 1.100 .threshold.*short"):
        gate.main()
    assert "Gate FAILED" in (tmp_path / "summary.md").read_text()
    with pytest.raises(GateFailed, match="has not passed the gate"):
        register.main()


def test_a_training_that_breaks_is_a_failed_run(
    steps: Config,
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
) -> None:
    repository.write("model", BROKEN)
    broken = steps.changed(model={"parameters": {}})
    with pytest.raises(
        PipelineError, match="cannot be trained: division .*model.py, l"
    ):
        train(broken)
    experiment = mlflow_store.get_experiment_by_name("tests")
    [last] = mlflow_store.search_runs([experiment.experiment_id], max_results=1)
    assert last.info.status == "FAILED"
    with pytest.raises(PipelineError, match="has no evaluation.json"):
        gate.gate(broken, last.info.run_id)
    with pytest.raises(PipelineError, match="run `make train` first"):
        gate.main()


def test_what_is_wrong_with_mlflow_is_said_in_a_sentence(
    steps: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    with pytest.raises(PipelineError, match="MLFLOW_TRACKING_URI is not set"):
        train(steps)
    # Nothing listens on the discard port.
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://jane:secret@127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(PipelineError, match="does not answer") as unreachable:
        gate.gate(steps, "0" * 32)
    assert "http://127.0.0.1:9" in str(unreachable.value)
    assert "secret" not in str(unreachable.value)
