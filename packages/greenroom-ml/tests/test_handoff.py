"""What a hand-off changes in the manifests, and what it leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import mlflow
import pytest
import yaml
from conftest import Repository

from greenroom_ml import handoff
from greenroom_ml.errors import PipelineError
from greenroom_ml.manifests import manifests as module
from greenroom_ml.manifests import yaml_edit

Manifests, Release = module.Manifests, module.Release
Named, edit = yaml_edit.Named, yaml_edit.edit
# Folders deploy/ of the template: an image, two ways to try a version, KServe's own.
SEEDS = Path(__file__).with_name("deploy")
ENVIRONMENTS = ("dev", "prod")


@pytest.fixture(params=["image", "http-route", "knative", "storage"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return the name of each of the folders."""
    return request.param


def seed_of(kind: str, environment: str) -> dict[str, str]:
    return module.read_seed(SEEDS / kind / "deploy", environment)


def release(version: int, kind: str = "image") -> Release:
    where = {"image": f"ghcr.io/acme/model@sha256:{version:064x}"}
    if kind == "storage":
        where = {"storage_uri": f"s3://models/{version}/"}
    return Release(
        "model", version, f"run{version}", f"{version:040x}", "https://ci/1", **where
    )


def handed_off(kind: str, environment: str, *versions: int) -> dict[str, str]:
    """Return the files after these versions, one after the other."""
    files: dict[str, str] = {}
    seed = seed_of(kind, environment)
    for version in versions:
        manifests = Manifests(environment, "model", files)
        files |= manifests.hand_off(seed, release(version, kind)).files
    return files


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_first_brings_all_files_and_the_next_touches_its_values(
    environment: str, kind: str
) -> None:
    first = handed_off(kind, environment, 3)
    manifests = Manifests(environment, "model", first)
    assert {"model.yaml", "base/kustomization.yaml"} < set(first)
    assert manifests.release(manifests.main_file) == release(3, kind)

    seed = seed_of(kind, environment)
    change = manifests.hand_off(seed, release(4, kind))
    assert change.release == release(4, kind)
    assert all(path.startswith(f"overlays/{environment}/") for path in change.files)
    after = Manifests(environment, "model", {**first, **change.files})
    assert after.latest_version() == 4
    value = re.compile(
        r"model-version|run-id|source-commit|ci-run-url|dev/image|storageUri"
        r"|canaryTrafficPercent|weight:"
    )
    for path, text in change.files.items():
        pairs = zip(first[path].splitlines(), text.splitlines(), strict=True)
        assert all(value.search(old) for old, new in pairs if old != new)

    for version in (4, 3):
        again = after.hand_off(seed, release(version, kind))
        assert not again.files, again.sentence
    assert after.hand_off(seed, release(3, kind), force=True).files


def test_another_repository_does_not_take_the_model_over() -> None:
    kind, environment = "image", "dev"
    files = handed_off(kind, environment, 1)
    theirs = re.sub("repository: .*", "repository: b/c", files["model.yaml"])
    files["model.yaml"] = theirs
    manifests = Manifests(environment, "model", files)
    with pytest.raises(PipelineError, match="belong to b/c"):
        manifests.hand_off(seed_of(kind, environment), release(2))


def test_an_environment_that_was_not_chosen_is_refused() -> None:
    seed = seed_of("image", "moon")
    with pytest.raises(PipelineError, match="deploy/overlays/moon does not exist"):
        Manifests("moon", "model", {}).hand_off(seed, release(1))


def weights(files: dict[str, str]) -> list[int]:
    route = yaml.safe_load(files["overlays/prod/httproute.yaml"])
    return [backend["weight"] for backend in route["spec"]["rules"][0]["backendRefs"]]


def versions(files: dict[str, str]) -> list[int]:
    manifests = Manifests("prod", "model", files)
    paths = (manifests.stable_file, manifests.canary_file)
    return [manifests.release(path).version for path in paths]


def test_a_version_gets_weights_and_is_promoted_and_rolled_back() -> None:
    files = handed_off("http-route", "prod", 3)
    assert (versions(files), weights(files)) == ([3, 3], [100, 0])
    assert not Manifests("prod", "model", files).promote().files
    assert not Manifests("prod", "model", files).rollback().files

    files = handed_off("http-route", "prod", 3, 4)
    assert (versions(files), weights(files)) == ([3, 4], [90, 10])
    manifests = Manifests("prod", "model", files)
    promoted = {**files, **manifests.promote().files}
    assert (versions(promoted), weights(promoted)) == ([4, 4], [100, 0])
    back = {**files, **manifests.rollback().files}
    assert (versions(back), weights(back)) == ([3, 3], [100, 0])


def percent(files: dict[str, str]) -> int | None:
    content = yaml.safe_load(files["overlays/prod/release.yaml"])
    return content["spec"]["predictor"]["canaryTrafficPercent"]


