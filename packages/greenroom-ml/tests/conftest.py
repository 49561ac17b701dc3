"""What the tests share: a repository as the template makes it, and an own MLflow."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any, Iterator

import mlflow
import pytest
import yaml

from greenroom_ml import training
from greenroom_ml.config import Config, load_config

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "model-service"
PACKAGE = "owned"
FRAMEWORK = os.environ.get("FRAMEWORK", "scikit-learn")
IS_NETWORK = FRAMEWORK == "pytorch"
# Enough for data as small as these.
QUICK: dict[str, Any] = {"max_epochs": 60} if IS_NETWORK else {"n_estimators": 30}
# As good as nothing: the fewest and simplest steps that the model can be made of.
WEAK: dict[str, Any] = {
    "pytorch": {"max_epochs": 1, "lr": 1e-6},
    "xgboost": {"n_estimators": 1, "min_child_weight": 1000},
    "lightgbm": {"n_estimators": 1, "min_child_samples": 1000},
    "scikit-learn": {"n_estimators": 1, "max_depth": 1},
}[FRAMEWORK]


class Repository:
    """A model repository in a folder of its own, which is the current one."""

    def __init__(self, folder: Path) -> None:
        """Copy the owner's files out of the template."""
        self.folder = folder
        self.source = folder / "src" / PACKAGE
        self.source.mkdir(parents=True)
        (self.source / "__init__.py").touch()
        name = "${{ values.packageName }}"
        for part in ("skeleton", f"frameworks/{FRAMEWORK}"):
            for file in (TEMPLATE / part / "src" / name).glob("*.py"):
                shutil.copy(file, self.source)
        for file in (TEMPLATE / "requirements" / FRAMEWORK).iterdir():
            shutil.copy(file, folder)
        self.content: dict[str, Any] = {
            "package": PACKAGE,
            "data": {"dataset": "iris"},
            "split": {"test_size": 0.3},
            "model": {"task": "classification", "seed": 7, "parameters": QUICK},
            "gate": {"metric": "accuracy", "threshold": 0.8, "max_row_ms": 10_000},
            "mlflow": {"experiment_name": "tests", "registered_model": "tests-model"},
            "serving": {"kind": "image", "lock_file": "requirements-serve.lock"},
        }
        self.configure()

    def configure(self, **sections: Any) -> Config:
        """Change sections of config.yaml, and read it."""
        for name, fields in sections.items():
            if isinstance(fields, dict):
                self.content[name] = {**self.content.get(name, {}), **fields}
            else:
                self.content[name] = fields
        path = self.folder / "config.yaml"
        path.write_text(yaml.safe_dump(self.content, allow_unicode=True), "utf-8")
        return load_config(path)

    def write(self, name: str, text: str) -> None:
        """Write one of the owner's modules, and forget what was imported of it."""
        (self.source / f"{name}.py").write_text(text, "utf-8")
        forget()


def forget() -> None:
    """Let the owner's modules be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def train(config: Config) -> tuple[str, dict[str, float]]:
    """Do what the owner's train.py does; return the run's id and its metrics."""
    rows, held_out = training.split(training.load(config), config)
    with training.start(config, rows, held_out) as run:
        model = run.fit()
        run.judge(model)
        run.log(model)
    return run.run_id, run.metrics


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """Return a repository, which is the current folder while the test runs."""
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    # Two tests may write the same module within a second.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    forget()
    yield Repository(folder)
    forget()


@pytest.fixture
def classification(repository: Repository) -> Config:
    """Return a configuration that trains in a blink, on data that every machine has."""
    return repository.configure()


@pytest.fixture
def regression(repository: Repository) -> Config:
    """Return the same for a model that predicts a number."""
    return repository.configure(
        data={"dataset": "diabetes"},
        model={"task": "regression"},
        gate={"metric": "rmse", "threshold": 70},
    )


@pytest.fixture(scope="session")
def _store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("mlflow")
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    mlflow.set_tracking_uri(uri)
    mlflow.create_experiment(
        "tests",
        artifact_location=(folder / "artifacts").as_uri(),
        tags={"greenroom.component": "component:default/tests"},
    )
    return uri


@pytest.fixture
def mlflow_store(
    _store: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> mlflow.MlflowClient:
    """Return a client of a real MLflow store, with GitHub Actions' variables set."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", _store)
    monkeypatch.delenv("MLFLOW_RUN_ID", raising=False)
    for key, value in {
        "GITHUB_ACTOR": "jane",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_REF_NAME": "main",
        "GITHUB_REPOSITORY": "acme/model",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "4711",
        "GITHUB_RUN_NUMBER": "12",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_SHA": "a" * 40,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_WORKFLOW": "CI",
    }.items():
        monkeypatch.setenv(key, value)
    return mlflow.MlflowClient(_store)


@pytest.fixture
def steps(
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
    request: pytest.FixtureRequest,
) -> Config:
    """Return a configuration with a model name of its own, which every step loads."""
    return repository.configure(mlflow={"registered_model": request.node.name})
