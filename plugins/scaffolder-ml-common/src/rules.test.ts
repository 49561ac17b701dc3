// SPDX-License-Identifier: Apache-2.0
import {
  BUNDLED_DATASETS,
  checkModelName,
  checkThreshold,
  GATE_METRICS,
  getGateMetric,
  getGateMetrics,
  suggestThreshold,
  toPackageName,
} from '.';

describe('names', () => {
  it.each(['abe', 'churn-model', 'a1-b2-c3', 'x'.repeat(40), 'iris-7'])(
    'takes %s',
    name => {
      expect(checkModelName(name)).toBeUndefined();
      expect(toPackageName(name)).toMatch(/^[a-z][a-z0-9_]*$/);
    },
  );

  it.each([
    [undefined, 'missing'],
    ['', 'missing'],
    ['ab', 'too-short'],
    ['x'.repeat(41), 'too-long'],
    ['Churn', 'malformed'],
    ['churn_model', 'malformed'],
    ['-churn', 'malformed'],
    ['churn-', 'malformed'],
    ['a--b', 'malformed'],
    ['7days', 'malformed'],
    ['churn\n', 'malformed'],
    ['größe', 'malformed'],
    ['import', 'reserved'],
    ['statistics', 'reserved'],
    ['scikit-learn', 'reserved'],
    ['py-compile', 'reserved'],
  ])('answers %j with %s', (name, problem) => {
    expect(checkModelName(name)).toBe(problem);
  });
});

describe('metrics', () => {
  it('suggests for each data set a threshold that its metrics take', () => {
    for (const { name, task, thresholds } of BUNDLED_DATASETS) {
      expect(Object.keys(thresholds)).toEqual(
        getGateMetrics(task).map(metric => metric.name),
      );
      for (const metric of getGateMetrics(task)) {
        expect(
          checkThreshold(metric, suggestThreshold(name, metric.name)),
        ).toBeUndefined();
      }
    }
  });

  it('suggests no error in an unknown unit', () => {
    expect(suggestThreshold('csv', 'accuracy')).toBe(0.8);
    expect(suggestThreshold('csv', 'rmse')).toBeUndefined();
    expect(suggestThreshold('titanic', 'accuracy')).toBeUndefined();
  });

  it.each([
    ['accuracy', 1, undefined],
    ['accuracy', 0, 'too-low'],
    ['accuracy', 1.01, 'too-high'],
    ['roc_auc', 0.5, undefined],
    ['roc_auc', 0.49, 'too-low'],
    ['r2', 0, undefined],
    ['r2', -0.1, 'too-low'],
    ['rmse', 1e6, undefined],
    ['mae', 0, 'too-low'],
    ['mae', Infinity, 'not-a-number'],
    ['mae', NaN, 'not-a-number'],
    ['mae', '5', 'not-a-number'],
    ['mae', undefined, 'not-a-number'],
  ])('%s at %p is %p', (name, threshold, problem) => {
    const metric = getGateMetric(name);
    expect(metric && checkThreshold(metric, threshold)).toBe(problem);
    expect(GATE_METRICS).toContain(metric);
  });
});
