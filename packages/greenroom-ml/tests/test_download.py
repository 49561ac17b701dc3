"""The folder model/ holds one whole version, and says which."""

from __future__ import annotations

import json
from pathlib import Path

import mlflow
import pytest
from conftest import Repository, train

from greenroom_ml import download, gate, register
from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError


def test_a_version_arrives_whole_and_is_replaced_whole(
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    own = repository.configure(mlflow={"registered_model": "downloaded"})
    folder = repository.folder / "model"
    monkeypatch.delenv("MODEL_VERSION", raising=False)
    with pytest.raises(PipelineError, match="no version with the alias champ"):
        download.main()
    assert not folder.exists()

    run_id, _ = train(own)
    gate.gate(own, run_id)
    register.register(own, run_id)
    download.main()
    about = json.loads((folder / "model.json").read_text())
    assert about["name"] == "downloaded"
    assert (about["version"], about["run_id"]) == ("1", run_id)
    assert about["git_sha"] == "a" * 40
    assert about["trained_at"].endswith("+00:00")
    bins = json.loads((folder / "reference.json").read_text())
    assert len(bins["features"]) == 4
    example = mlflow.models.Model.load(folder).load_input_example(str(folder))
    assert len(mlflow.pyfunc.load_model(str(folder)).predict(example)) == 3
    assert "Downloaded downloaded v1" in capsys.readouterr().out
    assert f"run-id={run_id}\n" in (tmp_path / "output").read_text()

    # Nothing of what was there before stays, and what fails changes nothing.
    (folder / "leftover").touch()
    monkeypatch.setenv("MODEL_VERSION", "7")
    with pytest.raises(PipelineError, match="has no version 7"):
        download.main()
    assert (folder / "leftover").exists()
    monkeypatch.setenv("MODEL_VERSION", "1")
    download.main()
    assert not (folder / "leftover").exists()
    assert not [
        path for path in repository.folder.iterdir() if path.name.startswith(".model")
    ]


def test_what_no_run_has_made_is_refused(
    mlflow_store: mlflow.MlflowClient,
    classification: Config,
    tmp_path: Path,
) -> None:
    mlflow_store.create_registered_model("found")
    mlflow_store.create_model_version("found", (tmp_path / "a").as_uri())
    own = classification.changed(mlflow={"registered_model": "found"})
    with pytest.raises(PipelineError, match="comes from no run"):
        download.download(own, "1", tmp_path / "model")
    run = mlflow_store.create_run(
        mlflow_store.get_experiment_by_name("tests").experiment_id
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "weights.bin").touch()
    mlflow_store.create_model_version(
        "found", (tmp_path / "a").as_uri(), run.info.run_id
    )
    with pytest.raises(PipelineError, match="no file MLmodel"):
        download.download(own, "2", tmp_path / "model")
    assert not (tmp_path / "model").exists()
