"""The GitOps repository through git alone, where no token for GitHub's API is at hand.

Nothing is checked out: what git holds is read and written byte for byte.
"""

from __future__ import annotations

import os
import re
import shutil

# What runs is git, without a shell.
import subprocess  # nosec B404
from collections.abc import Mapping
from pathlib import Path

from greenroom_ml.errors import PipelineError
from greenroom_ml.manifests.compare_and_swap import Again, Outcome, Proposal, Snapshot

TIMEOUT = 120
MOVED_ON = re.compile(
    r"non-fast-forward|fetch first|stale info|cannot lock ref|failed to update ref"
    r"|failed to lock|incorrect old value|reference already exists"
)
REFUSED = re.compile(
    r"Authentication failed|could not read (Username|Password)|Permission denied"
    r"|error: 40[13]|terminal prompts disabled"
)
MISSING = re.compile(
    r"[Rr]epository .{0,300}not found|does not exist|does not appear to be"
)


class GitManifests:
    """Reads and writes a repository; see compare_and_swap for what it raises."""

    def __init__(self, url: str, folder: Path) -> None:
        """Take the address and an empty folder; credentials are git's own affair."""
        self.url = url
        self.shown = re.sub("//[^/@]*@", "//", url)
        self.executable = shutil.which("git")
        if not self.executable:
            raise PipelineError("git is missing: install it")
        self.environment = {
            **os.environ,
            "GIT_DIR": str(folder),
            "GIT_INDEX_FILE": str(folder / "handoff-index"),
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        self._git("init", "--quiet", "--bare", str(folder))

    def read(
        self, folder: str, paths: list[str], proposal: str | None
    ) -> tuple[Snapshot, Proposal | None]:
        """Return the default branch and, where it exists, the proposing one."""
        heads = self._git(
            "ls-remote",
            "--symref",
            self.url,
            "HEAD",
            f"refs/heads/{proposal}" if proposal else "HEAD",
        )
        head = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", heads, re.MULTILINE)
        if not head:
            raise PipelineError(
                f"{self.shown} is empty: make it from the template infra-manifests"
            )
        branch = head.group(1)
        commit = self._fetch(branch, 1)
        snapshot = Snapshot(
            branch,
            commit,
            self._git("rev-parse", f"{commit}^{{tree}}").strip(),
            self._id(f"{commit}:{folder}"),
            self._files(commit, folder, paths),
        )
        if not proposal or f"\trefs/heads/{proposal}\n" not in heads:
            return snapshot, None
        commit = self._fetch(proposal, 2)
        base = self._id(f"{commit}^:{folder}")
        return snapshot, Proposal(base, self._files(commit, folder, paths))

    def commit(
        self, snapshot: Snapshot, files: Mapping[str, str], message: str
    ) -> Outcome:
        """Commit to the branch if it still is at that commit; else raise Again."""
        commit = self._write(snapshot, files, message)
        self._push(snapshot.branch, commit, snapshot.commit)
        return Outcome(f"committed as {commit[:12]}")

    def push(
        self, snapshot: Snapshot, branch: str, files: Mapping[str, str], message: str
    ) -> None:
        """Let the branch be one commit on top of the snapshot, whatever it was."""
        commit = self._write(snapshot, files, message)
        self._git("push", "--porcelain", self.url, f"+{commit}:refs/heads/{branch}")

    def declined(self, snapshot: Snapshot, branch: str) -> str | None:
        """Return nothing: git does not know about pull requests."""
        return None

    def propose(
        self, snapshot: Snapshot, branch: str, title: str, body: str
    ) -> Outcome:
        """Say where a person opens the pull request, which git cannot do."""
        web = re.sub(r"\.git$", "", self.shown)
        if not web.startswith("http"):
            return Outcome(f"open a pull request of the branch {branch}")
        url = f"{web}/compare/{snapshot.branch}...{branch}?expand=1"
        return Outcome("open the pull request", url)

    def _fetch(self, branch: str, depth: int) -> str:
        self._git(
            "fetch",
            "--quiet",
            "--no-tags",
            f"--depth={depth}",
            self.url,
            f"+refs/heads/{branch}:refs/heads/{branch}",
        )
        return self._git("rev-parse", f"refs/heads/{branch}").strip()

    def _files(self, commit: str, folder: str, paths: list[str]) -> dict[str, str]:
        files = {}
        for path in paths:
            name = self._id(f"{commit}:{folder}/{path}")
            if name:
                files[path] = self._git("cat-file", "blob", name)
        return files

    def _id(self, name: str) -> str | None:
        try:
            return self._git("rev-parse", "--verify", "--quiet", name).strip()
        except _GitFailed:
            return None

    def _write(self, snapshot: Snapshot, files: Mapping[str, str], message: str) -> str:
        self._git("read-tree", snapshot.commit)
        for path, text in files.items():
            blob = self._git("hash-object", "-w", "--stdin", given=text).strip()
            entry = f"100644,{blob},{path}"
            self._git("update-index", "--add", "--cacheinfo", entry)
        tree = self._git("write-tree").strip()
        return self._git(
            *self._identity(),
            "commit-tree",
            "-p",
            snapshot.commit,
            tree,
            given=f"{message}\n",
        ).strip()

    def _push(self, branch: str, commit: str, expected: str) -> None:
        ref = f"refs/heads/{branch}"
        lease = f"--force-with-lease={ref}:{expected}"
        self._git("push", "--porcelain", lease, self.url, f"{commit}:{ref}")

    def _identity(self) -> list[str]:
        # On a laptop git knows who commits; a runner has no name of its own.
        if os.environ.get("GITHUB_ACTIONS") != "true":
            return []
        actor = os.environ.get("GITHUB_ACTOR", "github-actions[bot]")
        email = f"{actor}@users.noreply.github.com"
        return ["-c", f"user.name={actor}", "-c", f"user.email={email}"]

    def _git(self, *arguments: str, given: str = "") -> str:
        try:
            done = subprocess.run(  # nosec B603
                [self.executable, *arguments],
                input=given.encode(),
                capture_output=True,
                env=self.environment,
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Again(f"git {arguments[0]} took more than {TIMEOUT} s") from error
        if done.returncode == 0:
            return done.stdout.decode("utf-8")
        output = (done.stderr + done.stdout).decode("utf-8", "replace")
        raise self._explain(arguments[0], output.replace(self.url, self.shown))

    def _explain(self, command: str, output: str) -> Exception:
        text = " ".join(output.split())[-300:]
        if command == "push" and MOVED_ON.search(output):
            return Again(f"{self.shown} moved on")
        if REFUSED.search(output):
            return PipelineError(f"{self.shown} refuses git's credentials: {text}")
        if MISSING.search(output):
            return PipelineError(f"{self.shown} is not there: {text}")
        if "remote rejected" in output:
            return PipelineError(f"{self.shown} refuses the push: {text}")
        if command in ("fetch", "ls-remote", "push"):
            return Again(f"git {command} failed: {text}")
        return _GitFailed(f"git {command} failed: {text}")


class _GitFailed(PipelineError):
    """A command on the own copy that did not succeed."""
