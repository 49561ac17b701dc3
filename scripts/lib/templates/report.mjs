// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../run.mjs';
import { pinnedVersion } from '../tools.mjs';
import { listTrainedModels } from '../../../e2e/lib/trainedModels.mjs';

/** @typedef {import('./combinations.mjs').Combination} Combination */

const FILE = 'docs/templates.md';

/**
 * What each linter looks at, in the words of the table.
 *
 * @type {Array<[string, string[]]>}
 */
const LINTERS = [
  ['the exact set of files, nothing left unrendered, YAML and JSON', []],
  ['workflows', ['actionlint', 'zizmor']],
  ['Dockerfile', ['hadolint']],
  ['Python', ['ruff', 'flake8', 'bandit']],
  [
    'manifests, put into infra-manifests as the first hand-off does',
    ['kustomize', 'kubeconform', 'kube-score'],
  ],
  [
    'infra-manifests: its own `make check`',
    [
      'kustomize',
      'kubeconform',
      'kube-score',
      'promtool',
      'amtool',
      'kyverno',
      'actionlint',
      'zizmor',
    ],
  ],
  ['what the template promises (`templates/model-service/tests`)', []],
];

/** @param {string} name */
const withVersion = name => {
  switch (name) {
    case 'zizmor':
      return `zizmor ${pinnedVersion(name)} (offline, pedantic)`;
    case 'ruff':
      return `ruff format ${pinnedVersion(name)}`;
    case 'kubeconform':
      return `kubeconform ${pinnedVersion(name)} (strict)`;
    default:
      return `${name} ${pinnedVersion(name)}`;
  }
};

/** @param {string[]} header @param {string[][]} rows */
const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n');

/** @param {string} value */
const plain = value =>
  ({ true: 'yes', false: 'no', none: '–' })[value] ?? value;

/**
 * Which models the suite `models` trains for real, by framework, format and task. A row of the
 * pairwise table is trained when a model of the same three is.
 *
 * @returns {Set<string>}
 */
function trainedModels() {
  return new Set(
    listTrainedModels().map(({ model, task }) =>
      [model.framework, model.format, task].join('/'),
    ),
  );
}

/** @param {{ all: Combination[], pairwise: Combination[], triplewise: Combination[], manifests: { all: Combination[], pairwise: Combination[] } }} matrix */
function write({ all, pairwise, triplewise, manifests }) {
  const trained = trainedModels();
  return `# Templates: what is proven

\`npm test -- templates\` writes this page (with \`--update\`) and fails when it is out of date; \`npm test -- models\`
trains. Both render through the scaffolder's own engine, as the portal does.

## All combinations

The form accepts **${all.length}** combinations of model-service (framework, format, serving, registry, way to MLflow,
environments, canary, drift monitor, GPU and task) and **${manifests.all.length}** of infra-manifests. Every three choices of
model-service that can be made together, the data and the visibility among them, meet in **${triplewise.length}** of them. Those,
and all of infra-manifests, are rendered in each run; every night (\`npm test -- templates --all\`) all of model-service.
Of each: the form takes the values, the set of files is exact (model-service), nothing is left unrendered, YAML and
JSON can be read.

## Pairwise combinations of model-service

Every pair of choices that can be chosen together is in one of these ${pairwise.length} combinations, the data and the
visibility of the repository among them. Each is rendered whole and passes:

${LINTERS.map(([what, tools]) => `- ${what}${tools.length > 0 ? `: ${tools.map(withVersion).join(', ')}` : ''}`).join('\n')}

_Trained_ says that a model of this framework, format and task is trained, judged, registered and served for real.

${combinationTable(pairwise, ({ axes }) =>
  trained.has([axes.framework, axes.format, axes.task].join('/'))
    ? ['✓', '✓', '✓']
    : ['✓', '✓', '–'],
)}

## Pairwise combinations of infra-manifests

${combinationTable(manifests.pairwise, () => ['✓', '✓'])}

## Trained models

Each is rendered, trained, judged and registered against a real MLflow; then the server answers v1 and v2 with the right
values. The gate fails when it should, and a broken table is refused. Those with a _pipeline_ are pushed to forge and run
by its runner, every stage of the workflow and its own tests included; the others train by \`make\`. Every night
(\`npm test -- models --all\`) all have their pipeline.

${table(
  ['Framework', 'Format', 'Task', 'Data', 'Gate', 'Pipeline'],
  listTrainedModels().map(({ model, task, data, gate, wholePipeline }) => [
    model.framework,
    model.format,
    task,
    data.dataset === 'csv' ? 'own CSV' : data.dataset,
    `${gate.metric} ${gate.threshold}`,
    wholePipeline ? '✓' : 'at night',
  ]),
)}
`;
}

/** @type {Record<string, string>} */
const TITLES = {
  framework: 'Framework',
  format: 'Format',
  serving: 'Serving',
  registry: 'Registry',
  mlflowAccess: 'MLflow by',
  environments: 'Environments',
  canary: 'Canary',
  driftMonitor: 'Drift',
  gpu: 'GPU',
  task: 'Task',
  data: 'Data',
  visibility: 'Visibility',
  productionSync: 'Production',
  teams: 'Teams',
  images: 'Other images',
  cluster: 'Cluster',
};

/** @param {Combination[]} combinations @param {(combination: Combination) => string[]} proofOf */
function combinationTable(combinations, proofOf) {
  const axes = Object.keys(combinations[0].axes);
  const proofs = ['Rendered', 'Linted', 'Trained'];
  return table(
    [
      '#',
      ...axes.map(axis => TITLES[axis]),
      ...proofs.slice(0, proofOf(combinations[0]).length),
    ],
    combinations.map((combination, index) => [
      String(index + 1),
      ...axes.map(axis => plain(combination.axes[axis])),
      ...proofOf(combination),
    ]),
  );
}

/**
 * Holds docs/templates.md against what the suite does, or writes it.
 *
 * @param {Parameters<typeof write>[0]} matrix
 * @param {boolean} update
 * @returns {Promise<string[]>} What is wrong.
 */
export async function checkReport(matrix, update) {
  const file = path.join(root, FILE);
  const text = await format(write(matrix), {
    ...(await resolveConfig(file)),
    parser: 'markdown',
  });
  if (update) {
    fs.writeFileSync(file, text);
  }
  return fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text
    ? []
    : [`Write it anew: npm test -- templates --update`];
}
