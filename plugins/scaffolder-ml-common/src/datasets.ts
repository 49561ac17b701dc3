// SPDX-License-Identifier: Apache-2.0
import type { ModelTask } from './types';

/**
 * A real data set that ships with scikit-learn
 * (https://scikit-learn.org/stable/datasets/toy_dataset.html), as its
 * `load_<name>(as_frame=True)` gives it.
 *
 * @public
 */
export interface BundledDataset {
  /** `load_<name>` of `sklearn.datasets`. */
  name: string;
  /** What its target asks for. */
  task: ModelTask;
  /** The target column of scikit-learn's frame. */
  target: string;
  /** Examples to learn from and to test with. */
  rows: number;
  /** Names of the feature columns, without the target; all of them hold numbers. */
  features: readonly string[];
  /** Classes of the target, for classification. */
  classes?: number;
  /** A threshold per metric that a plain model reaches and a broken one does not; the first is the default. */
  thresholds: Record<string, number>;
}

// What was measured of each nucleus of a cell.
const MEASURES = [
  'radius',
  'texture',
  'perimeter',
  'area',
  'smoothness',
  'compactness',
  'concavity',
  'concave points',
  'symmetry',
  'fractal dimension',
];

/**
 * The bundled data sets; the first is the default.
 *
 * @public
 */
export const BUNDLED_DATASETS: readonly BundledDataset[] = [
  {
    name: 'breast_cancer',
    task: 'classification',
    target: 'target',
    rows: 569,
    features: ['mean', 'error', 'worst'].flatMap(statistic =>
      MEASURES.map(measure =>
        statistic === 'error'
          ? `${measure} ${statistic}`
          : `${statistic} ${measure}`,
      ),
    ),
    classes: 2,
    thresholds: { accuracy: 0.9, f1_macro: 0.9, roc_auc: 0.95 },
  },
  {
    name: 'wine',
    task: 'classification',
    target: 'target',
    rows: 178,
    features: [
      'alcohol',
      'malic_acid',
      'ash',
      'alcalinity_of_ash',
      'magnesium',
      'total_phenols',
      'flavanoids',
      'nonflavanoid_phenols',
      'proanthocyanins',
      'color_intensity',
      'hue',
      'od280/od315_of_diluted_wines',
      'proline',
    ],
    classes: 3,
    thresholds: { accuracy: 0.9, f1_macro: 0.9, roc_auc: 0.95 },
  },
  {
    name: 'iris',
    task: 'classification',
    target: 'target',
    rows: 150,
    features: [
      'sepal length (cm)',
      'sepal width (cm)',
      'petal length (cm)',
      'petal width (cm)',
    ],
    classes: 3,
    thresholds: { accuracy: 0.85, f1_macro: 0.85, roc_auc: 0.9 },
  },
  {
    name: 'digits',
    task: 'classification',
    target: 'target',
    rows: 1797,
    features: Array.from(
      { length: 64 },
      (_, pixel) => `pixel_${Math.floor(pixel / 8)}_${pixel % 8}`,
    ),
    classes: 10,
    thresholds: { accuracy: 0.9, f1_macro: 0.9, roc_auc: 0.95 },
  },
  {
    name: 'diabetes',
    task: 'regression',
    target: 'target',
    rows: 442,
    features: ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6'],
    thresholds: { r2: 0.3, rmse: 65, mae: 55 },
  },
];

/**
 * What the parameter `dataset` holds when the owner brings a table.
 *
 * @public
 */
export const CSV_DATASET = 'csv';

// For a table nobody has looked at; errors have the target's unit, so that no
// default can be right.
const CSV_THRESHOLDS: Record<string, number> = {
  accuracy: 0.8,
  f1_macro: 0.8,
  roc_auc: 0.8,
  r2: 0.5,
};

/**
 * The bundled data set of that name; undefined for {@link CSV_DATASET} and for
 * anything unknown.
 *
 * @public
 */
export function getBundledDataset(name: string): BundledDataset | undefined {
  return BUNDLED_DATASETS.find(dataset => dataset.name === name);
}

/**
 * A threshold to begin with; undefined where none could be meant for these data.
 *
 * @public
 */
export function suggestThreshold(
  dataset: string,
  metric: string,
): number | undefined {
  const thresholds =
    getBundledDataset(dataset)?.thresholds ??
    (dataset === CSV_DATASET ? CSV_THRESHOLDS : {});
  return thresholds[metric];
}
