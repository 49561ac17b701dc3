"""The two ways in which a step of the pipeline ends early, and how it says so."""

from __future__ import annotations

import os
import sys
from typing import Callable


class PipelineError(Exception):
    """Something a person has to put right; the message says what and how."""


class GateFailed(Exception):
    """The model was trained and judged, and is not good enough."""


def run_step(step: Callable[[], None]) -> None:
    """Run one step of the pipeline and end the process with its exit code.

    0: done. 1: the model is not good enough. 2: something has to be put right first.
    """
    try:
        step()
    except (GateFailed, PipelineError) as error:
        message = " ".join(str(error).split())
        if os.environ.get("GITHUB_ACTIONS") == "true":
            print(f"::error::{message.replace('%', '%25')}")
        else:
            print(message, file=sys.stderr)
        sys.exit(1 if isinstance(error, GateFailed) else 2)
