// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FINDING_CODES, type TableProblem } from '.';

const vocabulary: { codes: Record<string, { form: string | null }> } =
  JSON.parse(
    readFileSync(
      resolve(
        __dirname,
        '../../../packages/greenroom-ml/docs/finding-codes.json',
      ),
      'utf8',
    ),
  );

const codesThat = (...forms: string[]) =>
  Object.entries(vocabulary.codes)
    .filter(([, { form }]) => form !== null && forms.includes(form))
    .map(([code]) => code)
    .sort();

describe('the codes of findings', () => {
  it('are those that greenroom-ml has at run time', () => {
    expect([...FINDING_CODES].sort()).toEqual(codesThat('asks', 'says'));
    const refused: TableProblem['code'][] = [
      'too-few-rows',
      'too-many-columns',
    ];
    expect(codesThat('refuses')).toEqual(refused);
  });
});
