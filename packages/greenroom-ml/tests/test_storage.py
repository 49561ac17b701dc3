"""KServe is told an address that it can read, or nobody is told anything."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pytest
from conftest import Repository

from greenroom_ml import storage
from greenroom_ml.errors import PipelineError


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("s3://bucket/1/models/m-1/artifacts", "s3://bucket/1/models/m-1/artifacts/"),
        ("gs://bucket/models/m-1/", "gs://bucket/models/m-1/"),
        ("pvc://models/m-1", "pvc://models/m-1/"),
        ("https://models.example/m-1", "https://models.example/m-1/"),
        (
            "wasbs://models@acme.blob.core.windows.net/1/m-1/artifacts",
            "https://acme.blob.core.windows.net/models/1/m-1/artifacts/",
        ),
        (
            "abfss://models@acme.dfs.core.windows.net/m-1",
            "https://acme.blob.core.windows.net/models/m-1/",
        ),
    ],
)
def test_an_object_store_is_an_address_with_a_slash(
    location: str, expected: str
) -> None:
    assert storage.storage_uri(location) == expected


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("mlflow-artifacts:/1/models/m-1/artifacts", "--no-serve-artifacts"),
        ("/srv/mlflow/1/models/m-1/artifacts", "KServe cannot read the model where"),
        ("file:///srv/mlflow/1", "KServe cannot read the model where"),
        ("dbfs:/models/m-1", "KServe cannot read the model where"),
        ("https://jane:secret@models.example/m-1", "must not be written"),
        ("https://models.example/m-1?sig=secret", "must not be written"),
    ],
)
def test_what_kserve_cannot_read_is_refused(location: str, sentence: str) -> None:
    with pytest.raises(PipelineError, match=sentence) as refusal:
        storage.storage_uri(location)
    assert "secret" not in str(refusal.value)


def test_the_address_is_handed_to_the_next_job(
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    mlflow_store.create_registered_model("stored")
    mlflow_store.create_model_version("stored", "s3://bucket/models/m-1")
    repository.configure(mlflow={"registered_model": "stored"})
    monkeypatch.setenv("MODEL_VERSION", "1")
    storage.main()
    assert capsys.readouterr().out == "s3://bucket/models/m-1/\n"
    written = (tmp_path / "output").read_text()
    assert written == "storage-uri=s3://bucket/models/m-1/\n"
    monkeypatch.setenv("MODEL_VERSION", "latest")
    with pytest.raises(PipelineError, match="MODEL_VERSION"):
        storage.main()
