"""Downloads the registered model into `model/`, for the server and its image.

MODEL_VERSION names the version; without it, it is the champion. Beside MLflow's files
it holds model.json (which version this is, from which run and commit) and
reference.json (what the training data looked like).
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import mlflow
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from greenroom_ml.config import Config, load_config
from greenroom_ml.errors import PipelineError
from greenroom_ml.gate import CHAMPION, champion_version
from greenroom_ml.registry import tracking

MODEL = Path("model")
REFERENCE = "reference.json"


def download(config: Config, version: str | None, folder: Path) -> dict[str, Any]:
    """Fill `folder` with a version of the registered model; return its model.json.

    The folder holds the whole model or is not touched.
    """
    with tracking.mlflow_connection() as client:
        found = find_version(client, config.mlflow.registered_model, version)
        run = client.get_run(found.run_id)
        about = _about(found, run)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".model-", dir=folder.parent) as parts:
            new = Path(parts) / "new"
            new.mkdir()
            mlflow.artifacts.download_artifacts(
                artifact_uri=f"models:/{found.name}/{found.version}", dst_path=str(new)
            )
            if not (new / "MLmodel").is_file():
                raise PipelineError(
                    f"{found.name} v{found.version} is not a model of MLflow: it has "
                    "no file MLmodel"
                )
            bins = read_reference(client, found.run_id)
            if bins is not None:
                (new / REFERENCE).write_text(json.dumps(bins), encoding="utf-8")
            text = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
            (new / "model.json").write_text(text, encoding="utf-8")
            _readable(new)
            if folder.exists():
                folder.rename(Path(parts) / "old")
            new.rename(folder)
    return about


def find_version(
    client: mlflow.MlflowClient, name: str, version: str | None
) -> ModelVersion:
    """Return a version of the registered model, or its champion."""
    if version is None:
        found = champion_version(client, name)
        if found is None:
            raise PipelineError(
                f"{name} has no version with the alias {CHAMPION}: run "
                "`make register`, or set MODEL_VERSION"
            )
    else:
        try:
            found = client.get_model_version(name, version)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                raise PipelineError(
                    f"{name} has no version {version} (MODEL_VERSION)"
                ) from error
            raise
    if not found.run_id:
        raise PipelineError(
            f"{name} v{found.version} comes from no run, so nobody knows its origin: "
            "register a model that the pipeline has trained"
        )
    return found


def _about(version: ModelVersion, run: Run) -> dict[str, Any]:
    ended = datetime.fromtimestamp(
        (run.info.end_time or run.info.start_time) / 1000, timezone.utc
    )
    tags = run.data.tags
    return {
        "name": version.name,
        "version": str(version.version),
        "run_id": run.info.run_id,
        "trained_at": ended.isoformat(timespec="seconds"),
        "git_sha": tags.get("mlflow.source.git.commit"),
        "repository": tags.get("mlflow.source.git.repoURL"),
    }


def read_reference(client: mlflow.MlflowClient, run_id: str) -> dict[str, Any] | None:
    """Return what a run's training data looked like, if it says so."""
    if not any(item.path == REFERENCE for item in client.list_artifacts(run_id)):
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(client.download_artifacts(run_id, REFERENCE, folder))
        return json.loads(file.read_text(encoding="utf-8"))


def _readable(folder: Path) -> None:
    """Let every user read the files: the server in the image is not this one."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def main() -> None:
    """Download the version that MODEL_VERSION names, or the champion."""
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    version = os.environ.get("MODEL_VERSION", "").strip() or None
    about = download(load_config(), version, MODEL)
    tracking.set_output("model-version", about["version"])
    tracking.set_output("run-id", about["run_id"])
    size = sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file())
    print(
        f"Downloaded {about['name']} v{about['version']}, from MLflow run "
        f"{about['run_id']}, to {MODEL}/ ({size / 1e6:.1f} MB)"
    )
    if not (MODEL / REFERENCE).is_file():
        print(
            "Its run has no reference.json: the server cannot count values for drift."
        )
