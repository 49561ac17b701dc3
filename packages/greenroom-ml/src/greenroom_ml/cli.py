"""The command `greenroom-ml`: each step of the pipeline, in the repository's folder."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Callable

from greenroom_ml.errors import PipelineError, run_step

# What each command does, in the words of its help; the steps import what they need.
COMMANDS = {
    "train": "train the model, judge it and log it to MLflow",
    "gate": "hold the last trained model against threshold and champion",
    "register": "register the model that passed the gate",
    "card": "write the filled model card of a run to reports/model-card.md",
    "explain": "say what the last trained model's figures rest on",
    "data": "bring the data here and hold them against their schema",
    "schema": "print the columns that the model learns from, as JSON",
    "check": "check config.yaml, the owner's functions and the lock files",
    "download": "download the champion, or MODEL_VERSION, into model/",
    "serve": "serve model/ over KServe's protocols",
    "record": "note IMAGE_DIGEST at version MODEL_VERSION in MLflow",
    "storage": "say where KServe reads MODEL_VERSION",
    "handoff": "hand a version to an environment",
    "champion": "let the aliases follow what the manifests hold",
    "changes": "say whether what changed can change the model",
    "guard": "hold a pull request that lowers the gate together with the model",
    "comment": "comment what the gate found on its pull request",
    "policy": "write .github/vulnerabilities.toml as the scanners read it",
    "audit": "hold what pip-audit found against the policy",
    "drift": "compare what the model is asked with what it was trained on",
}


def main(arguments: list[str] | None = None) -> None:
    """Run one command and end the process with its exit code.

    0: done. 1: the model is not good enough. 2: something has to be put right first.
    """
    parser = argparse.ArgumentParser(
        prog="greenroom-ml",
        description="The platform's part of a model repository.",
        epilog="Exit code: 1, the model is not good enough; 2, something to put right.",
    )
    parser.add_argument(
        "--directory",
        default=".",
        help="the folder of the repository; by default, here",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about in COMMANDS.items():
        # These read their own options, so that nothing of theirs is imported here.
        commands.add_parser(name, help=about, add_help=name not in ("serve", "handoff"))
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in ("serve", "handoff"):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")

    def step() -> None:
        try:
            os.chdir(options.directory)
        except OSError as error:
            raise PipelineError(f"--directory: {error}") from error
        _step(options.command)(*([rest] if options.command in TAKES_OPTIONS else []))

    run_step(step)


TAKES_OPTIONS = ("serve", "handoff")


def _step(command: str) -> Callable[..., Any]:
    if command == "train":
        return _train
    if command == "schema":
        return _schema
    if command == "check":
        return _check
    if command == "explain":
        return _explain
    import importlib

    return importlib.import_module(f"greenroom_ml.{command}").main


def _train() -> None:
    """Run the owner's train.py."""
    from greenroom_ml import owner, training
    from greenroom_ml.config import load_config

    training.prepare_process()
    owner.function(load_config(), "train", "main")()


def _explain() -> None:
    """Show what the training has found, and put its pictures into reports/."""
    from greenroom_ml.card import SECTIONS
    from greenroom_ml.registry import tracking

    with tracking.mlflow_connection() as client:
        run_id = tracking.run_id()
        tracking.REPORTS.mkdir(exist_ok=True)
        for item in client.list_artifacts(run_id):
            if item.path in SECTIONS or item.path.endswith(".png"):
                file = client.download_artifacts(run_id, item.path, tracking.REPORTS)
                if item.path.endswith(".md"):
                    with open(file, encoding="utf-8") as text:
                        print(f"{SECTIONS[item.path]}\n\n{text.read()}")
                else:
                    print(file)


def _schema() -> None:
    import json

    from greenroom_ml.config import load_config
    from greenroom_ml.data import load_data, schema_for

    config = load_config()
    schema = schema_for(load_data(config), config)
    columns = [{"name": each.name, "type": each.type} for each in schema.features]
    content = {"columns": columns, "target": config.target, "rows": schema.rows}
    json.dump(content, sys.stdout, indent=2, ensure_ascii=False)
    print()


def _check() -> None:
    from greenroom_ml import owner
    from greenroom_ml.config import load_config
    from greenroom_ml.pins import check_locks

    config = load_config()
    owner.function(config, "data", "load")
    owner.function(config, "features", "add_features")
    owner.function(config, "model", "make_estimator")
    # It imports MLflow, which takes longer than all of these.
    owner.expect_module(config, "train")
    for name in ("before_predict", "after_predict", "gate"):
        owner.hook(config, name)
    check_locks(config.directory)
    print(f"config.yaml, src/{config.package} and the lock files are in order")
