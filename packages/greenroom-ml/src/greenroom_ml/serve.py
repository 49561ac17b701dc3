"""Serves the model over KServe's protocols, v1 and v2 (Open Inference Protocol).

Runs in an environment of its own (requirements-serve.lock), on the folder that
`greenroom-ml download` fills. Ready when the model is loaded and has answered once.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import pandas as pd
from kserve.model_server import app
from kserve.model_server import parser as server_arguments

from greenroom_ml.config import load_config
from greenroom_ml.hooks import Hooks
from greenroom_ml.serving.feedback import take_feedback
from greenroom_ml.serving.guard import LOOPBACK, calm_log, protect
from greenroom_ml.serving.served_model import ServedModel
from greenroom_ml.serving.server import Server


def check(model: ServedModel) -> None:
    """Ask a model for its own example, as a client would by v1.

    Without a model, that the server's environment is whole is all there is to say.
    """
    if not (model.folder / "MLmodel").is_file():
        print(f"There is no model in {model.folder}; the server itself can be started")
        return
    model.load()
    example = model.model.metadata.load_input_example(str(model.folder))
    if example is None:
        print(f"{model.name} can be loaded; it has no example to be asked for")
        return
    rows = json.loads(pd.DataFrame(example).to_json(orient="records"))
    answer = model.answer({"instances": rows})
    print(f"{model.name} answers its example: {json.dumps(answer)}")


def main(flags: list[str] | None = None) -> None:
    """Serve until stopped; takes the flags of KServe's own servers."""
    parser = argparse.ArgumentParser(
        prog="greenroom-ml serve",
        parents=[server_arguments],
        conflict_handler="resolve",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="load the model, ask it for its own example, and end",
    )
    parser.add_argument(
        "--model_dir",
        type=Path,
        default=Path(os.environ.get("MODEL_DIR") or "model"),
        help="the folder that `make model` has filled",
    )
    parser.add_argument(
        "--host",
        default=os.environ.get("SERVE_HOST") or "127.0.0.1",
        help="the address to listen on; there is no authentication",
    )
    parser.add_argument(
        "--drain_seconds",
        type=float,
        default=float(os.environ.get("DRAIN_SECONDS", 0)),
        help="how long to go on after SIGTERM, until no more requests arrive",
    )
    parser.set_defaults(model_name=None)
    arguments = parser.parse_args(flags)
    config = load_config()
    name = arguments.model_name or config.mlflow.registered_model
    model = ServedModel(name, arguments.model_dir, Hooks(config))
    if arguments.check:
        check(model)
        return
    hosts = os.environ.get("SERVE_ALLOWED_HOSTS") or LOOPBACK
    take_feedback(app, model.monitor, os.environ.get("FEEDBACK_TOKEN", ""))
    protect(app, model.monitor, hosts)
    server = Server(
        arguments.host,
        arguments.drain_seconds,
        http_port=arguments.http_port,
        enable_latency_logging=False,
        # Kubernetes waits 30 seconds, those of draining among them.
        grace_period=20,
    )
    calm_log()
    server.start([model])