def test_a_version_gets_percents_and_is_promoted_and_rolled_back() -> None:
    files = handed_off("knative", "prod", 3)
    assert percent(files) is None
    assert not Manifests("prod", "model", files).promote().files

    files = handed_off("knative", "prod", 3, 4)
    assert percent(files) == 10
    manifests = Manifests("prod", "model", files)
    assert percent({**files, **manifests.promote().files}) is None
    assert percent({**files, **manifests.rollback().files}) == 0


TEXT = """\
# Said by a person.\r
metadata:   {name: "m"}   # stays\r
a:\r
  plain: old # why\r
  'single': 'it''s'\r
  double: "old"\r
  ünï: [ {name: x, weight: 90}, {weight: 10, name: y} ]\r
"""


def test_an_edit_replaces_values_and_nothing_else() -> None:
    edited = edit(
        "x.yaml",
        TEXT,
        {
            ("a", "plain"): "4",
            ("a", "single"): "new's",
            ("a", "double"): "",
            ("a", "ünï", Named("y"), "weight"): 100,
            ("a", "ünï", 0, "weight"): None,
        },
    )
    assert edited == (
        TEXT.replace("plain: old", 'plain: "4"')
        .replace("'it''s'", "'new''s'")
        .replace('double: "old"', 'double: ""')
        .replace("weight: 10", "weight: 100")
        .replace("weight: 90", "weight: null")
    )
    assert edit("x.yaml", edited, {("a", "plain"): "4"}) == edited


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\n", r"x.yaml:1: metadata is missing"),
        ("metadata:\n  annotations: []\n", r"x.yaml:2: .*model-version is missing"),
        ("metadata: &m\n  annotations: *m\n", r"x.yaml:1: write the value out"),
        ("metadata: {\n", r"x.yaml:2 is not YAML"),
        ("metadata: 1\n---\nmetadata: 2\n", r"x.yaml:2 is not YAML"),
        ("metadata: {annotations: {greenroom.dev/model-version: }}", "plain value"),
        ("metadata: {annotations: {greenroom.dev/model-version: !!str 3}}", "plain"),
        ("metadata: {annotations: {greenroom.dev/model-version: [3]}}", "one value"),
        ("metadata: {annotations: {greenroom.dev/model-version: {}}}", "one value"),
        ("metadata:\n annotations:\n  greenroom.dev/model-version: |\n   3", "one v"),
        (
            "metadata:\n annotations:\n  greenroom.dev/model-version: '3'\n"
            "  greenroom.dev/model-version: '3'\n",
            r"x.yaml:3: .* more than once",
        ),
    ],
)
def test_what_an_edit_could_spoil_is_refused(text: str, message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        edit("x.yaml", text, {module.VERSION: "4"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_commit": "main"},
        {"ci_run_url": "https://ci/1\nModel: other/1"},
        {"model": "a/b"},
        {"run_id": "x y"},
        {"image": "ghcr.io/acme/model:latest", "storage_uri": ""},
        {"image": "ghcr.io/a/b@sha256:" + "0" * 64, "storage_uri": "s3://a"},
        {"image": "", "storage_uri": ""},
    ],
)
def test_a_release_that_is_none_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(PipelineError):
        Release(
            **{
                "model": "m",
                "version": 1,
                "run_id": "r",
                "source_commit": "",
                "ci_run_url": "",
                **wrong,
            }
        )


def test_deploy_names_no_version(kind: str) -> None:
    paths = list((SEEDS / kind / "deploy" / "overlays").rglob("release.yaml"))
    assert paths
    for path in paths:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert yaml_edit.value_at(content, module.VERSION) == "0"


@pytest.mark.parametrize("kind", ["image", "storage"])
def test_a_laptop_asks_mlflow_for_the_champion(
    kind: str,
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("MODEL_VERSION", "IMAGE_DIGEST", "STORAGE_URI"):
        monkeypatch.delenv(variable, raising=False)
    name = f"handed-off-{kind}"
    config = repository.configure(mlflow={"registered_model": name})
    seed = seed_of(kind, "dev")
    mlflow_store.create_registered_model(name)
    mlflow_store.create_model_version(
        name, "s3://models/1", tags={"greenroom.git.sha": "b" * 40}
    )
    mlflow_store.set_registered_model_alias(name, "champion", "1")
    digest = "sha256:" + "d" * 64
    if kind == "image":
        with pytest.raises(PipelineError, match=f"Version 1 of {name} has no image ye"):
            handoff._release(config, seed)
        mlflow_store.set_model_version_tag(name, "1", "greenroom.image.digest", digest)
    found = handoff._release(config, seed)
    assert (found.version, found.source_commit) == (1, "b" * 40)
    if kind == "image":
        assert found.image.endswith(f"@{digest}")
    else:
        assert found.storage_uri == "s3://models/1/"
    monkeypatch.setenv("MODEL_VERSION", "../1")
    monkeypatch.setenv("IMAGE_DIGEST", "x")
    monkeypatch.setenv("STORAGE_URI", "x")
    with pytest.raises(PipelineError, match="MODEL_VERSION must be the number"):
        handoff._release(config, seed)
