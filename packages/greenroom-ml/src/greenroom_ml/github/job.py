"""The job that this is: its event, its files, and GitHub's API with its token.

Only the standard library: the wheel runs these steps before anything is installed.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from greenroom_ml.errors import PipelineError

TIMEOUT = 30
MAX_ANSWER = 20_000_000
PAGE = 100
MAX_PAGES = 20
MAIN = "refs/heads/main"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Stay: the token is for this server only."""


class NotFound(PipelineError):
    """GitHub has no such thing, or does not show it to this token."""


class Job:
    """A job of GitHub Actions, by its environment's variables."""

    def __init__(self) -> None:
        """Read the event; raise PipelineError where this is no job."""
        get = os.environ.get
        self.repository = get("GITHUB_REPOSITORY", "")
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", self.repository):
            raise PipelineError("This step is for a job of GitHub Actions")
        self.event_name = get("GITHUB_EVENT_NAME", "")
        self.ref = get("GITHUB_REF", "")
        self.sha = get("GITHUB_SHA", "")
        self.run_id = get("GITHUB_RUN_ID", "")
        server = get("GITHUB_SERVER_URL") or "https://github.com"
        self.run_url = f"{server}/{self.repository}/actions/runs/{self.run_id}"
        try:
            path = Path(get("GITHUB_EVENT_PATH", ""))
            self.event: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PipelineError(f"GITHUB_EVENT_PATH cannot be read: {error}") from error
        api = (get("GITHUB_API_URL") or "https://api.github.com").rstrip("/")
        if not api.startswith(("https://", "http://localhost", "http://127.0.0.1")):
            raise PipelineError(f"{api} is no https address: the token stays here")
        self._api = f"{api}/repos/{self.repository}"
        self._token = get("GITHUB_TOKEN", "").strip()
        self._opener = urllib.request.build_opener(_NoRedirects())

    @property
    def pull_request(self) -> dict[str, Any]:
        """Return the pull request of the event; raise where it is about none."""
        found = self.event.get("pull_request")
        if not isinstance(found, dict) or not isinstance(found.get("number"), int):
            raise PipelineError("This step is for pull requests")
        return found

    def get(self, path: str, **query: str | int) -> Any:
        """Return what GitHub's API says of a path below the repository."""
        search = f"?{urllib.parse.urlencode(query)}" if query else ""
        return self._send("GET", f"{path}{search}")

    def pages(self, path: str) -> list[Any]:
        """Return all entries of a list; raise where they are more than 2,000."""
        found: list[Any] = []
        for page in range(1, MAX_PAGES + 1):
            entries = self.get(path, per_page=PAGE, page=page)
            if not isinstance(entries, list):
                raise PipelineError(f"GitHub gives no list of {path}")
            found += entries
            if len(entries) < PAGE:
                return found
        raise PipelineError(f"GitHub's list of {path} has no end")

    def post(self, path: str, body: Any) -> Any:
        """Send something new."""
        return self._send("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        """Change what is there."""
        return self._send("PATCH", path, body)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self._api}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "User-Agent": "greenroom-ml",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                return json.loads(response.read(MAX_ANSWER))
        except urllib.error.HTTPError as error:
            kind = NotFound if error.code == 404 else PipelineError
            with error:
                raise kind(
                    f"GitHub answers {error.code} to {method} {path}: does the job "
                    "have the permission for it?"
                ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = " ".join(str(error).split())
            raise PipelineError(
                f"GitHub does not answer {method} {path}: {reason}"
            ) from error
