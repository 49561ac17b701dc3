// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import vm from 'node:vm';
import { createSnippet } from './snippets';

const URL_OF_MODEL = "http://churn.example.com/v2/models/it's $HOME `id`/infer";
/** A body that every language might misread. */
const SENT = JSON.stringify({
  "it's": [
    'a "quoted" \\ word\n$(id) `id` \u2028 ${x}',
    { deep: [true, false, null, -0.5, 1e21, '😀'] },
  ],
  wide: Array.from({ length: 40 }, (_, index) => index / 7),
  ['__proto__']: { polluted: true },
});

const run = (command: string, args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', env: process.env });

describe('Snippets send just what is shown, whatever it holds', () => {
  it('curl, in a shell', () => {
    const snippet = createSnippet('curl', {
      url: URL_OF_MODEL,
      body: JSON.parse(SENT),
    });
    const words = run('sh', [
      '-c',
      snippet.replace(/^curl/, "printf '%s\\0'"),
    ]).split('\0');
    expect(words[2]).toBe(URL_OF_MODEL);
    expect(JSON.parse(words[6])).toEqual(JSON.parse(SENT));
  });

  it('Python', () => {
    const snippet = createSnippet('python', {
      url: URL_OF_MODEL,
      body: JSON.parse(SENT),
    });
    const call = snippet.slice(
      snippet.indexOf('requests.post'),
      snippet.indexOf('response.raise'),
    );
    const printed = run('python3', [
      '-c',
      [
        'import json, sys',
        'class requests:',
        '    def post(url, json=None, timeout=0):',
        "        sys.stdout.reconfigure(encoding='utf-8')",
        '        print(sys.modules["json"].dumps([url, json]))',
        call,
      ].join('\n'),
    ]);
    expect(JSON.parse(printed)).toEqual([URL_OF_MODEL, JSON.parse(SENT)]);
  });

  it('TypeScript', () => {
    const snippet = createSnippet('typescript', {
      url: URL_OF_MODEL,
      body: JSON.parse(SENT),
    });
    const call = snippet.slice(
      snippet.indexOf('fetch('),
      snippet.indexOf('});') + 3,
    );
    const [to, init] = vm.runInNewContext(call, {
      fetch: (...args: unknown[]) => args,
    });
    expect(to).toBe(URL_OF_MODEL);
    expect(init.body).toBe(JSON.stringify(JSON.parse(SENT)));
  });
});
