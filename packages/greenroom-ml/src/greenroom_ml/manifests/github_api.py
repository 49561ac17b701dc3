"""GitHub's API for one repository: what its answers mean for who writes there."""

from __future__ import annotations

import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from greenroom_ml.errors import PipelineError
from greenroom_ml.manifests.compare_and_swap import Again

TIMEOUT = 30
MAX_ANSWER = 20_000_000


class Refused(PipelineError):
    """An answer of GitHub that says no: 404, 409 or 422."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Stay: the token is for this server only."""


class GithubApi:
    """Asks for one repository; no answer leaves it but JSON, Again or PipelineError."""

    def __init__(self, repository: str, token: str) -> None:
        """Take the repository as owner/name; GitHub's addresses come from Actions."""
        self.repository = repository
        self.owner, _, self.name = repository.partition("/")
        api = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
        self.rest = f"{api.rstrip('/')}/repos/{repository}"
        self.graphql_url = os.environ.get("GITHUB_GRAPHQL_URL") or f"{api}/graphql"
        for url in (self.rest, self.graphql_url):
            if not url.startswith(("https://", "http://localhost", "http://127.0.0.1")):
                raise PipelineError(f"{url} is no https address: the token stays here")
        self.token = token
        self.opener = urllib.request.build_opener(_NoRedirects())

    def graphql(self, query: str, variables: Mapping[str, Any]) -> Any:
        """Return the data of an answer."""
        body = {"query": query, "variables": variables}
        answer = self._request("POST", self.graphql_url, body)
        errors = answer.get("errors")
        if not errors:
            return answer["data"]
        kind, message = errors[0].get("type"), _one_line(errors[0].get("message"))
        if kind == "RATE_LIMITED":
            raise Again(f"GitHub: {message}", 60.0)
        # The second: GitHub had a problem. The third: the branch was renamed just now.
        for sign in (
            "Expected branch to point",
            "Something went wrong",
            "No ref named",
        ):
            if kind == "STALE_DATA" or sign in message:
                raise Again(f"GitHub: {message}")
        if kind == "NOT_FOUND":
            raise PipelineError(self._not_found())
        raise PipelineError(
            f"GitHub refuses the commit to {self.repository}: {message} ({kind}). The "
            "App needs contents: write there, and a protected branch has to let it pass"
        )

    def post(self, path: str, body: Any) -> Any:
        """Send JSON to a path below the repository's."""
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Ask a path below the repository's; raise Refused for 422 and the like."""
        try:
            return self._request(method, f"{self.rest}/{path}", body)
        except Refused as refused:
            if refused.status == 404:
                raise PipelineError(self._not_found()) from refused
            if refused.status == 409:
                raise Again(str(refused)) from refused
            raise

    def _request(self, method: str, url: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "User-Agent": "model-handoff",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with self.opener.open(request, timeout=TIMEOUT) as response:
                answer = json.loads(response.read(MAX_ANSWER))
        except urllib.error.HTTPError as error:
            with error:
                raise self._explain(error) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            # A ValueError is JSON that breaks off, or is none.
            raise Again(f"GitHub gives no answer ({_one_line(error)})") from error
        if not isinstance(answer, (dict, list)):
            raise Again("GitHub gives no answer that makes sense")
        return answer

    def _explain(self, error: urllib.error.HTTPError) -> Exception:
        message = _message(error)
        after = _retry_after(error.headers)
        limited = error.code == 403 and (after is not None or "rate limit" in message)
        if error.code == 429 or limited:
            return Again(f"GitHub asks to wait ({error.code})", after or 60.0)
        if error.code >= 500:
            return Again(f"GitHub answers {error.code}", after)
        if error.code == 401:
            return PipelineError(
                f"GitHub refuses the token for {self.repository} (401): it is wrong or "
                "has expired (an App's lives one hour). Run the whole job again"
            )
        if error.code == 403:
            return PipelineError(
                f"The token may not do this in {self.repository} (403): {message}. The "
                "App needs contents: write and, for prod, pull requests: write"
            )
        if 300 <= error.code < 400:
            return PipelineError(
                f"{self.repository} has moved: correct MANIFESTS_REPOSITORY"
            )
        return Refused(error.code, f"GitHub ({error.code}): {message}")

    def _not_found(self) -> str:
        return (
            f"{self.repository} is not there, or the token may not see it (404): "
            "correct MANIFESTS_REPOSITORY, or install the App there"
        )


def _message(error: urllib.error.HTTPError) -> str:
    try:
        answer = json.loads(error.read(MAX_ANSWER))
        details = [answer["message"]]
        for detail in answer.get("errors") or []:
            details.append(detail["message"] if isinstance(detail, dict) else detail)
        return _one_line("; ".join(details))
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return f"status {error.code}"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    reset = headers.get("X-RateLimit-Reset", "")
    if headers.get("X-RateLimit-Remaining") == "0" and reset.isdecimal():
        return max(float(reset) - time.time(), 1.0)
    return None


def _one_line(value: object) -> str:
    return " ".join(str(value).split())[:300]
