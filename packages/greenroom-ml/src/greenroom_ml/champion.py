"""Lets the aliases follow what the manifests hold, once a pull request is merged.

What stands on the manifests' default branch was approved: nobody else writes there.
`production` is the version in prod. `champion` is that of the first environment before
it, where `champion.development` in config.yaml is pull-request; where it is automatic,
`greenroom-ml register` has moved it. A merge that is reverted moves an alias back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import mlflow
from mlflow.exceptions import MlflowException

from greenroom_ml.config import Config, load_config
from greenroom_ml.errors import PipelineError
from greenroom_ml.gate import CHAMPION
from greenroom_ml.handoff import PRODUCTION, connect
from greenroom_ml.manifests.manifests import PERCENT, Manifests, read_seed
from greenroom_ml.manifests.yaml_edit import load, value_at
from greenroom_ml.register import crown
from greenroom_ml.registry import tracking

# Of MLflow's registry; the environment is called prod.
PRODUCTION_ALIAS = "production"
OVERLAYS = Path("deploy", "overlays")
# The order in which a version goes through them.
ENVIRONMENTS = ("dev", "staging", PRODUCTION)


def released(files: Mapping[str, str], model: str, environment: str) -> int | None:
    """Return the version that stands in an environment's manifests.

    None: there is none yet, or it is on trial with a part of the traffic.
    """
    manifests = Manifests(environment, model, files)
    path = manifests.main_file
    if path not in files:
        return None
    if value_at(load(path, files[path]), PERCENT) not in (None, 100):
        return None
    # Before the first hand-off it is 0.
    return manifests.release(path).version or None


def follow(config: Config, versions: dict[str, int | None]) -> list[str]:
    """Move the aliases to the versions of the environments; say what has moved.

    `versions` has the environments in the order in which a version goes through them.
    Raise PipelineError for a version that the registry does not have.
    """
    name, wanted = config.mlflow.registered_model, {}
    if versions.get(PRODUCTION):
        wanted[PRODUCTION_ALIAS] = str(versions[PRODUCTION])
    first = next(iter(versions), PRODUCTION)
    if config.champion.development == "pull-request" and versions.get(first):
        wanted[CHAMPION] = str(versions[first])
    moved = []
    with tracking.mlflow_connection() as client:
        aliases = client.get_registered_model(name).aliases if wanted else {}
        for alias, version in wanted.items():
            if str(aliases.get(alias)) == version:
                continue
            _move(client, name, alias, version)
            moved.append(f"{alias} of {name} is now version {version}")
    return moved


def _move(client: mlflow.MlflowClient, name: str, alias: str, version: str) -> None:
    try:
        client.get_model_version(name, version)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            raise PipelineError(
                f"The manifests hold version {version} of {name}, which MLflow does "
                "not have: restore it, or hand off one that is there"
            ) from error
        raise
    if alias == CHAMPION:
        crown(client, name, version)
    else:
        client.set_registered_model_alias(name, alias, version)


def main() -> None:
    """Look into the manifests of every environment, and let the aliases follow."""
    config = load_config()
    environments = [each for each in ENVIRONMENTS if (OVERLAYS / each).is_dir()]
    seed = read_seed(Path("deploy"), environments[0] if environments else "dev")
    name = str(load("deploy/model.yaml", seed["model.yaml"])["model"])
    model = config.mlflow.registered_model
    paths = {path for each in environments for path in Manifests(each, model, {}).paths}
    with tempfile.TemporaryDirectory(prefix="manifests-") as folder:
        snapshot, _ = connect(Path(folder)).read(f"models/{name}", sorted(paths), None)
    versions = {each: released(snapshot.files, model, each) for each in environments}
    moved = follow(config, versions) or ["No alias has to move"]
    for sentence in moved:
        print(f"{sentence}.")
        tracking.add_summary(f"### {sentence}\n")
