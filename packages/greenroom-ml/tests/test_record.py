"""The image is noted at its version, and nothing else is."""

from __future__ import annotations

import os

import mlflow
import pytest
from conftest import Repository

from greenroom_ml import record
from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError

DIGEST = f"sha256:{'a' * 64}"


def test_the_digest_is_noted_at_the_version(
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository.configure(mlflow={"registered_model": "recorded"})
    client = mlflow.MlflowClient(os.environ["MLFLOW_TRACKING_URI"])
    client.create_registered_model("recorded")
    client.create_model_version("recorded", "file:///nowhere")
    monkeypatch.setenv("MODEL_VERSION", "1")
    monkeypatch.setenv("IMAGE_DIGEST", DIGEST)
    record.main()
    tags = client.get_model_version("recorded", "1").tags
    assert tags == {"greenroom.image.digest": DIGEST}


@pytest.mark.parametrize(
    ("version", "digest", "message"),
    [
        ("", DIGEST, "MODEL_VERSION must name"),
        ("1", "", "IMAGE_DIGEST must be"),
        ("1", "latest", "IMAGE_DIGEST must be"),
    ],
)
def test_what_is_missing_is_named(
    version: str, digest: str, message: str, classification: Config
) -> None:
    with pytest.raises(PipelineError, match=message):
        record.record(classification, version, digest)
