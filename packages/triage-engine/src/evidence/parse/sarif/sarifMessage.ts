// SPDX-License-Identifier: Apache-2.0
import { Fields } from '../shared/Fields';
import type { SarifRule, SarifRun } from './SarifRun';

/** Links `[text](address)` and `[text](1)` of messages, kept as their text. */
const LINK = /\[([^[\]]{1,300})\]\((?:\d{1,4}|https?:[^()\s]{1,500})\)/g;

/**
 * What a result says: its text, or that of the rule or driver which it names by
 * `id`, with its arguments put in (§3.11.5 to 3.11.7).
 */
export function sarifMessage(
  result: Fields,
  rule: SarifRule | undefined,
  run: SarifRun,
): string {
  const message = result.object('message');
  const id = message.text('id') ?? '';
  const ofRule = rule?.fields.object('messageStrings').object(id).text('text');
  const ofDriver = run.fields
    .object('tool')
    .object('driver')
    .object('globalMessageStrings')
    .object(id)
    .text('text');
  const values = message.list('arguments').map(String);
  const text =
    message.text('text') ??
    ofRule ??
    ofDriver ??
    message.text('markdown') ??
    rule?.text ??
    '';
  return text
    .slice(0, 20_000)
    .replace(/\{(\d{1,2})\}/g, (whole, index) => values[Number(index)] ?? whole)
    .replace(LINK, '$1');
}
