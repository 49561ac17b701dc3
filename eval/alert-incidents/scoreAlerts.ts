// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import {
  alertmanagerBodySchema,
  createAlertReport,
} from '@greenroom/triage-engine';
import { z } from 'zod';
import { root } from '../data';

/** The cases are told by their parts: to what is held back, and to the newest set, nothing is fitted. */
export const HALVES = ['open', 'held-back', 'first-sight'] as const;

export type Half = (typeof HALVES)[number];

const CASES = path.join(root, 'eval', 'alert-incidents', 'cases');

const expectedSchema = z.object({
  cause: z.string(),
  /** Of each inner list one has to be named. */
  keywords: z.array(z.array(z.string())),
  evidence: z.array(z.string()),
  remedy: z.array(z.string()),
});

const seriesSchema = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.tuple([z.number(), z.string()])),
  expr: z.string().optional(),
});

/** How the report of one case is, by what people found. */
export interface Verdict {
  cause: boolean;
  proof: boolean;
  wrong: boolean;
  remedy: boolean;
  /** One cause is called identified, or there is none to be. */
  identified: boolean;
}

const flat = (text: string) => text.toLowerCase().split(/\s+/).join(' ').trim();

const read = (folder: string, name: string): unknown =>
  JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));

async function reportOf(folder: string) {
  const body = alertmanagerBodySchema.parse(read(folder, 'alert.json'));
  const { items } = z
    .object({ items: z.array(z.unknown()) })
    .parse(read(folder, 'objects.json'));
  const metrics = z
    .object({ expr: z.string(), series: z.array(seriesSchema) })
    .parse(read(folder, 'metrics.json'));
  const logs = path.join(folder, 'logs');
  const names = fs.existsSync(logs) ? fs.readdirSync(logs) : [];
  return createAlertReport({
    incident: {},
    alert: body.alerts[0],
    groupLabels: body.groupLabels,
    commonAnnotations: body.commonAnnotations,
    objects: items,
    logs: names.map(name => {
      const previous = name.endsWith('.previous.txt');
      const base = name.replace(/(?:\.previous)?\.txt$/, '');
      const cut = base.lastIndexOf('_');
      return {
        pod: base.slice(0, cut),
        container: base.slice(cut + 1),
        previous,
        input: {
          source: name,
          async *open() {
            yield fs.readFileSync(path.join(logs, name));
          },
        },
      };
    }),
    metrics: [metrics],
  });
}

async function judge(folder: string): Promise<Verdict> {
  const expected = expectedSchema.parse(read(folder, 'expected.json'));
  const { rootCause, nextSteps } = await reportOf(folder);
  const isIdentified = rootCause.outcome === 'identified';
  if (flat(expected.cause).includes('insufficient data')) {
    return {
      cause: !isIdentified,
      proof: true,
      wrong: isIdentified,
      remedy: true,
      identified: true,
    };
  }
  // What may be it counts as named, too; called identified wrongly, it counts twice.
  const quotes = (rootCause.evidence ?? [])
    .slice(0, 3)
    .map(({ quote }) => flat(quote));
  const steps = nextSteps.map(({ text }) => flat(text));
  const said = `${flat(rootCause.statement ?? '')} ${quotes.length > 0 ? (steps[0] ?? '') : ''}`;
  const cause = expected.keywords.every(group =>
    group.some(word => said.includes(flat(word))),
  );
  return {
    cause,
    proof: expected.evidence.some(each =>
      quotes.some(quote => quote.includes(flat(each))),
    ),
    wrong: isIdentified && !cause,
    remedy: expected.remedy.some(word =>
      steps.some(step => step.includes(flat(word))),
    ),
    identified: isIdentified,
  };
}

/** Each case of one half, without a model. */
export async function scoreAlerts(
  half: Half,
): Promise<Array<{ name: string; verdict: Verdict }>> {
  const scored: Array<{ name: string; verdict: Verdict }> = [];
  for (const name of fs.readdirSync(path.join(CASES, half)).sort()) {
    const verdict = await judge(path.join(CASES, half, name));
    scored.push({ name, verdict });
  }
  return scored;
}
