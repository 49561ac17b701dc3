// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { shortenDuration } from './shortenDuration';

const ruleSchema = z.looseObject({ for: z.string().optional() });
const groupSchema = z.looseObject({
  name: z.string(),
  interval: z.string().optional(),
  rules: z.array(ruleSchema).default([]),
});

/** A PrometheusRule as the API server gives it. */
export const prometheusRuleSchema = z.looseObject({
  metadata: z.looseObject({ namespace: z.string(), name: z.string() }),
  spec: z.looseObject({ groups: z.array(groupSchema).default([]) }),
});

const LONGEST = '1m';

/** The groups of a PrometheusRule as a file of Prometheus; an alert fires after a minute at most, as somebody waits for it. */
export function localRules(rule: z.infer<typeof prometheusRuleSchema>): {
  groups: object[];
} {
  return {
    groups: rule.spec.groups.map(({ interval, rules, ...group }) => ({
      ...group,
      ...(interval && { interval: shortenDuration(interval, LONGEST) }),
      rules: rules.map(({ for: wait, ...each }) => ({
        ...each,
        ...(wait && { for: shortenDuration(wait, LONGEST) }),
      })),
    })),
  };
}
