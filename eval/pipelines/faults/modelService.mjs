// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { listTrainedModels } from '../../../e2e/lib/trainedModels.mjs';

const { csv } = listTrainedModels().find(
  ({ name }) => name === 'scikit-learn-native-classification',
);
const NAME = 'churn-model';
const PACKAGE = 'src/churn_model';
const CI = '.github/workflows/ci.yml';
/** Of Jinja2-3.1.2-py3-none-any.whl on PyPI. */
const JINJA_WHEEL =
  '6088930bfe239f0e6710546ab9c19c9ef35e29792895fed6e6e31a023a182a61';

/** A model of a person's own table: every step of its pipeline can go wrong. */
export const modelService = {
  template: 'model-service',
  workflow: 'ci.yml',
  values: host => ({
    name: NAME,
    description: 'Whether a customer stays.',
    owner: 'group:default/fraud-team',
    data: {
      dataset: 'csv',
      target: 'Ziel',
      task: 'classification',
      csvName: `${NAME}.csv`,
      csvUpload: `data:text/csv;base64,${Buffer.from(csv.text).toString('base64')}`,
    },
    model: { framework: 'scikit-learn', format: 'native' },
    gate: { metric: 'accuracy', threshold: 0.8 },
    repository: { host, owner: 'greenroom-demo', visibility: 'private' },
    delivery: {
      serving: 'image',
      registry: 'ghcr',
      mlflowAccess: 'token',
      environments: 'dev-prod',
      canary: 'none',
      driftMonitor: true,
      gpu: false,
      manifestsRepository: 'infra-manifests',
    },
  }),
};

/** Code at the start of the training; the tests train on another data set. */
const trainFirst =
  (code, imports = '') =>
  bench =>
    bench.edit(`${PACKAGE}/train.py`, text =>
      text
        .replace('import mlflow\n', `${imports}\nimport mlflow\n`)
        .replace(
          '    schema = schema_for(frame, config)\n    train_rows',
          `    if config.csv_file is not None:\n${code.map(line => `        ${line}\n`).join('')}    schema = schema_for(frame, config)\n    train_rows`,
        ),
    );

const setParameters = parameters => bench =>
  bench.edit('config.yaml', text =>
    text.replace('parameters: {}', `parameters: ${parameters}`),
  );

const editTable = change => bench =>
  bench.edit(`data/${NAME}.csv`, text => {
    const lines = text.split('\n');
    change(lines);
    return lines.join('\n');
  });

