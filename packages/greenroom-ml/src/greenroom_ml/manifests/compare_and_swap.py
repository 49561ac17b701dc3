"""A loop that tries until a change is in: many hand-offs write to one branch at once.

Each try reads the branch, applies the change to what is there now and commits on
exactly that state. Whoever finds that the branch moved on, or gets no clear answer,
reads again; what an unanswered try has done is then seen, and is not done twice.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from greenroom_ml.errors import PipelineError

ATTEMPTS = 100
LONGEST_PAUSE = 10.0

Result = TypeVar("Result")


class Again(Exception):
    """A try that came to nothing, and why; `after` seconds the server wants to wait."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        """Keep both."""
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True)
class Snapshot:
    """A branch of the GitOps repository, as it was at one commit."""

    branch: str
    commit: str
    tree: str
    # The id of the model's folder, which says whether anything in it differs.
    folder: str | None
    # Those files of it that were asked for and exist, by their path in the folder.
    files: Mapping[str, str]


@dataclass(frozen=True)
class Proposal:
    """The branch that proposes a change, if there is one already."""

    # The id of the model's folder in the commit that the branch starts from.
    base_folder: str | None
    files: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """Where a change went."""

    sentence: str
    url: str = ""


def try_until_done(attempt: Callable[[], Result], seconds: float) -> Result:
    """Return what `attempt` returns, once it does not raise Again; give up in time."""
    deadline = time.monotonic() + seconds
    for number in range(ATTEMPTS):
        try:
            return attempt()
        except Again as again:
            reason = str(again)
            # Random, so that those who met once do not meet again.
            pause = random.uniform(0, min(LONGEST_PAUSE, 0.2 * 2**number))  # nosec B311
            pause += again.after or 0
            if time.monotonic() + pause > deadline:
                break
        print(f"{reason}; once more in {pause:.1f} s", file=sys.stderr)
        time.sleep(pause)
    raise PipelineError(
        f"The hand-off gave up: {reason}. Nothing is half done: run it again"
    )
