"""The steps of a training. `make train` runs `main`."""

from __future__ import annotations

from greenroom_ml import training
from greenroom_ml.config import load_config


def main() -> None:
    """Load, split, fit, judge and log."""
    config = load_config()
    frame = training.load(config)
    rows, held_out = training.split(frame, config)
    with training.start(config, rows, held_out) as run:
        model = run.fit()
        run.judge(model)
        run.log(model)
