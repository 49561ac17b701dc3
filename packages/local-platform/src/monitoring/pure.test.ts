// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { formatMetrics } from '../cluster/kubelet/metrics/formatMetrics';
import { alertmanagerConfig } from './alertmanagerConfig';
import { localRules, prometheusRuleSchema } from './localRules';
import { podMonitorSchema, podSchema } from './monitoringObjects';
import { scrapeTargets } from './scrapeTargets';

const PORTAL = {
  webhookUrl: 'http://localhost:3000/api/triage/alerts',
  tokenFile: '/state/alerts.token',
};

describe('alertmanagerConfig', () => {
  it('keeps routes and inhibitions, waits less, and tells nobody but the portal of this machine', () => {
    const values = {
      alertmanager: {
        config: {
          global: { slack_api_url: 'https://hooks.example/secret' },
          route: {
            receiver: 'team',
            group_wait: '30s',
            group_interval: '5m',
            repeat_interval: '12h',
            routes: [
              {
                receiver: 'portal',
                group_wait: '1h30m',
                matchers: ['a = "b"'],
              },
              { receiver: 'other', group_wait: '1s' },
            ],
          },
          inhibit_rules: [{ equal: ['namespace'] }],
          receivers: [
            { name: 'team', slack_configs: [{ channel: '#alerts' }] },
            {
              name: 'portal',
              webhook_configs: [
                {
                  url: 'https://portal.example/base/api/triage/alerts',
                  max_alerts: 7,
                  http_config: {
                    authorization: { credentials_file: '/etc/passwd' },
                  },
                },
              ],
            },
            {
              name: 'other',
              webhook_configs: [
                { url: 'https://evil.example/?/api/triage/alerts' },
                { url: 'file:///api/triage/alerts2' },
              ],
            },
          ],
        },
      },
    };
    expect(alertmanagerConfig(stringify(values), PORTAL)).toEqual({
      route: {
        receiver: 'team',
        group_wait: '5s',
        group_interval: '30s',
        repeat_interval: '12h',
        routes: [
          { receiver: 'portal', group_wait: '5s', matchers: ['a = "b"'] },
          { receiver: 'other', group_wait: '1s' },
        ],
      },
      inhibit_rules: [{ equal: ['namespace'] }],
      time_intervals: undefined,
      receivers: [
        { name: 'team' },
        {
          name: 'portal',
          webhook_configs: [
            {
              url: PORTAL.webhookUrl,
              send_resolved: true,
              max_alerts: 7,
              http_config: {
                authorization: {
                  type: 'Bearer',
                  credentials_file: PORTAL.tokenFile,
                },
                follow_redirects: false,
              },
            },
          ],
        },
        { name: 'other' },
      ],
    });
  });

  it.each([
    'alertmanager: 3',
    'alertmanager: { config: { receivers: [] } }',
    'alertmanager: { config: { route: { routes: 7 }, receivers: [] } }',
    '- a\n- [b',
  ])('refuses what is none: %s', text => {
    expect(() => alertmanagerConfig(text, PORTAL)).toThrow();
  });
});

describe('scrapeTargets', () => {
  const pod = (name: string, namespace: string, more: object = {}) =>
    podSchema.parse({
      metadata: { name, namespace, labels: { app: 'churn', tier: name } },
      spec: {
        containers: [
          { name: 'queue-proxy', ports: [{ containerPort: 9091, name: 'q' }] },
          { name: 'kserve-container', ports: [{ containerPort: 8080 }] },
        ],
      },
      status: { phase: 'Running', podIP: '10.244.0.2', ...more },
    });
  const monitor = (spec: object) =>
    podMonitorSchema.parse({
      metadata: { name: 'churn', namespace: 'fraud-dev' },
      spec: {
        selector: { matchLabels: { app: 'churn' } },
        podMetricsEndpoints: [{ portNumber: 8080, interval: '5s' }],
        ...spec,
      },
    });
  const find = (spec: object) =>
    scrapeTargets({
      serviceMonitors: [],
      services: [],
      endpointSlices: [],
      podMonitors: [monitor(spec)],
      pods: [
        pod('a', 'fraud-dev'),
        pod('b', 'fraud-prod'),
        pod('done', 'fraud-dev', { phase: 'Succeeded' }),
        pod('pending', 'fraud-dev', { phase: 'Pending', podIP: undefined }),
      ],
    }).map(({ targets, labels }) => [labels.pod, labels.container, ...targets]);

  it('finds the pods of a PodMonitor, and waits no longer for one than until the next time', () => {
    expect(find({})).toEqual([['a', 'kserve-container', '10.244.0.2:8080']]);
    const [{ labels }] = scrapeTargets({
      serviceMonitors: [],
      services: [],
      endpointSlices: [],
      podMonitors: [monitor({})],
      pods: [pod('a', 'fraud-dev')],
    });
    expect(labels).toMatchObject({
      job: 'fraud-dev/churn',
      __scrape_interval__: '5s',
      __scrape_timeout__: '5s',
    });
  });

  it.each<[object, string[]]>([
    [{ namespaceSelector: { any: true } }, ['a', 'b']],
    [{ namespaceSelector: { matchNames: ['fraud-prod'] } }, ['b']],
    [{ podMetricsEndpoints: [{ port: 'q' }] }, ['a']],
    [{ podMetricsEndpoints: [{ port: 'http' }] }, []],
    [
      {
        selector: {
          matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['a'] }],
        },
      },
      [],
    ],
    [
      {
        selector: {
          matchExpressions: [
            { key: 'tier', operator: 'In', values: ['a', 'c'] },
            { key: 'app', operator: 'Exists' },
            { key: 'gone', operator: 'DoesNotExist' },
          ],
        },
      },
      ['a'],
    ],
  ])('takes of a monitor %j the pods %j', (spec, names) => {
    expect(find(spec).map(([name]) => name)).toEqual(names);
  });
});

it('lets an alert fire after a minute at most, and leaves all else of a rule as it is', () => {
  const rule = prometheusRuleSchema.parse({
    metadata: { namespace: 'monitoring', name: 'x' },
    spec: {
      groups: [
        {
          name: 'g',
          interval: '5m',
          rules: [
            {
              alert: 'Slow',
              expr: 'a > 1',
              for: '1h',
              labels: { severity: 'x' },
            },
            { alert: 'Odd', expr: 'a', for: 'soon' },
            { record: 'a', expr: 'b[1d]' },
          ],
        },
      ],
    },
  });
  expect(localRules(rule)).toEqual({
    groups: [
      {
        name: 'g',
        interval: '1m',
        rules: [
          {
            alert: 'Slow',
            expr: 'a > 1',
            for: '1m',
            labels: { severity: 'x' },
          },
          { alert: 'Odd', expr: 'a', for: 'soon' },
          { record: 'a', expr: 'b[1d]' },
        ],
      },
    ],
  });
});

it('writes labels so that none of them ends before its end', () => {
  const samples = [{ labels: { reason: 'a"b\\\n} 7' }, value: 1 }];
  expect(
    formatMetrics([
      { name: 'x', help: 'X.', type: 'gauge', samples },
      { name: 'none', help: 'None.', type: 'gauge', samples: [] },
    ]),
  ).toBe('# HELP x X.\n# TYPE x gauge\nx{reason="a\\"b\\\\\\n} 7"} 1\n');
});
