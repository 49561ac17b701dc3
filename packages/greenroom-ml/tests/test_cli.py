"""The command, as the Makefile of a repository calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import mlflow
import pytest
from conftest import Repository

from greenroom_ml import cli


def run(*arguments: str) -> int:
    """Run the command here; return its exit code."""
    try:
        cli.main(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_a_repository_goes_through_every_step(
    repository: Repository,
    mlflow_store: mlflow.MlflowClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    name = "through-every-step"
    repository.configure(mlflow={"registered_model": name})
    monkeypatch.delenv("MODEL_VERSION", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    # From anywhere.
    monkeypatch.chdir(tmp_path)
    here = ("--directory", str(repository.folder))
    for command in ("check", "data", "train", "gate", "register", "card", "download"):
        assert run(*here, command) == 0, command
        monkeypatch.chdir(tmp_path)
    assert (repository.folder / "model" / "MLmodel").is_file()
    card = (repository.folder / "reports" / "model-card.md").read_text()
    assert "| accuracy |" in card
    capsys.readouterr()
    assert run(*here, "schema") == 0
    schema = json.loads(capsys.readouterr().out)
    assert (schema["target"], schema["rows"]) == ("target", 150)
    assert {column["type"] for column in schema["columns"]} == {"number"}

    repository.configure(gate={"threshold": 1.01})
    assert run(*here, "gate") == 1
    assert "Gate FAILED" in capsys.readouterr().err
    assert run(*here, "register") == 1
    repository.content["gate"]["treshold"] = 1
    (repository.folder / "config.yaml").write_text(json.dumps(repository.content))
    assert run(*here, "train") == 2
    assert "did you mean gate.threshold" in capsys.readouterr().err


def test_what_is_not_there_is_something_to_put_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.chdir(tmp_path)
    assert run("train") == 2
    assert "config.yaml cannot be read" in capsys.readouterr().err
    assert run("--directory", "nowhere", "train") == 2
    assert run("trian") == 2
    assert run("train", "--fast") == 2


@pytest.mark.parametrize("command", ["handoff", "gate", "serve"])
def test_a_step_imports_what_it_needs_and_no_more(command: str) -> None:
    """A job that hands off has no scikit-learn, and an image no MLflow server."""
    unwanted = {
        "handoff": ["mlflow", "sklearn", "kserve", "pandas"],
        "gate": ["kserve"],
        "serve": ["kserve", "mlflow", "sklearn"],
    }[command]
    module = "cli" if command == "serve" else command
    program = (
        f"import sys, greenroom_ml.{module}\n"
        f"found = set({unwanted!r}) & set(sys.modules)\n"
        "assert not found, found\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
