"""What the jobs of a pull request decide and write, against a stand-in for GitHub."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from test_register import git

from greenroom_ml import changes, comment, guard
from greenroom_ml.errors import GateFailed, PipelineError
from greenroom_ml.github.job import Job
from greenroom_ml.github.paths import can_change_the_model
from greenroom_ml.github.summary import code
from greenroom_ml.github.verdict import render

REPOSITORY = "/repos/acme/model/"
VERDICT: dict[str, Any] = {
    "metric": "f1_macro",
    "direction": "maximize",
    "threshold": 0.8,
    "outcome": "passed",
    "passed": True,
    "value": {"mean": 0.91234, "low": 0.88, "high": 0.95, "rows": 150},
    "constant": 0.25,
    "linear": 0.9,
    "champion": {
        "name": "model",
        "version": "3",
        "value": 0.9,
        "beside": 0.92,
        "over": {"mean": 0.02, "low": -0.01, "high": 0.05, "rows": 40},
    },
    "reasons": [
        {"check": "constant", "outcome": "passed", "sentence": "it beats 0.25"}
    ],
}


class FakeGithub(BaseHTTPRequestHandler):
    """Answers what `answers` holds, and keeps comments as GitHub does."""

    answers: dict[str, Any] = {}
    comments: list[dict[str, Any]] = []
    asked: list[str] = []

    def do_GET(self) -> None:
        """Answer a read."""
        parts = urlsplit(self.path)
        path = parts.path.removeprefix(REPOSITORY)
        self.asked.append(self.path.removeprefix(REPOSITORY))
        if path == "issues/7/comments":
            query = parse_qs(parts.query)
            page, size = (int(query[name][0]) for name in ("page", "per_page"))
            self._answer(200, self.comments[(page - 1) * size : page * size])
        elif path in self.answers:
            self._answer(200, self.answers[path])
        else:
            self._answer(404, {"message": "Not Found"})

    def do_POST(self) -> None:
        """Add a comment."""
        new = {
            "id": len(self.comments) + 1,
            "user": {"login": "github-actions[bot]", "type": "Bot"},
            "html_url": f"https://github.example/c/{len(self.comments) + 1}",
            **self._body(),
        }
        self.comments.append(new)
        self._answer(201, new)

    def do_PATCH(self) -> None:
        """Change a comment."""
        number = int(self.path.rpartition("/")[2])
        self.comments[number - 1].update(self._body())
        self._answer(200, self.comments[number - 1])

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, status: int, content: Any) -> None:
        right = self.headers["Authorization"] == "Bearer of-the-job"
        self.send_response(status if right else 401)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def github(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[type[FakeGithub]]:
    """Return the stand-in, in which this is a job of pull request 7 of jane's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeGithub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    event = tmp_path / "event.json"
    event.write_text(
        json.dumps({"pull_request": {"number": 7, "head": {"sha": "f" * 40}}})
    )
    for key, value in {
        "GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_REPOSITORY": "acme/model",
        "GITHUB_RUN_ID": "42",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_TOKEN": "of-the-job",
    }.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setattr(FakeGithub, "answers", {})
    monkeypatch.setattr(FakeGithub, "comments", [])
    monkeypatch.setattr(FakeGithub, "asked", [])
    yield FakeGithub
    server.shutdown()
    server.server_close()


CONFIG = {
    "model": {"task": "classification", "parameters": {"n_estimators": 30}},
    "gate": {"metric": "f1_macro", "threshold": 0.8, "when_unsure": "fail"},
    "champion": {"development": "automatic", "production": "pull-request"},
}


