"""Which vulnerabilities stop the pipeline, by the policy of the template."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import TEMPLATE

from greenroom_ml import audit, policy
from greenroom_ml.errors import GateFailed, PipelineError

TODAY = datetime.date(2026, 11, 29)
ENTRY = """
[[accepted]]
id = "{id}"
until = {until}
reason = "{reason}"
by = "jane"
"""
BASE = 'severity = "HIGH"\nfixed_only = true\n'


def entry(id: str, until: str = "2026-12-31", reason: str = "not reached") -> str:
    return ENTRY.format(id=id, until=until, reason=reason)


def read(tmp_path: Path, text: str) -> policy.Policy:
    file = tmp_path / "vulnerabilities.toml"
    file.write_text(text)
    return policy.read_policy(file, TODAY)


def test_the_templates_own_policy_stops_what_is_critical_and_mended(
    tmp_path: Path,
) -> None:
    file = TEMPLATE / "skeleton" / ".github" / "vulnerabilities.toml"
    found = policy.read_policy(file, TODAY)
    assert (found.severities, found.fixed_only) == (("CRITICAL",), True)
    assert found.accepted == found.expired == ()
    # The example in it is right, once it is one.
    head, example = file.read_text().split("# [[accepted]]")
    example = f"[[accepted]]{example}".replace("\n# ", "\n")
    assert read(tmp_path, head + example).accepted[0].id == "CVE-2026-12345"


def test_scanners_get_it_in_their_words(tmp_path: Path) -> None:
    found = read(
        tmp_path, BASE + entry("CVE-2026-1") + entry("CVE-2026-2", "2026-11-28")
    )
    assert found.severities == ("HIGH", "CRITICAL")
    assert [each.id for each in found.expired] == ["CVE-2026-2"]
    assert policy.trivy_ignore(found) == (
        "# not reached (jane)\nCVE-2026-1 exp:2026-12-31\n"
    )
    ignored = json.loads(policy.snyk_policy(found))["ignore"]
    assert ignored["CVE-2026-1"][0]["*"]["expires"] == "2026-12-31T23:59:59.000Z"
    options = "--severity-threshold=high --fail-on=upgradable"
    assert policy.snyk_options(found) == options


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "severity must be one of"),
        ('severity = "high"\nfixed_only = true', "severity must be one of"),
        ('severity = "HIGH"\nfixed_only = "yes"', "fixed_only must be"),
        (BASE + "fix = 1", "fix is not known"),
        (BASE + "accepted = 1", r"written as \[\[accepted\]\]"),
        (BASE + '[[accepted]]\nid = "CVE-2026-1"', "each needs id, until, reason"),
        (BASE + entry("CVE-2026-1\\n*"), "is no id"),
        (BASE + entry("CVE-2026-1", "2028-01-01"), "more than a year away"),
        (BASE + entry("CVE-2026-1", "2026-12-31T00:00:00"), "must be a date"),
        (BASE + entry("CVE-2026-1", reason=" "), "reason must be a line"),
        (BASE + entry("CVE-2026-1", reason="a\\nCVE-2026-2"), "reason must be a line"),
        ("= 1", "cannot be read"),
    ],
)
def test_a_policy_that_is_wrong_is_refused(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(PipelineError, match=message):
        read(tmp_path, text)


class Osv(BaseHTTPRequestHandler):
    """Rates what it knows."""

    rated = {"GHSA-aaaa": "CRITICAL", "GHSA-bbbb": "MODERATE", "GHSA-cccc": "HIGH"}

    def do_GET(self) -> None:
        """Answer one question."""
        rated = self.rated.get(self.path.rpartition("/")[2])
        self.send_response(200 if rated else 404)
        self.end_headers()
        answer = {"database_specific": {"severity": rated}}
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def osv() -> Iterator[str]:
    """Return the address of a service like OSV's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def vulnerable(name: str, *ids: str, fix: str | None = "2.0") -> dict[str, object]:
    found = {"id": ids[0], "aliases": ids[1:], "fix_versions": [fix] if fix else []}
    return {"name": name, "version": "1.0", "vulns": [found]}


def test_pip_audits_findings_are_held_against_the_policy(
    osv: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OSV_URL", osv)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    Path(".github").mkdir()
    Path("reports").mkdir()
    policy.FILE.write_text(BASE)
    audit.main()
    assert "could not look" in capsys.readouterr().out

    libraries = [
        {"name": "fine", "version": "1.0", "vulns": []},
        vulnerable("critical", "PYSEC-2026-1", "CVE-2026-1", "GHSA-aaaa"),
        vulnerable("medium", "GHSA-bbbb", "CVE-2026-2"),
        vulnerable("unfixed", "GHSA-cccc", fix=None),
        vulnerable("unrated", "PYSEC-2026-9"),
    ]
    audit.FOUND.write_text(json.dumps({"dependencies": libraries}))
    with pytest.raises(
        GateFailed, match="1 known .*CRITICAL critical 1.0 PYSEC-2026-1"
    ):
        audit.main()
    out = capsys.readouterr().out
    for line in ("MEDIUM medium 1.0", "HIGH unfixed 1.0", "UNKNOWN unrated 1.0"):
        assert line in out
    assert (
        "1 vulnerabilities stop the pipeline, 3"
        in (tmp_path / "summary.md").read_text()
    )
    policy.FILE.write_text(BASE.replace("true", "false"))
    with pytest.raises(GateFailed, match="2 known"):
        audit.main()
    # Accepted by any of its names, and for a time only.
    near = datetime.date.today() + datetime.timedelta(days=1)
    accepted = entry("CVE-2026-1", near.isoformat())
    policy.FILE.write_text(BASE + accepted)
    audit.main()
    assert "PYSEC-2026-1 (fixed in 2.0): accepted" in capsys.readouterr().out
    past = near - datetime.timedelta(days=2)
    policy.FILE.write_text(BASE + entry("CVE-2026-1", past.isoformat()))
    with pytest.raises(GateFailed, match="was accepted until"):
        audit.main()
    audit.FOUND.write_text("{}")
    with pytest.raises(PipelineError, match="not what pip-audit writes"):
        audit.main()


def test_a_service_that_does_not_answer_rates_nothing() -> None:
    # Nothing listens on the discard port.
    assert audit.severity_of(("GHSA-aaaa",), "http://127.0.0.1:9") == audit.UNKNOWN
