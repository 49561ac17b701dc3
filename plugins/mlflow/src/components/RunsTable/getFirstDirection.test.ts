// SPDX-License-Identifier: Apache-2.0
import { getFirstDirection } from './getFirstDirection';

describe('first click on a column', () => {
  it.each([
    ['started', 'descending'],
    ['run', 'ascending'],
    ['param:learning_rate', 'ascending'],
    ['metric:accuracy', 'descending'],
    ['metric:val/auc', 'descending'],
    ['metric:r2_score', 'descending'],
    ['metric:loss', 'ascending'],
    ['metric:valLoss', 'ascending'],
    ['metric:test_logloss', 'ascending'],
    ['metric:validation-mlogloss', 'ascending'],
    ['metric:eval/loss', 'ascending'],
    ['metric:mean_absolute_error', 'ascending'],
    ['metric:RMSE', 'ascending'],
    ['metric:p95_latency_ms', 'ascending'],
    ['metric:neg_log_loss', 'descending'],
    ['metric:точность', 'descending'],
  ])('%s: %s', (column, direction) => {
    expect(getFirstDirection(column, new Map())).toBe(direction);
  });

  it('follows the gate before the name', () => {
    const gates = new Map([
      ['loss', 'maximize' as const],
      ['score', 'minimize' as const],
    ]);
    expect(getFirstDirection('metric:loss', gates)).toBe('descending');
    expect(getFirstDirection('metric:score', gates)).toBe('ascending');
  });
});