/** Each: a commit that breaks the pipeline in one place, and what that is called. */
export const modelServiceFaults = [
  {
    name: 'unit-test',
    message: 'Let the gate ask for more than the threshold',
    change: bench =>
      bench.edit(`${PACKAGE}/gate.py`, text =>
        text.replace(
          'return difference >= -ROUNDING',
          'return difference > ROUNDING',
        ),
      ),
    type: 'unit-test',
    job: 'Check',
    step: 'Test',
    root: [/^=+ short test summary info/, /^=+ \d+ failed/],
    why: 'An assertion of tests/test_gate.py fails after the gate has changed.',
  },
  {
    name: 'unit-test-import',
    message: 'Explain predictions with SHAP',
    change: bench =>
      bench.edit(`${PACKAGE}/features.py`, text =>
        text
          .replace('import numpy as np\n', 'import numpy as np\nimport shap\n')
          .replace(
            'MISSING = "missing"\n',
            'MISSING = "missing"\nEXPLAINER = shap.TreeExplainer\n',
          ),
      ),
    type: 'unit-test',
    job: 'Check',
    step: 'Test',
    root: [/ModuleNotFoundError: No module named 'shap'/],
    why: 'The tests cannot be imported: the library is not in the lock file.',
  },
  {
    name: 'lint',
    message: 'Log where the table comes from',
    change: bench =>
      bench.edit(`${PACKAGE}/data.py`, text =>
        text
          .replace('import csv\n', 'import csv\nimport json\n')
          .replace(
            'LOGGER = logging.getLogger(__name__)\n',
            'LOGGER = logging.getLogger(__name__)\nEXPLANATION = "The table is read from the folder of the repository, or is downloaded from its address first"\n',
          ),
      ),
    type: 'lint',
    job: 'Check',
    step: 'Lint',
    root: [/data\.py:\d+:\d+: F401/, /data\.py:\d+:\d+: E501/],
    why: 'flake8: an unused import and a line that is too long.',
  },
  {
    name: 'lint-syntax',
    message: 'Tell the metric in the error',
    change: bench =>
      bench.edit(`${PACKAGE}/evaluate.py`, text =>
        text.replace(
          'predicted = model.predict(features)',
          'predicted = model.predict(features',
        ),
      ),
    type: 'lint',
    job: 'Check',
    step: 'Lint',
    root: [/evaluate\.py:\d+:\d+: E999/],
    why: 'flake8 E999: a bracket is not closed.',
  },
  {
    name: 'bandit',
    message: 'Note the revision of the data',
    change: bench =>
      bench.edit(`${PACKAGE}/tracking.py`, text =>
        text
          .replace(/^import os\n/m, 'import os\nimport subprocess\n')
          .concat(
            '\n\ndef data_revision(path: str) -> str:\n    """Return the commit that changed a file last."""\n    command = f"git log -1 --format=%H -- {path}"\n    return subprocess.check_output(command, shell=True, text=True).strip()\n',
          ),
      ),
    type: 'sast',
    job: 'Security',
    step: 'Look for unsafe code (bandit)',
    root: [/^>> Issue: /, /shell=True, text=True/],
    why: 'bandit B602: a command with a variable in it runs in a shell (and B404, for the import).',
  },
  {
    name: 'gitleaks',
    message: 'Document how to try it',
    change: bench =>
      bench.edit(
        'docs/index.md',
        text =>
          `${text}\n\n## Try it\n\n    export GITHUB_TOKEN=ghp_${randomBytes(27).toString('base64').replace(/[+/]/g, 'x')}\n    make train\n`,
      ),
    type: 'secret',
    job: 'Security',
    step: 'Look for secrets (gitleaks)',
    root: [/leaks found: \d+/],
    why: 'gitleaks: a token (made for this, of no account) in the documentation.',
  },
  {
    name: 'pip-audit',
    message: 'Fail on known vulnerabilities',
    change: (bench, { osvUrl }) => {
      bench.edit('requirements.lock', text =>
        text.replace(
          /^jinja2==(?:[^\n]*\\\n)+[^\n]*\n/m,
          `jinja2==3.1.2 \\\n    --hash=sha256:${JINJA_WHEEL}\n`,
        ),
      );
      bench.edit('Makefile', text =>
        text.replace(
          '--strict --disable-pip',
          `--strict --disable-pip --vulnerability-service osv --osv-url ${osvUrl}`,
        ),
      );
      bench.edit(CI, text =>
        text.replace('        continue-on-error: true\n', ''),
      );
    },
    type: 'sca',
    job: 'Security',
    step: 'Look for vulnerable libraries (pip-audit)',
    root: [/^Found \d+ known vulnerabilit/, /CVE-2025-27516|GHSA-cpwx/],
    why: 'pip-audit: an old Jinja2. Its answers come from lib/startOsv.mjs.',
  },
  {
    name: 'gate-threshold',
    message: 'Smooth the model',
    change: setParameters('{ min_samples_leaf: 100000 }'),
    type: 'gate',
    job: 'Gate',
    step: 'Gate',
    root: [/Gate FAILED: accuracy/],
    why: 'The model is below the threshold: a leaf is larger than the data.',
  },
  {
    name: 'gate-champion',
    message: 'Make the training faster',
    change: setParameters('{ n_estimators: 5, max_depth: 3 }'),
    type: 'gate',
    job: 'Gate',
    step: 'Gate',
    root: [/Gate FAILED: accuracy .* better/],
    why: 'The model is worse than the champion: five small trees instead of a forest.',
  },
  {
    name: 'data-cell',
    message: 'Bring the table up to date',
    change: editTable(lines => {
      const cells = lines[11].split(';');
      cells[1] = 'viele';
      lines[11] = cells.join(';');
    }),
    type: 'data-loading',
    alternatives: ['unit-test'],
    job: 'Check',
    step: 'Test',
    root: [/PipelineError: churn-model\.csv, row 12/],
    why: 'A cell of the table does not fit its column; the test of the data meets it first.',
  },
  {
    name: 'data-column',
    message: 'Bring the table up to date',
    change: editTable(lines => {
      lines[0] = lines[0].replace('Tarif', 'Vertrag');
    }),
    type: 'data-loading',
    alternatives: ['unit-test'],
    job: 'Check',
    step: 'Test',
    root: [/PipelineError: churn-model\.csv, row 1:/],
    why: 'A column of the schema is missing in the table; the test of the data meets it first.',
  },
  {
    name: 'data-file',
    message: 'Learn from public holidays too',
    change: trainFirst([
      'holidays = pd.read_csv(ROOT / "data" / "holidays.csv")',
      'frame = frame.assign(holidays=len(holidays))',
    ]),
    type: 'data-loading',
    job: 'Train',
    step: 'Train',
    root: [/FileNotFoundError: .*holidays\.csv/],
    why: 'The training reads a file that nobody has committed.',
  },
  {
    name: 'data-key',
    message: 'Weigh customers by region',
    change: trainFirst([
      'weights = frame["Region"].map(frame["Region"].value_counts())',
      'frame = frame.assign(weight=weights)',
    ]),
    type: 'data-loading',
    alternatives: ['training-error'],
    job: 'Train',
    step: 'Train',
    root: [/^KeyError: 'Region'/],
    why: 'The training asks for a column that the table has not.',
  },
  {
    name: 'training-parameter',
    message: 'Prune the trees',
    change: setParameters('{ max_features: 7.5 }'),
    type: 'training-error',
    alternatives: ['unit-test'],
    job: 'Check',
    step: 'Test',
    root: [/^E .*PipelineError: The model cannot be trained: /],
    why: 'scikit-learn refuses the parameter; the test of the model meets it first.',
  },
  {
    name: 'training-exception',
    message: 'Whiten the features',
    change: trainFirst([
      'numbers = frame.drop(columns=config.target).select_dtypes("number")',
      'covariance = np.zeros((numbers.shape[1], numbers.shape[1]))',
      'whitening = np.linalg.inv(covariance)',
      'frame[numbers.columns] = numbers.fillna(0) @ whitening',
    ]),
    type: 'training-error',
    job: 'Train',
    step: 'Train',
    root: [/LinAlgError: Singular matrix/],
    why: 'numpy cannot invert a matrix: a traceback out of the training.',
  },
  {
    name: 'out-of-memory-array',
    message: 'Compare every customer with every other',
    change: trainFirst([
      'pairs = np.zeros((len(frame) * 5000, len(frame) * 5000))',
      'frame = frame.assign(nearest=pairs.argmin(axis=1)[: len(frame)])',
    ]),
    type: 'out-of-memory',
    job: 'Train',
    step: 'Train',
    root: [/Unable to allocate .* for an array/],
    why: 'numpy asks for more memory than there is.',
  },
  {
    name: 'out-of-memory-python',
    message: 'Keep every intermediate row',
    change: trainFirst(
      [
        '# What the runner grants a job.',
        'used = int(Path("/proc/self/statm").read_text().split()[0]) * 4096',
        'resource.setrlimit(resource.RLIMIT_AS, (used + 2**28, used + 2**28))',
        'rows = [bytearray(10_000_000) for _ in range(1_000)]',
        'frame = frame.assign(rows=len(rows))',
      ],
      'import resource\nfrom pathlib import Path\n',
    ),
    type: 'out-of-memory',
    job: 'Train',
    step: 'Train',
    root: [/^MemoryError/],
    why: 'Python meets the limit of its address space.',
  },
  {
    name: 'out-of-memory-killed',
    message: 'Cache the whole table in memory',
    change: trainFirst([
      '# Stands for the kernel, which ends what uses too much memory with this signal.',
      'os.kill(os.getpid(), signal.SIGKILL)',
    ]),
    type: 'out-of-memory',
    job: 'Train',
    step: 'Train',
    root: [/\bKilled\b/, /exit code 137/],
    why: 'The process is killed (signal 9), which is all that the kernel leaves in a log.',
  },
  {
    name: 'timeout',
    message: 'Wait for the feature store',
    change: bench => {
      trainFirst(['time.sleep(3600)'], 'import time\n')(bench);
      bench.edit(CI, text =>
        text.replace('timeout-minutes: 60', 'timeout-minutes: 1'),
      );
    },
    type: 'timeout',
    alternatives: ['cancelled'],
    job: 'Train',
    step: 'Train',
    root: [/maximum execution time|The operation was canceled/],
    why: 'The job reaches its timeout-minutes; as on GitHub, an annotation says so and the log has the words of a cancelled run.',
  },
  {
    name: 'cancelled',
    message: 'Wait for the feature store',
    change: trainFirst(['time.sleep(3600)'], 'import time\n'),
    act: async (bench, run) => {
      await bench.runningStep(run, 'Train', 'Train');
      await bench.api(`/repos/${bench.slug}/actions/runs/${run.id}/cancel`, {});
    },
    type: 'cancelled',
    job: 'Train',
    step: 'Train',
    root: [/The operation was canceled/],
    why: 'A person cancels the run while it trains.',
  },
  {
    name: 'mlflow-unreachable',
    message: 'Say more in the README',
    change: bench =>
      bench.edit('README.md', text => `${text}\nMore to come.\n`),
    variables: { MLFLOW_TRACKING_URI: 'http://127.0.0.1:9' },
    type: 'infrastructure',
    job: 'Train',
    step: 'Connect to MLflow',
    root: [/MLflow at \S+ does not answer/],
    why: 'Nothing listens where the tracking server should be; no commit has done it.',
  },
  {
    name: 'dependency-hash',
    message: 'Update joblib',
    change: bench =>
      bench.edit('requirements.lock', text =>
        text.replace(
          /(joblib==[^\n]*\\\n(?:\s+--hash=sha256:\w+ ?\\?\n)+)/,
          block =>
            block.replaceAll(
              /sha256:(\w{4})/g,
              (_, head) => `sha256:${[...head].reverse().join('')}`,
            ),
        ),
      ),
    type: 'build',
    alternatives: ['infrastructure'],
    job: 'Check',
    step: 'Set up',
    root: [/Hash mismatch/i],
    why: 'The installer refuses a package whose hash is not that of the lock file.',
  },
  {
    name: 'disk-full',
    message: 'Write a report of the training',
    change: trainFirst([
      '# A device that is always full, as the disk of a runner can be.',
      'frame.to_csv("/dev/full")',
    ]),
    type: 'infrastructure',
    job: 'Train',
    step: 'Train',
    root: [/No space left on device/],
    why: 'The disk is full.',
  },
];
