"""The faults that record.py plants, and what they are labelled with."""

from dataclasses import dataclass, field

PREAMBLE = """Current runner version: '2.325.0'
##[group]Runner Image Provisioner
Hosted Compute Agent
##[endgroup]
##[group]Operating System
Ubuntu
24.04.2
LTS
##[endgroup]
##[group]GITHUB_TOKEN Permissions
Contents: read
##[endgroup]
Secret source: Actions
Prepare workflow directory
Prepare all required actions
Getting action download info
Download action repository 'actions/checkout@v4' (SHA:11bd71901bbe5b1630ceea73d27597364c9af683)
Complete job name: check
##[group]Run actions/checkout@v4
with:
  persist-credentials: false
##[endgroup]
Syncing repository: acme/churn
##[group]Fetching the repository
[command]/usr/bin/git -c protocol.version=2 fetch --no-tags --prune --no-recurse-submodules --depth=1 origin
##[endgroup]
##[group]Run uv pip sync --require-hashes requirements.lock
\x1b[36;1muv pip sync --require-hashes requirements.lock\x1b[0m
shell: /usr/bin/bash -e {0}
##[endgroup]
Resolved 96 packages in 4ms
Installed 96 packages in 612ms"""

EPILOGUE = """Post job cleanup.
[command]/usr/bin/git version
git version 2.49.0
Temporarily overriding HOME='/home/runner/work/_temp/8b4b0c5e-1c0e-4f2b-a6f0-1a2f6f0c2d11' before making global git config changes
[command]/usr/bin/git config --local --name-only --get-regexp core\\.sshCommand
Cleaning up orphan processes"""


@dataclass(frozen=True)
class Case:
    """One fault: files, the command that fails over it, and why."""

    type: str
    why: str
    command: str
    tools: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    # What the log's head shows, where it is not the command that makes the log.
    shown: str = ""


RUN = "import subprocess\n\n\ndef run(name):\n    return subprocess.call('ls ' + name, shell=True)\n"
HASH = "import hashlib\nimport pickle\n\n\ndef load(data):\n    print(hashlib.md5(data).hexdigest())\n    return pickle.loads(data)\n"
TRAIN = """import sys
import pandas as pd
from sklearn.linear_model import LogisticRegression


def load_data(path):
    frame = pd.read_csv(path{options})
    return frame{columns}, frame["churned"]


def train(path):
    features, target = load_data(path)
    model = LogisticRegression({parameters})
    model.fit(features, target)
    print("trained", model.score(features, target))


print("Loading", sys.argv[1])
train(sys.argv[1])
"""
ROWS = "tenure,plan,churned\n1,0,0\n2,1,1\n3,0,0\n4,1,1\n"


def training(parameters="", options="", columns='[["tenure", "plan"]]'):
    return TRAIN.replace("{parameters}", parameters).replace("{options}", options).replace("{columns}", columns)


DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: churn
spec:
  replicas: {replicas}
  selector:
    matchLabels: {app: churn}
  template:
    metadata:
      labels: {app: churn}
    spec:
      containers:
        - name: churn
          image: registry.example/churn:latest
"""
SCHEMA = """{"type": "object", "additionalProperties": false, "required": ["spec"], "properties": {
"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"},
"spec": {"type": "object", "properties": {"replicas": {"type": "integer"}}}}}"""
POLICY = """apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: require-owner
spec:
  validationFailureAction: Enforce
  rules:
    - name: owner
      match:
        any:
          - resources:
              kinds: [Deployment]
      validate:
        message: "the label owner is required"
        pattern:
          metadata:
            labels:
              owner: "?*"
