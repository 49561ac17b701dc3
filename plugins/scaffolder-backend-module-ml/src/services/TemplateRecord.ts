// SPDX-License-Identifier: Apache-2.0
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import { z } from 'zod';

/** Where a generated repository says what it was made from. */
export const RECORD_PATH = '.greenroom/template.json';

const recordSchema = z.object({
  template: z.string(),
  version: z.string(),
  /** The proof that this portal wrote it, of `RepositoryMark`. */
  mark: z.string().optional(),
  /** The commit that an upgrade began from, which is its parent; not in the first commit. */
  base: z.string().optional(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/**
 * Which template made a repository, and with which values: a later run with the
 * same name recognises by it what it may go on with.
 */
export type TemplateRecord = z.infer<typeof recordSchema>;

/** Which template a step runs for. */
export function readTemplateInfo(
  info: ActionContext<Record<string, never>>['templateInfo'],
): Pick<TemplateRecord, 'template' | 'version'> {
  const { annotations } = info?.entity?.metadata ?? {};
  return {
    // A template that upgrades acts for the one that makes.
    template: annotations?.['greenroom.dev/upgrades'] ?? info?.entityRef ?? '',
    version: annotations?.['greenroom.dev/template-version'] ?? '',
  };
}

/** Reads a record; undefined when the text is none. */
export function parseTemplateRecord(text: string): TemplateRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Stable under the order of the values, so that two runs write the same bytes. */
export function formatTemplateRecord(record: TemplateRecord): string {
  const values = Object.fromEntries(
    Object.entries(record.values).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return `${JSON.stringify({ ...record, values }, null, 2)}\n`;
}

/**
 * The names of the values in which two records differ.
 *
 * @param assumed - what a value was where a record does not have it
 */
export function compareValues(
  existing: TemplateRecord['values'],
  requested: TemplateRecord['values'],
  assumed: TemplateRecord['values'] = {},
): string[] {
  const names = new Set([...Object.keys(existing), ...Object.keys(requested)]);
  const read = (values: TemplateRecord['values'], name: string) =>
    values[name] ?? assumed[name];
  return [...names]
    .filter(name => read(existing, name) !== read(requested, name))
    .sort();
}
