// SPDX-License-Identifier: Apache-2.0

/**
 * @typedef {'classification' | 'regression'} Task
 *
 * @typedef {object} TrainedModel
 * @property {string} name
 * @property {boolean} wholePipeline
 * @property {{ framework: string, format: string }} model
 * @property {Task} task
 * @property {{ metric: string, threshold: number }} gate
 * @property {{ dataset: string, target: string, task: Task }} data
 * @property {PersonsTable} [csv] Of those that train on a table of their own.
 *
 * @typedef {object} PersonsTable
 * @property {string} text
 * @property {{ row: number, column: string, value: string }} broken A cell that does not fit.
 * @property {RegExp} refusal What is said of it.
 */

/** A table as people have them: two kinds of missing value, dates, words, a decimal comma. @param {Task} task */
function makeTable(task) {
  const plans = ['Basis', 'Plus', 'Größe L'];
  const lines = ['Kunde seit;Alter;Tarif;Newsletter;Umsatz €;Ziel'];
  // A linear congruential generator: the same rows on every machine.
  let state = 7;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const decimal = (/** @type {number} */ value) =>
    value.toFixed(2).replace('.', ',');
  for (let row = 0; row < 400; row++) {
    const age = 18 + Math.floor(random() * 60);
    const plan = plans[Math.floor(random() * plans.length)];
    const newsletter = random() < 0.5;
    const revenue = 10 + random() * 90;
    const score = revenue + (newsletter ? 40 : 0) + age / 2;
    const target =
      task === 'classification'
        ? score > 95
          ? 'bleibt'
          : 'kündigt'
        : decimal(score + random() * 4);
    const day = `${1 + (row % 28)}`.padStart(2, '0');
    lines.push(
      [
        `${day}.0${1 + (row % 9)}.20${10 + (row % 10)}`,
        row % 17 === 3 ? 'NA' : age,
        row % 23 === 5 ? '' : plan,
        newsletter ? 'ja' : 'nein',
        decimal(revenue),
        target,
      ].join(';'),
    );
  }
  return `${lines.join('\n')}\n`;
}

const GATES = {
  classification: { metric: 'accuracy', threshold: 0.8 },
  regression: { metric: 'r2', threshold: 0.25 },
};

// Both formats, both tasks and both kinds of data, each with two frameworks.
const WHOLE_PIPELINE = new Set([
  'scikit-learn-native-classification',
  'xgboost-onnx-regression',
  'lightgbm-native-regression',
  'pytorch-onnx-classification',
]);

/**
 * The models that are trained for real: every framework, as it is and as ONNX, for
 * either task. Each framework meets a bundled data set and a person's own table.
 * `wholePipeline`: this one's workflow runs in every test run, and not only at night.
 *
 * @returns {TrainedModel[]}
 */
export function listTrainedModels() {
  /** @type {Task[]} */
  const tasks = ['classification', 'regression'];
  const frameworks = ['scikit-learn', 'xgboost', 'lightgbm', 'pytorch'];
  return frameworks.flatMap((framework, index) =>
    ['native', 'onnx'].flatMap(format =>
      tasks.map(task => {
        const own =
          (index +
            (format === 'onnx' ? 1 : 0) +
            (task === 'regression' ? 1 : 0)) %
            2 ===
          0;
        const bundled = task === 'classification' ? 'wine' : 'diabetes';
        const name = `${framework}-${format}-${task}`;
        return {
          name,
          wholePipeline: WHOLE_PIPELINE.has(name),
          model: { framework, format },
          task,
          gate: GATES[task],
          data: own
            ? { dataset: 'csv', target: 'Ziel', task }
            : { dataset: bundled, target: 'target', task },
          ...(own && {
            csv: {
              text: makeTable(task),
              broken: { row: 12, column: 'Alter', value: 'viele' },
              refusal: /row 12\b.*Alter|Alter.*row 12\b/,
            },
          }),
        };
      }),
    ),
  );
}
