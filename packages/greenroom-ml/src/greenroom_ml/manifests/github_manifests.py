"""The GitOps repository through GitHub's API, with a token that may write to it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import http.client
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from greenroom_ml.errors import PipelineError
from greenroom_ml.manifests.compare_and_swap import Again, Outcome, Proposal, Snapshot

TIMEOUT = 30
MAX_ANSWER = 20_000_000

COMMIT_FIELDS = "oid tree { oid } folder: file(path: $folder) { oid }"
QUERY = """
query ($owner: String!, $name: String!, $folder: String!, $proposal: String!%(paths)s) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef { name target { ... on Commit { %(fields)s } } }
    ref(qualifiedName: $proposal) { target { ... on Commit {
      %(fields)s
      parents(first: 1) { nodes { folder: file(path: $folder) { oid } } }
    } } }
  }
}"""
FRAGMENT = "fragment Text on Blob { oid text }"
MUTATION = """
mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } }
}"""


class _Refused(PipelineError):
    """An answer of GitHub that says no: 404, 409 or 422."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Stay: the token is for this server only."""


class GithubManifests:
    """Reads and writes a repository; see compare_and_swap for what it raises."""

    def __init__(self, repository: str, token: str) -> None:
        """Take the repository as owner/name; GitHub's addresses come from Actions."""
        self.repository = repository
        self.owner, _, self.name = repository.partition("/")
        api = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
        self.rest = f"{api.rstrip('/')}/repos/{repository}"
        self.graphql = os.environ.get("GITHUB_GRAPHQL_URL") or f"{api}/graphql"
        for url in (self.rest, self.graphql):
            if not url.startswith(("https://", "http://localhost", "http://127.0.0.1")):
                raise PipelineError(f"{url} is no https address: the token stays here")
        self.token = token
        self.opener = urllib.request.build_opener(_NoRedirects())
        self.last: Snapshot | None = None

    def read(
        self, folder: str, paths: list[str], proposal: str | None
    ) -> tuple[Snapshot, Proposal | None]:
        """Return the default branch and, where it exists, the proposing one."""
        if self.last and not proposal:
            # Where many write, what moved on is mostly the others' part.
            now, _ = self._read(folder, [], None)
            if now.folder == self.last.folder:
                return dataclasses.replace(now, files=self.last.files), None
        self.last, proposed = self._read(folder, paths, proposal)
        return self.last, proposed

    def _read(
        self, folder: str, paths: list[str], proposal: str | None
    ) -> tuple[Snapshot, Proposal | None]:
        names = {f"f{index}": path for index, path in enumerate(paths)}
        fields = COMMIT_FIELDS + "".join(
            f" {alias}: file(path: ${alias}) {{ object {{ ...Text }} }}"
            for alias in names
        )
        declared = "".join(f", ${alias}: String!" for alias in names)
        query = QUERY % {"paths": declared, "fields": fields}
        query += FRAGMENT if names else ""
        variables = {"owner": self.owner, "name": self.name, "folder": folder}
        variables["proposal"] = f"refs/heads/{proposal or '-'}"
        for alias, path in names.items():
            variables[alias] = f"{folder}/{path}"
        found = self._graphql(query, variables)["repository"]
        head = found["defaultBranchRef"]
        if not head:
            raise PipelineError(
                f"{self.repository} is empty: make it from the template infra-manifests"
            )
        target = head["target"]
        snapshot = Snapshot(
            head["name"],
            target["oid"],
            target["tree"]["oid"],
            (target["folder"] or {}).get("oid"),
            self._files(target, names),
        )
        if not proposal or not found["ref"]:
            return snapshot, None
        target = found["ref"]["target"]
        parents = target["parents"]["nodes"]
        base = (parents[0]["folder"] or {}).get("oid") if parents else None
        return snapshot, Proposal(base, self._files(target, names))

    def commit(
        self, snapshot: Snapshot, files: Mapping[str, str], message: str
    ) -> Outcome:
        """Commit to the branch if it still is at that commit; else raise Again."""
        headline, _, body = message.partition("\n\n")
        answer = self._graphql(
            MUTATION,
            {
                "input": {
                    "branch": {
                        "repositoryNameWithOwner": self.repository,
                        "branchName": snapshot.branch,
                    },
                    "expectedHeadOid": snapshot.commit,
                    "message": {"headline": headline, "body": body},
                    "fileChanges": {
                        "additions": [
                            {
                                "path": path,
                                "contents": base64.b64encode(text.encode()).decode(),
                            }
                            for path, text in files.items()
                        ]
                    },
                }
            },
        )
        commit = answer["createCommitOnBranch"]["commit"]
        return Outcome(f"committed as {commit['oid'][:12]}", commit["url"])

    def push(
        self, snapshot: Snapshot, branch: str, files: Mapping[str, str], message: str
    ) -> None:
        """Let the branch be one commit on top of the snapshot, whatever it was."""
        tree = self._post(
            "git/trees",
            {
                "base_tree": snapshot.tree,
                "tree": [
                    {"path": path, "mode": "100644", "type": "blob", "content": text}
                    for path, text in files.items()
                ],
            },
        )
        commit = self._post(
            "git/commits",
            {"message": message, "tree": tree["sha"], "parents": [snapshot.commit]},
        )
        try:
            self._post(
                "git/refs", {"ref": f"refs/heads/{branch}", "sha": commit["sha"]}
            )
        except _Refused as refused:
            if "already exists" not in str(refused):
                raise
            path = f"git/refs/heads/{urllib.parse.quote(branch)}"
            self._send("PATCH", path, {"sha": commit["sha"], "force": True})

    def declined(self, snapshot: Snapshot, branch: str) -> str | None:
        """Return the last pull request, if people closed it without merging."""
        pulls = self._pulls(snapshot, branch)
        if not pulls or any(pull["state"] == "open" for pull in pulls):
            return None
        last = max(pulls, key=lambda pull: pull["number"])
        return None if last["merged_at"] else last["html_url"]

    def propose(
        self, snapshot: Snapshot, branch: str, title: str, body: str
    ) -> Outcome:
        """Let there be one open pull request of the branch, with this text."""
        pulls = self._pulls(snapshot, branch)
        pull = next((pull for pull in pulls if pull["state"] == "open"), None)
        text = {"title": title, "body": body}
        if pull is None:
            try:
                pull = self._post(
                    "pulls", {**text, "head": branch, "base": snapshot.branch}
                )
            except _Refused as refused:
                # Another run was faster, or people merged it in between.
                if "already exists" in str(refused) or "No commits" in str(refused):
                    raise Again(str(refused)) from refused
                raise
        elif {key: pull[key] for key in text} != text:
            self._send("PATCH", f"pulls/{pull['number']}", text)
        return Outcome(f"pull request #{pull['number']} waits", pull["html_url"])

    def _pulls(self, snapshot: Snapshot, branch: str) -> list[dict[str, Any]]:
        query = urllib.parse.urlencode(
            {
                "head": f"{self.owner}:{branch}",
                "base": snapshot.branch,
                "state": "all",
                "per_page": 100,
            }
        )
        return self._send("GET", f"pulls?{query}")

    def _files(self, target: Any, names: Mapping[str, str]) -> dict[str, str]:
        files = {}
        for alias, path in names.items():
            blob = (target[alias] or {}).get("object")
            if blob:
                files[path] = self._text(blob)
        return files

    def _text(self, blob: Any) -> str:
        text = blob["text"]
        if text is not None and _blob_id(text.encode()) == blob["oid"]:
            return text
        # GraphQL shortens long texts and gives none for others; the bytes are here.
        answer = self._send("GET", f"git/blobs/{blob['oid']}")
        try:
            return base64.b64decode(answer["content"]).decode("utf-8")
        except UnicodeDecodeError as error:
            raise PipelineError("A file of the manifests is not UTF-8") from error

    def _graphql(self, query: str, variables: Mapping[str, Any]) -> Any:
        body = {"query": query, "variables": variables}
        answer = self._request("POST", self.graphql, body)
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

    def _post(self, path: str, body: Any) -> Any:
        return self._send("POST", path, body)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        try:
            return self._request(method, f"{self.rest}/{path}", body)
        except _Refused as refused:
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
        return _Refused(error.code, f"GitHub ({error.code}): {message}")

    def _not_found(self) -> str:
        return (
            f"{self.repository} is not there, or the token may not see it (404): "
            "correct MANIFESTS_REPOSITORY, or install the App there"
        )


def _blob_id(content: bytes) -> str:
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


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
