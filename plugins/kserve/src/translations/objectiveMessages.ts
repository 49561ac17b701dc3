// SPDX-License-Identifier: Apache-2.0

/** The messages of the section Objectives. */
export const objectiveMessages = {
  title: 'Objectives',
  latency: 'Latency',
  errors: 'Errors',
  latencyWords:
    '{{target}} of the requests within {{threshold}}, in {{days}} days',
  errorsWords:
    '{{target}} of the requests without an error of the server, in {{days}} days',
  left: 'Budget left: {{share}}',
  spent: 'Budget used up: {{share}} of it',
  tooLittle: 'Too little traffic to say what is left of the budget',
  none: 'No request was measured yet',
  notCounted: "The model's server does not count its errors",
  slow_one: '{{count}} took longer',
  slow_other: '{{count}} took longer',
  failed_one: '{{count}} failed',
  failed_other: '{{count}} failed',
  allowed_one: '{{count}} is allowed',
  allowed_other: '{{count}} are allowed',
  requests_one: '{{formatted}} request',
  requests_other: '{{formatted}} requests',
  since: 'since {{time}}',
  burnRates: 'Burn rates: {{objective}}',
  about:
    'At a burn rate of 1 the budget lasts exactly {{days}} days. An alert needs both windows above its limit: the long one says that it matters, the short one that it goes on.',
  windows: 'Windows',
  both: '{{long}} and {{short}}',
  burnRate: 'Burn rate',
  alertsAbove: 'Alerts above',
  state: 'State',
  unknown: 'unknown',
  noRequests: 'No requests',
  calm: 'Not alerting',
  longOnly: 'It was above, not any more',
  over: 'Above; the alert is not out yet',
  pending: 'Alert pending',
  pendingSince: 'Alert pending since {{time}}',
  firing: 'Alerting',
  firingSince: 'Alerting since {{time}}',
  noRules:
    'Prometheus has no rules for objectives. The template infra-manifests brings them.',
  unread: 'How the objectives are kept could not be read.',
} as const;
