// SPDX-License-Identifier: Apache-2.0
import { isRollback } from './isRollback';

const pull = (ref: string, title: string, labels: string[] = []) => ({
  title,
  head: { ref, repo: { full_name: 'acme/infra' } },
  labels: labels.map(name => ({ name })),
});
const of = { repository: 'Acme/infra', model: 'churn' };

describe('pull requests that roll back', () => {
  it.each([
    ['handoff/churn-prod-rollback', 'churn: version 7 out of the traffic'],
    ['handoff/churn-prod-rollback', 'Take it off'],
    ['handoff/churn-eu-west-rollback', 'churn: version 7 out of the traffic'],
    ['revert-12-handoff/churn-7-prod', 'Revert "churn: version 7 to prod"'],
    ['back', 'Revert "churn: version 7 to prod"'],
  ])('are known by %s, %s', (ref, title) => {
    expect(isRollback(pull(ref, title), of)).toBe(true);
  });

  it('are known by their label', () => {
    const labelled = pull('back', 'Let churn have version 6', ['rollback']);
    expect(isRollback(labelled, of)).toBe(true);
  });

  it.each([
    ['handoff/churn-7-prod', 'churn: version 7 to prod'],
    ['handoff/churn-prod-promote', 'churn: version 7 gets all of the traffic'],
    ['handoff/churn-eu-prod-rollback', 'churn-eu: version 3 out'],
    ['revert-12-fraud', 'Revert "fraud: version 7 to prod"'],
  ])('are not %s, %s', (ref, title) => {
    expect(isRollback(pull(ref, title), of)).toBe(false);
  });
});