"""

CASES = {
    # Code, by scanners.
    "bandit-shell": Case("sast", "bandit: a shell with a name from outside (B602).", "python -m bandit --quiet --recursive src", ("bandit",), {"src/churn/run.py": RUN}),
    "bandit-pickle": Case("sast", "bandit: pickle and MD5.", "bandit -r src -ll", ("bandit",), {"src/churn/load.py": HASH, "src/churn/run.py": RUN}),
    "bandit-csv": Case("sast", "bandit, with a format that no parser of consoles reads.", "bandit -q -r src -f csv", ("bandit",), {"src/churn/load.py": HASH}, shown="make security"),
    "bandit-custom": Case("sast", "bandit, one line for each issue.", "bandit -q -r src -f custom --msg-template '{relpath}:{line}: {test_id}: {severity}: {msg}'", ("bandit",), {"src/churn/run.py": RUN}),
    # Style.
    "flake8": Case("lint", "flake8: a line too long, an unused import.", "python -m flake8 src", ("flake8",), {"src/a.py": "import os\nx = '" + "y" * 90 + "'\n"}),
    "ruff": Case("lint", "ruff check.", "ruff check --no-cache src", ("ruff",), {"src/a.py": "import os\nimport sys\n"}),
    "black": Case("lint", "black --check.", "black --check src", ("black",), {"src/a.py": "x = {  'a':1 }\n"}),
    "mypy": Case("lint", "mypy: a wrong type.", "mypy --no-incremental src", ("mypy",), {"src/a.py": "def f(x: int) -> str:\n    return x\n"}),
    "yamllint": Case("lint", "yamllint: trailing spaces.", "yamllint .", ("yamllint",), {"config.yaml": "a: 1   \nb:  [1,2]\n"}),
    # Secrets. The tokens are made up, and put together so that no scanner takes this file for a leak.
    "gitleaks": Case("secret", "gitleaks: a token in a file.", "gitleaks dir --no-banner --redact .", ("gitleaks",), {"config.py": "TOKEN = 'gh" + "p_" + "R4nd0mT0k3nZx8Qw7Er6Ty5Ui4Op3As2Df1G'\n"}),
    "gitleaks-verbose": Case("secret", "gitleaks, with each finding.", "gitleaks dir --no-banner --redact --verbose .", ("gitleaks",), {"settings.env": "AWS_ACCESS_KEY_ID=AKI" + "AQ3XZ7LMNPRST5VWY\nSLACK=xo" + "xb-273849501827-3948571029384-aBcDeFgHiJkLmNoPqRsTuVwX\n"}, shown="make gitleaks"),
    "detect-secrets": Case("secret", "detect-secrets-hook: a key.", "detect-secrets-hook config.py", ("detect-secrets-hook",), {"config.py": "aws_secret = 'AKI" + "AQ3XZ7LMNPRST5VWY'\n"}),
    # Memory.
    "numpy-memory": Case("out-of-memory", "numpy cannot allocate (RLIMIT_AS).", "python train.py", ("python",), {"train.py": "import resource\nimport numpy as np\nresource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n\n\ndef train():\n    return np.ones((60000, 60000)).sum()\n\n\nprint('Training')\ntrain()\n"}),
    "python-memory": Case("out-of-memory", "A plain MemoryError.", "python train.py", ("python",), {"train.py": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))\n\n\ndef load_data():\n    return bytearray(1 << 30)\n\n\nprint('Loading')\nload_data()\n"}),
    "killed": Case("out-of-memory", "The process is killed, as the kernel does.", "python train.py", ("python",), {"train.py": "import os\nprint('epoch 1 loss 0.61', flush=True)\nos.kill(os.getpid(), 9)\n"}),
    "make-killed": Case("out-of-memory", "A child of make is killed.", "make train", ("make",), {"Makefile": "train:\n\tpython train.py\n", "train.py": "import os\nprint('Fitting 5 folds for each of 120 candidates', flush=True)\nos.kill(os.getpid(), 9)\n"}),
    "node-heap": Case("out-of-memory", "node runs out of its heap.", "node --max-old-space-size=24 build.js", ("node",), {"build.js": "const all = [];\nfor (;;) all.push(Array.from({ length: 1000 }, (_, i) => ({ i })));\n"}),
    "java-heap": Case("out-of-memory", "java runs out of its heap.", "javac Main.java && java -Xmx16m Main", ("javac", "java"), {"Main.java": "import java.util.*;\npublic class Main { public static void main(String[] a) { List<byte[]> l = new ArrayList<>(); while (true) l.add(new byte[1 << 20]); } }\n"}),
    # Data.
    "missing-column": Case("data-loading", "A column that the code wants is not in the file.", "python train.py data.csv", ("python",), {"train.py": training(), "data.csv": "tenure,churned\n1,0\n2,1\n"}),
    "missing-file": Case("data-loading", "The file is not there.", "python train.py data/churn.csv", ("python",), {"train.py": training()}),
    "ragged-csv": Case("data-loading", "A row with too many cells.", "python train.py data.csv", ("python",), {"train.py": training(), "data.csv": ROWS + "5,1,1,7,9\n"}),
    "text-in-number": Case("data-loading", "A word among numbers.", "make train", ("make",), {"Makefile": "train:\n\tpython train.py data.csv\n", "train.py": training(), "data.csv": ROWS + "many,1,1\n"}),
    "nan-in-data": Case("data-loading", "A cell is empty, and the estimator says so.", "python train.py data.csv", ("python",), {"train.py": training(), "data.csv": ROWS + ",1,1\n"}),
    "empty-csv": Case("data-loading", "The file is empty.", "python train.py data.csv", ("python",), {"train.py": training(), "data.csv": ""}),
    "wrong-encoding": Case("data-loading", "The file is not UTF-8.", "printf 'tenure,plan,churned\\n1,\\xe9,0\\n' > data.csv; python train.py data.csv", ("python",), {"train.py": training()}, shown="python train.py data.csv"),
    "pandera": Case("data-loading", "pandera: a value out of range.", "python validate.py", ("pandera",), {"validate.py": "import pandas as pd\nimport pandera.pandas as pa\nschema = pa.DataFrameSchema({'tenure': pa.Column(int, pa.Check.ge(0))})\nschema.validate(pd.DataFrame({'tenure': [1, -4]}))\n"}),
    # Training.
    "bad-parameter": Case("training-error", "sklearn refuses a parameter.", "python train.py data.csv", ("python",), {"train.py": training("C=-1"), "data.csv": ROWS}),
    "bad-solver": Case("training-error", "A solver that cannot do the penalty.", "make train", ("make",), {"Makefile": "train:\n\tpython -m train data.csv\n", "train.py": training("solver='lbfgs', penalty='l1'"), "data.csv": ROWS}),
    "unknown-parameter": Case("training-error", "A parameter that the estimator does not have.", "python train.py data.csv", ("python",), {"train.py": training("regularisation=3"), "data.csv": ROWS}),
    "one-class": Case("training-error", "Only one class is left to learn.", "python train.py data.csv", ("python",), {"train.py": training(), "data.csv": "tenure,plan,churned\n1,0,0\n2,1,0\n3,0,0\n"}),
    "shapes": Case("training-error", "A step of the training multiplies matrices that do not fit.", "python train.py", ("python",), {"train.py": "import numpy as np\n\n\ndef train_step(x, w):\n    return x @ w\n\n\ndef fit(epochs):\n    for epoch in range(epochs):\n        train_step(np.ones((4, 3)), np.ones((4, 2)))\n\n\nfit(3)\n"}),
    # Tests, some of which quote what would be another type.
    "pytest": Case("unit-test", "One test fails.", "python -m pytest -q -p no:cacheprovider", ("pytest",), {"test_a.py": "def test_sum():\n    assert 1 + 1 == 3\n"}),
    "pytest-quotes": Case("unit-test", "Tests whose names and messages quote OOMKilled, a full disk and a gate.", "python -m pytest -p no:cacheprovider", ("pytest",), {"test_a.py": "import pytest\n\n\ndef test_reason():\n    state = {'reason': 'OOMKilled', 'exitCode': 137}\n    print('Gate FAILED: auc 0.1 < 0.9 (threshold)')\n    assert state == {'reason': 'Completed'}, 'No space left on device'\n\n\ndef test_memory():\n    raise MemoryError('Java heap space')\n"}),
    "pytest-collection": Case("unit-test", "A test module cannot be imported.", "make test", ("make", "pytest"), {"Makefile": "test:\n\tpython -m pytest -p no:cacheprovider\n", "tests/test_a.py": "from churn.features import scale\n\n\ndef test_scale():\n    assert scale(1)\n"}),
    "unittest": Case("unit-test", "unittest: an error over a refused connection.", "python -m unittest discover -v", ("python",), {"test_a.py": "import unittest\n\n\nclass Serve(unittest.TestCase):\n    def test_ready(self):\n        raise ConnectionRefusedError(111, 'Connection refused')\n"}),
    "node-test": Case("unit-test", "node:test.", "node --test", ("node",), {"a.test.js": "const test = require('node:test');\nconst assert = require('node:assert');\ntest('adds', () => assert.equal(1 + 1, 3));\n"}),
    "go-test": Case("unit-test", "go test.", "go test ./...", ("go",), {"go.mod": "module example/a\n\ngo 1.21\n", "a_test.go": "package a\n\nimport \"testing\"\n\nfunc TestSum(t *testing.T) {\n\tt.Errorf(\"got %d\", 3)\n}\n"}),
    # Builds.
    "gcc": Case("build", "gcc: an undeclared name.", "make", ("gcc", "make"), {"Makefile": "app: main.c\n\tgcc -o app main.c\n", "main.c": "int main(void) { return count; }\n"}),
    "javac": Case("build", "javac: cannot find symbol.", "javac Main.java", ("javac",), {"Main.java": "public class Main { int x = Missing.y; }\n"}),
    "go-build": Case("build", "go build: undefined.", "go build ./...", ("go",), {"go.mod": "module example/a\n\ngo 1.21\n", "main.go": "package main\n\nfunc main() { serve() }\n"}),
    "node-import": Case("build", "A module is not installed.", "node build.js", ("node",), {"build.js": "require('esbuild-that-is-not-there');\n"}),
    "python-import": Case("build", "A library is not among the requirements.", "python -m churn", ("python",), {"churn/__init__.py": "", "churn/__main__.py": "import not_installed_here\n"}),
    # Manifests.
    "kustomize-missing": Case("manifest", "kustomize: a resource that is not there.", "kustomize build overlays/prod", ("kustomize",), {"overlays/prod/kustomization.yaml": "resources:\n  - ../../base\n"}),
    "kustomize-patch": Case("manifest", "kustomize: a patch without a target.", "kustomize build .", ("kustomize",), {"kustomization.yaml": "resources: [d.yaml]\npatches:\n  - path: p.yaml\n", "d.yaml": DEPLOYMENT.replace("{replicas}", "2"), "p.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other}\nspec: {replicas: 3}\n"}),
    "kubeconform": Case("manifest", "kubeconform: a text where a number belongs.", "kubeconform -strict -summary -schema-location 'schemas/{{.ResourceKind}}.json' d.yaml", ("kubeconform",), {"d.yaml": DEPLOYMENT.replace("{replicas}", '"two"'), "schemas/deployment.json": SCHEMA}),
    "kube-score": Case("manifest", "kube-score: no limits, tag latest.", "kube-score score d.yaml", ("kube-score",), {"d.yaml": DEPLOYMENT.replace("{replicas}", "2")}),
    "kyverno": Case("manifest", "kyverno: a policy is not kept.", "kyverno apply policy.yaml --resource d.yaml --remove-color", ("kyverno",), {"d.yaml": DEPLOYMENT.replace("{replicas}", "2"), "policy.yaml": POLICY}),
    "promtool": Case("manifest", "promtool: an expression that is none.", "promtool check rules rules.yaml", ("promtool",), {"rules.yaml": "groups:\n  - name: a\n    rules:\n      - alert: High\n        expr: rate(errors[5m] > 1\n"}),
    # What no commit mends.
    "git-refused": Case("infrastructure", "git: nobody listens.", "git clone http://127.0.0.1:9/acme/data.git", ("git",)),
    "git-name": Case("infrastructure", "git: the host's name is unknown.", "git clone https://git.example.invalid/acme/data.git", ("git",)),
    "curl-refused": Case("infrastructure", "curl: nobody listens.", "curl -sSf http://127.0.0.1:9/model.tar.gz -o model.tar.gz", ("curl",)),
    "tracking-refused": Case("infrastructure", "The tracking server does not answer.", "python train.py", ("python",), {"train.py": "import urllib.request\n\n\ndef train():\n    urllib.request.urlopen('http://127.0.0.1:9/api/2.0/mlflow/experiments/get')\n\n\ntrain()\n"}),
    "disk-full": Case("infrastructure", "A file cannot be written: the device is full.", "python train.py", ("python",), {"train.py": "def train():\n    with open('/dev/full', 'w') as file:\n        file.write('weights')\n\n\ntrain()\n"}),
    "command-not-found": Case("infrastructure", "The runner lacks a program.", "dvc pull", ("bash",), {}),
    # Time.
    "timeout-command": Case("timeout", "The timeout command ends it.", "timeout 1 python train.py", ("timeout",), {"train.py": "import time\nprint('epoch 1', flush=True)\ntime.sleep(60)\n"}),
    # Licences.
    "pip-licenses": Case("license", "pip-licenses: a licence of the deny list.", "pip-licenses --fail-on='MIT License;MIT'", ("pip-licenses",)),
    "pip-licenses-allow": Case("license", "pip-licenses: a licence that no list allows.", "pip-licenses --allow-only='Apache-2.0'", ("pip-licenses",)),
}
