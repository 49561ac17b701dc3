// SPDX-License-Identifier: Apache-2.0
import type { Finding } from './findings';

/**
 * A sentence for each finding: what is where, and why it matters. `{{…}}` stands
 * for the finding's parameters.
 *
 * @public
 */
export const FINDING_MESSAGES = {
  index: '{{column}} counts the rows: {{first}}, {{second}}, {{third}}, …',
  id: '{{column}} has another value in {{distinct}} of {{rows}} rows: it names the row, and says nothing of the next one.',
  'id-number':
    '{{column}} is a number of things, not a quantity: {{distinct}} different whole numbers in {{rows}} rows, hardly two alike.',
  reference: '{{column}} points to other rows by the values of {{other}}.',
  'zero-padded':
    '{{column}} holds codes such as {{value}}: read as texts, so that the zeros stay.',
  split:
    '{{column}} says which rows its author trained with: {{values}}. New rows do not have it.',
  constant: '{{column}} is always {{value}}: nothing can be learnt from it.',
  empty: '{{column}} is empty.',
  duplicates:
    '{{found}} of {{rows}} rows are exact copies of others. Copies are kept on one side of the split.',
  'repeated-id':
    '{{column}} is the same in about {{size}} rows each: what a model learns of one it knows of the others.',
  date: 'Rows have a date each ({{column}}): held-out rows should be newer than those learnt from, as they are in use.',
  'time-order':
    'Rows are in the order of {{column}}: held-out rows should be newer than those learnt from, as they are in use.',
  'decides-class':
    '{{column}} alone tells {{target}} in {{percent}} % of the rows. Is it known before the answer is?',
  'decides-number':
    '{{column}} alone explains {{percent}} % of {{target}}. Is it known before the answer is?',
  parts:
    '{{column}} and {{other}} add up to {{target}}. Are they known before the answer is?',
  'rare-majority':
    '{{percent}} % of the rows are {{value}}: always answering that is right as often, so that accuracy says little.',
  'rare-few':
    '{{found}} classes have fewer than {{limit}} rows ({{values}}): a model can hardly learn them.',
  counts:
    '{{column}} holds counts from {{minimum}} to {{maximum}}, {{distinct}} different ones: regression knows that 3 lies between 2 and 4.',
  'ambiguous-date':
    '{{column}} has dates such as {{value}}: no row tells whether the day or the month is first.',
  unreadable:
    '{{column}} holds numbers, but for {{found}} cells: {{cells}}. As numbers, these are missing.',
  'mixed-texts':
    '{{column}} mixes numbers with more, such as {{cells}}: {{found}} cells are no numbers, and so all are read as texts.',
  'na-value':
    '{{column}} has {{value}} in {{found}} rows (first in row {{row}}) among codes such as {{others}}: is it a code like these, or a missing value?',
  'few-rows':
    '{{rows}} rows: a quarter of them, {{heldOut}}, say little of how good a model is. The figure will have a wide interval.',
} as const;

/**
 * The parameters of the sentences; those that a sentence does not name are
 * empty.
 *
 * @public
 */
export type FindingParameters = Record<
  | 'column'
  | 'other'
  | 'target'
  | 'value'
  | 'values'
  | 'others'
  | 'cells'
  | 'first'
  | 'second'
  | 'third'
  | 'row'
  | 'rows'
  | 'heldOut'
  | 'found'
  | 'limit'
  | 'distinct'
  | 'size'
  | 'percent'
  | 'minimum'
  | 'maximum',
  string
>;

const PARAMETERS: Array<keyof FindingParameters> = [
  'column',
  'other',
  'target',
  'value',
  'values',
  'others',
  'cells',
  'first',
  'second',
  'third',
  'row',
  'rows',
  'heldOut',
  'found',
  'limit',
  'distinct',
  'size',
  'percent',
  'minimum',
  'maximum',
];

/** The parameters, those that are not given empty. */
export function toParameters(
  given: Partial<FindingParameters>,
): FindingParameters {
  const all = PARAMETERS.map(name => [name, given[name] ?? '']);
  return Object.fromEntries(all);
}

/**
 * A share as per cent, with one decimal; only all of it is 100.
 *
 * @public
 */
export function formatPercent(share: number): string {
  const rounded = Math.round(share * 1000) / 10;
  return String(share < 1 ? Math.min(rounded, 99.9) : rounded);
}

/** Short, quoted, on one line: cells and names are the owner's text. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

/**
 * The sentence about a finding, in English.
 *
 * @public
 */
export function describeFinding({ message, parameters }: Finding): string {
  const values = new Map(Object.entries(parameters));
  return FINDING_MESSAGES[message].replace(
    /\{\{(\w+)\}\}/g,
    (_, name: string) => values.get(name) ?? '',
  );
}
