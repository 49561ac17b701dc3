"""The GitOps repository through GitHub's API, with a token that may write to it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import urllib.parse
from collections.abc import Mapping
from typing import Any

from greenroom_ml.errors import PipelineError
from greenroom_ml.manifests.compare_and_swap import Again, Outcome, Proposal, Snapshot
from greenroom_ml.manifests.github_api import GithubApi, Refused

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


class GithubManifests:
    """Reads and writes a repository; see compare_and_swap for what it raises."""

    def __init__(self, repository: str, token: str) -> None:
        """Take the repository as owner/name; GitHub's addresses come from Actions."""
        self.api = GithubApi(repository, token)
        self.repository = repository
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
        variables = {"owner": self.api.owner, "name": self.api.name, "folder": folder}
        variables["proposal"] = f"refs/heads/{proposal or '-'}"
        for alias, path in names.items():
            variables[alias] = f"{folder}/{path}"
        found = self.api.graphql(query, variables)["repository"]
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
        answer = self.api.graphql(
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
        tree = self.api.post(
            "git/trees",
            {
                "base_tree": snapshot.tree,
                "tree": [
                    {"path": path, "mode": "100644", "type": "blob", "content": text}
                    for path, text in files.items()
                ],
            },
        )
        commit = self.api.post(
            "git/commits",
            {"message": message, "tree": tree["sha"], "parents": [snapshot.commit]},
        )
        try:
            self.api.post(
                "git/refs", {"ref": f"refs/heads/{branch}", "sha": commit["sha"]}
            )
        except Refused as refused:
            if "already exists" not in str(refused):
                raise
            path = f"git/refs/heads/{urllib.parse.quote(branch)}"
            self.api.send("PATCH", path, {"sha": commit["sha"], "force": True})

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
                pull = self.api.post(
                    "pulls", {**text, "head": branch, "base": snapshot.branch}
                )
            except Refused as refused:
                # Another run was faster, or people merged it in between.
                if "already exists" in str(refused) or "No commits" in str(refused):
                    raise Again(str(refused)) from refused
                raise
        elif {key: pull[key] for key in text} != text:
            self.api.send("PATCH", f"pulls/{pull['number']}", text)
        return Outcome(f"pull request #{pull['number']} waits", pull["html_url"])

    def _pulls(self, snapshot: Snapshot, branch: str) -> list[dict[str, Any]]:
        query = urllib.parse.urlencode(
            {
                "head": f"{self.api.owner}:{branch}",
                "base": snapshot.branch,
                "state": "all",
                "per_page": 100,
            }
        )
        return self.api.send("GET", f"pulls?{query}")

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
        answer = self.api.send("GET", f"git/blobs/{blob['oid']}")
        try:
            return base64.b64decode(answer["content"]).decode("utf-8")
        except UnicodeDecodeError as error:
            raise PipelineError("A file of the manifests is not UTF-8") from error


def _blob_id(content: bytes) -> str:
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
