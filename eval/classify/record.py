"""Record logs/*.log: real tools, run on planted faults, in the form of GitHub's job logs.

    python eval/classify/record.py [NAME ...]

The tools are looked up in PATH (Python tools: bandit black detect-secrets flake8 mypy pip-licenses pytest ruff
yamllint, with pandas, pandera and scikit-learn; gitleaks, kubeconform, kube-score, kustomize, kyverno, promtool;
gcc, go, java, javac, node, npm); a case whose tool is missing is left out. The cases are in record_cases.py. What the
tools print is kept as it is, but for the folder they ran in. Logs of tools that need a cloud, a cluster or a licence
are not made here: see README.md.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone

import record_cases

HERE = pathlib.Path(__file__).parent
LOGS = HERE / "logs"
WORK = "/home/runner/work/churn/churn"
PYTHON = "/opt/hostedtoolcache/Python/3.11.9/x64"


class Log:
    """Writes lines with the time stamps of actions/runner."""

    def __init__(self):
        self.lines = []
        self.time = datetime(2026, 5, 4, 9, 30, 12, 481_503, timezone.utc)

    def write(self, text):
        for line in text.split("\n"):
            self.time += timedelta(milliseconds=3, microseconds=417)
            stamp = self.time.strftime("%Y-%m-%dT%H:%M:%S.%f")
            self.lines.append(f"{stamp}7Z {line}")

    def head(self, command, env):
        lines = command.strip().split("\n")
        self.write(f"##[group]Run {lines[0]}")
        for line in lines:
            self.write(f"\x1b[36;1m{line}\x1b[0m")
        self.write("shell: /usr/bin/bash -e {0}\nenv:")
        for name, value in {"pythonLocation": PYTHON, **env}.items():
            self.write(f"  {name}: {value}")
        self.write("##[endgroup]")


def run(case, folder):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "120", **case.env}
    answer = subprocess.run(
        ["bash", "-e", "-c", case.command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    text = answer.stdout.decode("utf-8", "replace").rstrip("\n")
    text = text.replace(str(folder), WORK).replace(sys.prefix, PYTHON)
    for place in os.environ["PATH"].split(":"):
        text = text.replace(f"{place}/", "/usr/local/bin/")
    text = re.sub(r"/root\b", "/home/runner", text)
    code = answer.returncode
    # A shell gives 128 + the signal.
    return text, 128 - code if code < 0 else code


def record(name, case):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="record-"))
    try:
        for path, content in case.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        text, code = run(case, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if code == 0:
        sys.exit(f"{name} did not fail:\n{text}")
    log = Log()
    log.write(record_cases.PREAMBLE)
    log.head(case.shown or case.command, case.env)
    log.write(text)
    log.write(f"##[error]Process completed with exit code {code}.")
    log.write(record_cases.EPILOGUE)
    (LOGS / f"{name}.log").write_text("\n".join(log.lines) + "\n", encoding="utf-8")


def main():
    LOGS.mkdir(exist_ok=True)
    wanted = sys.argv[1:] or sorted(record_cases.CASES)
    for name in wanted:
        case = record_cases.CASES[name]
        missing = [tool for tool in case.tools if shutil.which(tool) is None]
        if missing:
            print(f"{name}: left out, there is no {', '.join(missing)}")
            continue
        record(name, case)
        print(name)
    file = LOGS / "labels.json"
    kept = [each for each in json.loads(file.read_text()) if each["log"].split("/")[1] not in record_cases.CASES]
    made = [
        {"log": f"logs/{name}", "type": case.type, "made": "real", "why": case.why}
        for name, case in sorted(record_cases.CASES.items())
        if (LOGS / f"{name}.log").exists()
    ]
    everything = sorted(kept + made, key=lambda each: each["log"])
    file.write_text(json.dumps(everything, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
