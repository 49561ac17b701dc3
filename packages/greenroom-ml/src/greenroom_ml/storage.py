"""Finds where KServe can read a registered model, for the hand-off.

MLflow says where it keeps a model; KServe reads object stores, web servers, volumes and
a few more, but not MLflow itself.
"""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

from greenroom_ml.config import Config, load_config
from greenroom_ml.errors import PipelineError
from greenroom_ml.registry import tracking

# https://kserve.github.io/website/docs/model-serving/storage/overview
SCHEMES = ("s3", "gs", "https", "http", "pvc", "hdfs", "webhdfs", "hf", "oci")
# Azure's names for what KServe knows by its address in the web.
AZURE = re.compile(
    r"(?:wasbs?|abfss?)://(?P<container>[^@/]+)@(?P<account>[^./]+)"
    r"\.(?:blob|dfs)\.core\.windows\.net(?P<path>/.*)"
)


def find_storage_uri(config: Config, version: str) -> str:
    """Return the address of a version's files, as `storageUri` takes it."""
    with tracking.mlflow_connection() as client:
        location = client.get_model_version_download_uri(
            config.mlflow.registered_model, version
        )
    return storage_uri(location)


def storage_uri(location: str) -> str:
    """Return MLflow's location of a model as KServe's `storageUri`.

    Raise PipelineError, saying what to change, for a location that KServe cannot read.
    """
    scheme = urlsplit(location).scheme
    if scheme == "mlflow-artifacts":
        raise PipelineError(
            f"MLflow passes on the model's files itself ({location}), and KServe "
            "cannot read through it. Start the MLflow server with --no-serve-artifacts "
            "and --default-artifact-root s3://… (or gs://…, wasbs://…), give this "
            "model a new experiment (mlflow.experiment_name in config.yaml; an "
            "experiment keeps the place it began with), and train again"
        )
    azure = AZURE.fullmatch(location)
    if azure:
        location = (
            f"https://{azure['account']}.blob.core.windows.net/"
            f"{azure['container']}{azure['path']}"
        )
    elif scheme not in SCHEMES:
        raise PipelineError(
            f"KServe cannot read the model where MLflow keeps it, {location}: it reads "
            f"{', '.join(f'{known}://' for known in SCHEMES)} and Azure's stores. "
            "Start the MLflow server with --default-artifact-root in one of them"
        )
    parts = urlsplit(location)
    if parts.query or parts.fragment or parts.username or parts.password:
        raise PipelineError(
            "The model's location holds credentials or a query, which must not be "
            f"written into manifests: {parts.scheme}://{parts.hostname}{parts.path}"
        )
    # Without the slash, KServe takes a folder for a file.
    return location.rstrip("/") + "/"


def main() -> None:
    """Say where the version that MODEL_VERSION names is."""
    version = os.environ.get("MODEL_VERSION", "").strip()
    if not version.isdecimal():
        raise PipelineError("MODEL_VERSION must name the registered version, e.g. 3")
    address = find_storage_uri(load_config(), version)
    tracking.set_output("storage-uri", address)
    print(address)
