// SPDX-License-Identifier: Apache-2.0
import { toModelDashboardUrl } from './toModelDashboardUrl';

const RANGE = { from: 'now-6h', to: 'now' };
const CHURN = [{ namespace: 'fraud-prod', name: 'churn' }];

describe('toModelDashboardUrl', () => {
  it('fills in each namespace and model once, below the path of Grafana', () => {
    expect(
      toModelDashboardUrl(
        'https://example.com/grafana/',
        [...CHURN, { namespace: 'fraud-dev', name: 'churn' }],
        { from: 1_000, to: 2_000 },
      ),
    ).toBe(
      'https://example.com/grafana/d/model-serving?var-namespace=fraud-prod&var-namespace=fraud-dev&var-model=churn&from=1000&to=2000',
    );
    expect(toModelDashboardUrl('http://grafana:3000', CHURN, RANGE)).toBe(
      'http://grafana:3000/d/model-serving?var-namespace=fraud-prod&var-model=churn&from=now-6h&to=now',
    );
  });

  it('lets no name leave its place', () => {
    const url = toModelDashboardUrl(
      'https://example.com?orgId=1#x',
      [{ namespace: 'a&orgId=2', name: '../#<b>' }],
      RANGE,
    );
    const { hash, pathname, searchParams } = new URL(url ?? '');
    expect([hash, pathname, [...searchParams.keys()]]).toEqual([
      '',
      '/d/model-serving',
      ['var-namespace', 'var-model', 'from', 'to'],
    ]);
  });

  it.each([
    undefined,
    '',
    'grafana',
    ['javascript', 'alert(1)'].join(':'),
    'ftp://grafana',
  ])('is none for %p', domain => {
    expect(toModelDashboardUrl(domain, CHURN, RANGE)).toBeUndefined();
  });

  it('is none without a service', () => {
    expect(
      toModelDashboardUrl('https://example.com', [], RANGE),
    ).toBeUndefined();
  });
});
