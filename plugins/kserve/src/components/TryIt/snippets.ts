// SPDX-License-Identifier: Apache-2.0

import { PYTHON, TYPESCRIPT, toLiteral } from './literals';

export type Language = 'curl' | 'python' | 'typescript';

/** One word of a POSIX shell. */
function toShellWord(text: string) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A program that sends `body` to `url` and prints the answer. */
export function createSnippet(
  language: Language,
  request: { url: string; body: unknown },
) {
  const { body, url } = request;
  switch (language) {
    case 'curl':
      return [
        `curl --request POST ${toShellWord(url)} \\`,
        `  --header 'Content-Type: application/json' \\`,
        `  --data-raw ${toShellWord(JSON.stringify(body))}`,
      ].join('\n');
    case 'python':
      return [
        'import requests',
        '',
        'response = requests.post(',
        `    ${JSON.stringify(url)},`,
        `    json=${toLiteral(body, PYTHON, '    ')},`,
        '    timeout=30,',
        ')',
        'response.raise_for_status()',
        'print(response.json())',
      ].join('\n');
    default:
      return [
        `const response = await fetch(${JSON.stringify(url)}, {`,
        "  method: 'POST',",
        "  headers: { 'Content-Type': 'application/json' },",
        `  body: JSON.stringify(${toLiteral(body, TYPESCRIPT, '  ')}),`,
        '});',
        'if (!response.ok) {',
        '  throw new Error(`${response.status} ${await response.text()}`);',
        '}',
        'console.log(await response.json());',
      ].join('\n');
  }
}
