"""Who may register what, and which alias moves when."""

from __future__ import annotations

import subprocess
from pathlib import Path

import mlflow
import pytest
from conftest import Repository, train

from greenroom_ml import champion, gate, handoff, register
from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.registry import tracking

SHARED = "https://mlflow.example"


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody, whatever this machine's configuration says."""
    who = ("-c", "user.name=Jane", "-c", "user.email=jane@example.org")
    done = subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def laptop(
    mlflow_store: mlflow.MlflowClient,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> Repository:
    """Return a repository that is a clone on a laptop, with one commit."""
    for name in ("GITHUB_ACTIONS", "GITHUB_SHA", "GITHUB_REF", "GITHUB_EVENT_NAME"):
        monkeypatch.delenv(name, raising=False)
    (repository.folder / ".gitignore").write_text("reports/\n__pycache__/\n")
    git(repository.folder, "init", "--quiet")
    git(repository.folder, "add", ".")
    git(repository.folder, "commit", "--quiet", "--message", "begin")
    return repository


def aliases(client: mlflow.MlflowClient, name: str) -> dict[str, str]:
    found = client.get_registered_model(name).aliases
    return {alias: str(version) for alias, version in found.items()}


def judged(config: Config) -> str:
    run_id, _ = train(config)
    assert gate.gate(config, run_id).passed
    return run_id


def test_a_laptop_registers_what_is_committed_and_nothing_else(
    mlflow_store: mlflow.MlflowClient, laptop: Repository
) -> None:
    config = laptop.configure(mlflow={"registered_model": "of-a-laptop"})
    (laptop.folder / "notes.txt").write_text("new")
    run_id = judged(config)
    files = mlflow_store.get_run(run_id).data.tags[tracking.UNCOMMITTED]
    assert files == "config.yaml, notes.txt"
    with pytest.raises(PipelineError, match="with files that .*config.yaml, notes.txt"):
        register.main()

    git(laptop.folder, "add", ".")
    git(laptop.folder, "commit", "--quiet", "--message", "name the model")
    with pytest.raises(PipelineError, match="with files that were not committed"):
        register.main()
    judged(config)
    (laptop.source / "model.py").open("a").write("# later\n")
    with pytest.raises(PipelineError, match="Not committed: src/owned/model.py"):
        register.main()
    git(laptop.folder, "commit", "--quiet", "--all", "--message", "later")
    with pytest.raises(PipelineError, match="was trained at commit"):
        register.main()
    git(laptop.folder, "reset", "--quiet", "--hard", "HEAD~1")
    register.main()
    # The store is a file of this machine.
    assert aliases(mlflow_store, "of-a-laptop") == {"champion": "1"}


def test_aliases_of_a_shared_server_move_by_the_pipeline_of_main_alone(
    steps: Config,
    mlflow_store: mlflow.MlflowClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = steps.mlflow.registered_model
    run_id = judged(steps)
    monkeypatch.setenv("MLFLOW_RUN_ID", run_id)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_NAME", "pull_request")
    with pytest.raises(PipelineError, match="A pull request registers nothing"):
        register.main()
    assert not mlflow_store.search_model_versions(f"name = '{name}'")

    monkeypatch.setenv("GITHUB_EVENT_NAME", "workflow_dispatch")
    monkeypatch.setenv("GITHUB_REF", "refs/heads/try")
    register.main()
    assert "gets no alias" in capsys.readouterr().out
    assert aliases(mlflow_store, name) == {}
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    register.main()
    assert aliases(mlflow_store, name) == {"champion": "1"}


@pytest.mark.parametrize(
    ("uri", "own"),
    [
        ("sqlite:///mlflow.db", True),
        ("file:///tmp/mlruns", True),
        ("http://127.0.0.1:5000", True),
        ("http://localhost:5000", True),
        ("http://[::1]:5000/mlflow", True),
        (SHARED, False),
        ("http://localhost.example:5000", False),
        ("databricks", False),
        ("postgresql://db/mlflow", False),
    ],
)
def test_a_store_that_only_this_machine_reaches_is_its_own(
    uri: str, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    assert register.moves_aliases() == own


def test_where_people_approve_the_champion_waits_for_the_merge(
    steps: Config,
    repository: Repository,
    mlflow_store: mlflow.MlflowClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = steps.mlflow.registered_model
    asked = repository.configure(champion={"development": "pull-request"})
    assert handoff.by_pull_request(asked, "dev")
    assert handoff.by_pull_request(asked, "prod")
    assert not handoff.by_pull_request(steps, "staging")
    first = judged(asked)
    version, is_champion = register.register(asked, first)
    assert (str(version.version), is_champion) == ("1", False)
    assert aliases(mlflow_store, name) == {"challenger": "1"}
    assert champion.follow(asked, {"dev": None, "prod": None}) == []

    # Merged for dev, and then for prod.
    assert champion.follow(asked, {"dev": 1, "prod": None}) == [
        f"champion of {name} is now version 1"
    ]
    assert aliases(mlflow_store, name) == {"champion": "1"}
    champion.follow(asked, {"dev": 1, "prod": 1})
    assert aliases(mlflow_store, name) == {"champion": "1", "production": "1"}

    second = judged(asked)
    register.register(asked, second)
    expected = {"champion": "1", "production": "1", "challenger": "2"}
    assert aliases(mlflow_store, name) == expected
    champion.follow(asked, {"dev": 2, "prod": 1})
    assert aliases(mlflow_store, name) == {"champion": "2", "production": "1"}
    # A merge that was reverted.
    champion.follow(asked, {"dev": 1, "prod": 1})
    assert aliases(mlflow_store, name) == {"champion": "1", "production": "1"}
    with pytest.raises(PipelineError, match="version 9 of .*does not have"):
        champion.follow(asked, {"dev": 9, "prod": 1})
    # Where development is automatic, the manifests move what is in production alone.
    assert champion.follow(steps, {"dev": 2, "prod": 2}) == [
        f"production of {name} is now version 2"
    ]
    assert aliases(mlflow_store, name) == {"champion": "1", "production": "2"}
