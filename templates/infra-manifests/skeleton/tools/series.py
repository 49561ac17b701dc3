"""Whether rules, their tests and the dashboard speak of the same series and alerts."""

import json
import re

from manifests import ROOT, Problem, documents, name_of

WORDS = {
    "and", "or", "unless", "by", "without", "on", "ignoring", "group_left",
    "group_right", "offset", "bool", "inf", "nan", "sum", "max", "min", "avg",
    "count", "group", "topk", "bottomk", "quantile", "count_values", "stddev",
}  # fmt: skip


# One that is not closed goes to the end: looked for again, it would take for ever.
STRING = re.compile(r""""(\\[\s\S]|[^"\\])*("|\\?\Z)|'(\\[\s\S]|[^'\\])*('|\\?\Z)""")


def names_in(expression):
    """The series that a PromQL expression reads."""
    text = STRING.sub('""', expression)
    text = re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", " ", text)
    text = re.sub(
        r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)", " ", text
    )
    for match in re.finditer(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\()\b", text):
        word, rest = match[0], text[match.end() :]
        if word.lower() not in WORDS and not re.match(r"\s*\(", rest):
            before = text[: match.start()]
            if not re.search(r"[\d$.]$", before):
                yield word


def rule_files():
    return sorted((ROOT / "platform" / "monitoring").glob("*.rules.yaml"))


def emitted():
    lines = (ROOT / "tools" / "series.txt").read_text("utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and line[0] != "#"}


def rules():
    for file in rule_files():
        for each in documents(file):
            for group in each["spec"]["groups"]:
                for rule in group["rules"]:
                    yield name_of(file), rule


def known():
    return emitted() | {rule["record"] for _, rule in rules() if "record" in rule}


def rule_problems():
    """Each series exists; each alert can be acted on, and is tested before, at and after."""
    series = known()
    runbook = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    tests = {}
    for file in sorted((ROOT / "tests" / "promtool").glob("*.yaml")):
        for each in documents(file):
            for test in each.get("tests") or []:
                for case in test.get("alert_rule_test") or []:
                    fires = bool(case.get("exp_alerts"))
                    tests.setdefault(case.get("alertname"), []).append(fires)
    for path, rule in rules():
        for name in sorted(set(names_in(str(rule["expr"]))) - series):
            message = f"nothing emits {name}: see tools/series.txt"
            yield Problem(path, rule.line_of("expr"), message)
        alert = rule.get("alert")
        if not alert:
            continue
        line = rule.line_of("alert")
        if "for" not in rule:
            yield Problem(
                path, line, f"{alert} has no for: one bad scrape would call somebody"
            )
        if rule.get("labels", {}).get("severity") not in (
            "critical",
            "warning",
            "info",
        ):
            yield Problem(
                path, line, f"{alert}: severity must be critical, warning or info"
            )
        if not {"summary", "description", "runbook_url"} <= set(
            rule.get("annotations", {})
        ):
            message = f"{alert} needs summary, description and runbook_url"
            yield Problem(path, line, message)
        if f"## {alert}\n" not in runbook:
            yield Problem("docs/runbook.md", 1, f"there is no section {alert}")
        fires = tests.get(alert, [])
        if fires.count(True) < 2 or fires.count(False) < 2:
            message = f"{alert} is not tested before, at and after it fires and when it is resolved"
            yield Problem(path, line, message)


def dashboard_problems():
    """Each dashboard is JSON, and each panel reads what exists."""
    series = known()
    for file in sorted((ROOT / "platform" / "monitoring").glob("*.dashboard.json")):
        path, text = name_of(file), file.read_text("utf-8")
        try:
            dashboard = json.loads(text)
        except json.JSONDecodeError as error:
            yield Problem(path, error.lineno, f"this is not JSON: {error.msg}")
            continue
        lines = text.splitlines()

        def line_of(part, lines=lines):
            return next((i for i, line in enumerate(lines, 1) if part in line), 1)

        ids = set()
        for panel in dashboard.get("panels", []):
            title = panel.get("title", "")
            line = line_of(json.dumps(title))
            if panel.get("id") in ids:
                yield Problem(path, line, f"two panels have the id {panel.get('id')}")
            ids.add(panel.get("id"))
            if not panel.get("targets") and panel.get("type") not in ("row", "text"):
                yield Problem(path, line, f"the panel {title} asks nothing")
            for target in panel.get("targets", []):
                expression = target.get("expr", "")
                for name in sorted(set(names_in(expression)) - series):
                    yield Problem(
                        path,
                        line,
                        f"the panel {title} reads {name}, which nothing emits",
                    )
                if "$model" not in expression:
                    yield Problem(
                        path,
                        line,
                        f"the panel {title} does not ask for the chosen model",
                    )
        for variable in dashboard.get("templating", {}).get("list", []):
            query = variable.get("query")
            text = query.get("query", "") if isinstance(query, dict) else str(query)
            if text.startswith("label_values("):
                metric = (
                    text[len("label_values(") :].split("{")[0].split(",")[0].strip()
                )
                if metric not in series:
                    line = line_of(f'"{variable["name"]}"')
                    yield Problem(
                        path,
                        line,
                        f"the variable {variable['name']} reads {metric}, which nothing emits",
                    )
