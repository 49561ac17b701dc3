"""GitHub's own token of this job, which MLflow takes in place of a secret.

https://docs.github.com/actions/reference/security/oidc
"""

from __future__ import annotations

import logging
import os
import threading
import time

import requests

from greenroom_ml.errors import PipelineError

LOGGER = logging.getLogger(__name__)
# A token is good for five minutes, and a training may take longer.
REFRESH_SECONDS = 120

_refreshing = threading.Event()


def offered() -> bool:
    """Say whether this is a job of GitHub that shows its token to MLflow.

    The workflow sets MLFLOW_OIDC_AUDIENCE, be it empty, where access is by token.
    """
    return {"ACTIONS_ID_TOKEN_REQUEST_URL", "MLFLOW_OIDC_AUDIENCE"} <= set(os.environ)


def keep_token_fresh() -> None:
    """Put a token into MLFLOW_TRACKING_TOKEN now, and a newer one every two minutes.

    MLflow reads the variable for each request. Does nothing where GitHub offers no
    token: on a laptop.
    """
    if not offered() or _refreshing.is_set():
        return
    try:
        _refresh()
    except requests.RequestException as error:
        raise PipelineError(
            f"GitHub gives no token of this job: {type(error).__name__}. Does the job "
            "have the permission id-token: write?"
        ) from error
    _refreshing.set()
    threading.Thread(target=_refresh_on_and_on, daemon=True).start()


def _refresh_on_and_on() -> None:
    while True:
        time.sleep(REFRESH_SECONDS)
        try:
            _refresh()
        except requests.RequestException as error:
            # The next try may succeed before the present token ends.
            LOGGER.warning("GitHub gave no new token: %s", type(error).__name__)


def _refresh() -> None:
    audience = os.environ.get("MLFLOW_OIDC_AUDIENCE", "").strip()
    if not audience:
        raise PipelineError(
            "MLFLOW_OIDC_AUDIENCE is not set: it is a variable of the repository, and "
            "names the audience that MLflow expects in GitHub's token."
        )
    response = requests.get(
        os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"],
        params={"audience": audience},
        headers={
            "Authorization": f"Bearer {os.environ['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"
        },
        timeout=30,
    )
    response.raise_for_status()
    token = response.json()["value"]
    # Never shown in the log, not even by what fails.
    print(f"::add-mask::{token}", flush=True)
    os.environ["MLFLOW_TRACKING_TOKEN"] = token