class Clone:
    """A clone with main, and a pull request's merge checked out."""

    def __init__(self, folder: Path) -> None:
        """Make main."""
        self.folder = folder
        folder.mkdir()
        git(folder, "init", "--quiet", "--initial-branch", "main")
        self.main = self.commit({"config.yaml": CONFIG, "src/owned/model.py": "1"})

    def commit(self, files: dict[str, Any]) -> str:
        """Write files and commit them; return the commit."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else yaml.safe_dump(content)
            path.write_text(text)
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", "change")
        return git(self.folder, "rev-parse", "HEAD").strip()

    def propose(self, files: dict[str, Any]) -> None:
        """Check out what GitHub would: the merge of a branch with these files."""
        git(self.folder, "checkout", "--quiet", "-B", "try", self.main)
        self.commit(files)
        git(self.folder, "checkout", "--quiet", "--detach", self.main)
        git(self.folder, "merge", "--quiet", "--no-ff", "--message", "merge", "try")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """Return a clone, which is the current folder."""
    made = Clone(tmp_path / "clone")
    monkeypatch.chdir(made.folder)
    return made


def test_documents_change_no_model_and_what_is_unknown_may() -> None:
    harmless = """README.md docs/index.md docs/openapi.yaml catalog-info.yaml mkdocs.yml
        notebooks/explore.ipynb model-card.md .github/CODEOWNERS tests/test_model.py
        .github/ISSUE_TEMPLATE/bug.yml data/README.md""".split()
    assert can_change_the_model(harmless) == []
    harmful = """config.yaml data/churn.csv src/owned/model.py requirements.lock
        vendor/greenroom_ml-1.0.0-py3-none-any.whl Dockerfile deploy/model.yaml
        .github/workflows/ci.yml Makefile new.txt src/docs/x.py""".split()
    assert can_change_the_model(harmful) == harmful


def test_a_pull_request_is_held_against_its_branch(
    clone: Clone, github: type[FakeGithub], tmp_path: Path
) -> None:
    clone.propose({"README.md": "new", "docs/index.md": "new"})
    changes.main()
    assert (tmp_path / "output").read_text() == "model=false\n"
    assert "(2 files)" in (tmp_path / "summary.md").read_text()
    clone.propose({"README.md": "new", "src/owned/model.py": "2"})
    assert changes.changes(Job(), Path()) == (
        True,
        "Can change the model: `src/owned/model.py`",
    )
    # A file that is moved away is one that is changed.
    git(clone.folder, "checkout", "--quiet", "-B", "try", clone.main)
    git(clone.folder, "mv", "src/owned/model.py", "model.md")
    git(clone.folder, "commit", "--quiet", "--message", "move")
    git(clone.folder, "checkout", "--quiet", "--detach", clone.main)
    git(clone.folder, "merge", "--quiet", "--no-ff", "--message", "merge", "try")
    assert changes.changes(Job(), Path())[0]


def test_main_is_held_against_its_last_green_run(
    clone: Clone, github: type[FakeGithub], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_EVENT_NAME", "push")
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    runs = "actions/workflows/ci.yml/runs"
    github.answers[runs] = {"workflow_runs": []}
    assert changes.changes(Job(), Path()) == (True, "No run of main has succeeded yet")
    github.answers[runs] = {"workflow_runs": [{"head_sha": clone.main}]}
    clone.commit({"README.md": "new"})
    assert not changes.changes(Job(), Path())[0]
    assert "branch=main&event=push&status=success" in github.asked[-1]
    # The run of this one failed, so what comes after it trains, whatever it is.
    clone.commit({"src/owned/model.py": "2"})
    clone.commit({"README.md": "newer"})
    assert changes.changes(Job(), Path())[0]
    github.answers[runs] = {"workflow_runs": [{"head_sha": "0" * 40}]}
    assert "is not here" in changes.changes(Job(), Path())[1]
    monkeypatch.setenv("GITHUB_EVENT_NAME", "workflow_dispatch")
    assert changes.changes(Job(), Path()) == (True, "Somebody asked for it")


def test_one_comment_is_written_and_then_kept_up_to_date(
    github: type[FakeGithub],
) -> None:
    github.comments.extend(
        {"id": number, "user": {"login": "joe", "type": "User"}, "body": "fine"}
        for number in range(1, 151)
    )
    quoted = f"{comment.MARKER}\nI quote this"
    github.comments[3]["body"] = quoted
    assert comment.comment(Job(), VERDICT).endswith("/151")
    body = github.comments[150]["body"]
    for words in (
        "### The gate: passed, and goes on",
        "| this model, mean and 95 % interval | 0.9123 (0.88 to 0.95) |",
        "| threshold | ≥ 0.8 |",
        "| the same answer to every row | 0.25 |",
        "| champion v3, on the same rows | 0.9; this model 0.92 |",
        "| this model less the champion, paired | 0.02 (-0.01 to 0.05) |",
        "Commit ffffffffff, trained in [this run](https://github.example/acme/model/",
    ):
        assert words in body, words
    worse = {**VERDICT, "outcome": "failed", "passed": False, "champion": None}
    assert comment.comment(Job(), worse).endswith("/151")
    assert len(github.comments) == 151
    assert "failed, and does not go on" in github.comments[150]["body"]
    assert "| champion | none yet |" in github.comments[150]["body"]
    assert github.comments[3]["body"] == quoted


HOSTILE = (
    "`</code>` @everyone ![x](https://evil.example/p.png) <img src=x> | --- |\n"
    "# title\u202e [link](javascript:1) " + "x" * 5000
)


def test_what_a_stranger_wrote_stays_code(github: type[FakeGithub]) -> None:
    hostile = {
        **VERDICT,
        "metric": HOSTILE,
        "direction": HOSTILE,
        "threshold": HOSTILE,
        "constant": True,
        "linear": 1e999,
        "value": {"mean": HOSTILE},
        "champion": {"version": HOSTILE, "note": HOSTILE},
        "reasons": [
            {"check": HOSTILE, "outcome": "passed", "sentence": HOSTILE},
            HOSTILE,
        ]
        * 500,
    }
    comment.comment(Job(), hostile)
    body = github.comments[0]["body"]
    assert len(body) < comment.MAX_BODY
    # Nothing of it is left outside of code.
    outside = re.sub(r"`[^`\n]*`", "", body)
    for sign in ("@", "evil", "img", "javascript", "title", "xxx", "\u202e"):
        assert sign not in outside, sign
    assert body.count(comment.MARKER) == 1
    assert code("a`b\n| c") == "`a'b / c`"
    for wrong in ({}, {**VERDICT, "outcome": HOSTILE}, {**VERDICT, "outcome": ["x"]}):
        with pytest.raises(PipelineError, match="outcome that is none"):
            render(wrong)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "nonsense", '"x"', "[" * 90_000, '{"a": "' + "x" * 100_000 + '"}'],
)
def test_a_file_that_is_no_verdict_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "verdict.json"
    file.write_text(content)
    with pytest.raises(PipelineError):
        comment.read_verdict(file)
    with pytest.raises(PipelineError):
        comment.read_verdict(tmp_path / "none.json")


def changed(**sections: dict[str, Any]) -> dict[str, Any]:
    return {
        **CONFIG,
        **{name: {**CONFIG.get(name, {}), **new} for name, new in sections.items()},
    }


@pytest.mark.parametrize(
    ("new", "easier"),
    [
        (changed(gate={"threshold": 0.7}), ["gate.threshold is 0.7, was 0.8"]),
        (changed(gate={"threshold": 0.9}), []),
        (changed(gate={"metric": "accuracy"}), ["gate.metric is 'accuracy'"]),
        (changed(gate={"when_unsure": "pass"}), ["gate.when_unsure"]),
        (changed(gate={"max_model_mb": 500}), ["gate.max_model_mb is 500, was 100"]),
        (changed(gate={"max_row_ms": 5}), []),
        (changed(gate={"threshold": None}), ["gate.threshold"]),
        (changed(champion={"production": "automatic"}), ["champion.production"]),
        (changed(champion={"development": "pull-request"}), []),
        ({}, ["gate.metric", "gate.threshold", "gate.when_unsure"]),
    ],
)
def test_what_makes_the_gate_easier_is_named(
    new: dict[str, Any], easier: list[str]
) -> None:
    found = guard.loosened(CONFIG, new)
    assert len(found) == len(easier), found
    for sentence, words in zip(found, easier, strict=True):
        assert sentence.startswith(words), sentence


def test_less_is_better_turns_the_threshold_round() -> None:
    old = {"gate": {"metric": "rmse", "threshold": 10}}
    assert not guard.loosened(old, {"gate": {"metric": "rmse", "threshold": 9}})
    assert guard.loosened(old, {"gate": {"metric": "rmse", "threshold": 11}})
    hooked = {**old, "hooks": {"gate": "rules:strict"}}
    assert guard.loosened(hooked, old) == ["hooks.gate is no longer rules:strict"]
    assert not guard.changes_the_model(hooked, old, ["config.yaml"])


def test_the_gate_and_the_model_change_together_by_a_persons_approval_only(
    clone: Clone, github: type[FakeGithub]
) -> None:
    lower = changed(gate={"threshold": 0.5})
    clone.propose({"config.yaml": lower, "README.md": "why"})
    assert "nothing else has changed" in guard.guard(Job(), Path())
    clone.propose({"src/owned/model.py": "2"})
    assert guard.guard(Job(), Path()) == "The gate is no easier than before"

    together = {"config.yaml": lower, "src/owned/model.py": "2"}
    in_config = {"config.yaml": {**lower, "model": {"task": "regression"}}}
    pull = {"user": {"login": "jane"}, "labels": []}
    github.answers["pulls/7"] = pull
    for files in (together, in_config):
        clone.propose(files)
        with pytest.raises(GateFailed, match="nobody has set the label") as failed:
            guard.guard(Job(), Path())
    assert "gate.threshold is 0.5, was 0.8" in str(failed.value)
    assert "model in config.yaml" in str(failed.value)

    def label(login: str, at: str = "2026-11-29T12:00:01Z", kind: str = "User") -> None:
        actor = {"login": login, "type": kind}
        pull["labels"] = [{"name": "gate-lowered"}]
        event = {"event": "labeled", "label": {"name": "gate-lowered"}}
        github.answers["issues/7/events"] = [
            {**event, "actor": actor, "created_at": at}
        ]

    github.answers["actions/runs/42"] = {"created_at": "2026-11-29T12:00:00Z"}
    for name, role in {"joe": "write", "ann": "read", "jane": "admin"}.items():
        github.answers[f"collaborators/{name}/permission"] = {"permission": role}
    label("joe")
    assert guard.guard(Job(), Path()) == (
        "joe has approved: gate.threshold is 0.5, was 0.8"
    )
    for refused, why in {
        ("Jane", "2026-11-29T12:00:01Z", "User"): "is the author",
        ("joe", "2026-11-29T11:59:59Z", "User"): "before the newest commit",
        ("joe", "2026-11-29T12:00:01Z", "Bot"): "no person has set",
        ("ann", "2026-11-29T12:00:01Z", "User"): "may not write",
        ("eve", "2026-11-29T12:00:01Z", "User"): "may not write",
        ("../x", "2026-11-29T12:00:01Z", "User"): "no person has set",
    }.items():
        label(*refused)
        with pytest.raises(GateFailed, match=why):
            guard.guard(Job(), Path())


def test_codeowners_as_they_were_say_who_approves(
    clone: Clone, github: type[FakeGithub]
) -> None:
    owners = guard.owners_of_config
    assert owners("* @jane @Joe\ndocs/ @ann\n") == {"jane", "joe"}
    assert owners("* @jane\n/config.yaml @ann # the gate\n") == {"ann"}
    # A team, or an address: GitHub's own rule knows who they are.
    assert owners("* @acme/fraud\n") == owners("* a@b.example\n") == owners("") == set()
    clone.main = clone.commit({".github/CODEOWNERS": "* @ann\n"})
    lower = changed(gate={"threshold": 0.5}, model={"seed": 1})
    clone.propose({"config.yaml": lower, ".github/CODEOWNERS": "* @joe\n"})
    github.answers["pulls/7"] = {
        "user": {"login": "jane"},
        "labels": [{"name": "gate-lowered"}],
    }
    github.answers["issues/7/events"] = [
        {
            "event": "labeled",
            "label": {"name": "gate-lowered"},
            "actor": {"login": "joe", "type": "User"},
            "created_at": "2026-11-29T12:00:01Z",
        }
    ]
    github.answers["actions/runs/42"] = {"created_at": "2026-11-29T12:00:00Z"}
    with pytest.raises(GateFailed, match="joe is not an owner of config.yaml"):
        guard.guard(Job(), Path())


def test_without_a_job_and_without_a_right_it_is_said(
    github: type[FakeGithub], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(PipelineError, match="GitHub answers 404 to GET pulls/7"):
        guard.approver(Job(), set())
    monkeypatch.setenv("GITHUB_TOKEN", "stolen")
    with pytest.raises(PipelineError, match="401 .*permission for it"):
        comment.comment(Job(), VERDICT)
    (tmp_path / "event.json").write_text("{}")
    with pytest.raises(PipelineError, match="is for pull requests"):
        comment.comment(Job(), VERDICT)
    monkeypatch.setenv("GITHUB_API_URL", "http://github.example")
    with pytest.raises(PipelineError, match="no https address"):
        Job()
    monkeypatch.delenv("GITHUB_REPOSITORY")
    with pytest.raises(PipelineError, match="for a job of GitHub Actions"):
        Job()


def test_the_wheel_alone_is_enough() -> None:
    """Jobs that decide and comment install nothing."""
    program = (
        "import sys, greenroom_ml.cli, greenroom_ml.changes, greenroom_ml.comment\n"
        "found = {'yaml', 'pydantic', 'mlflow', 'requests'} & set(sys.modules)\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
