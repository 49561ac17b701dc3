// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { BELOW_KINDS } from './__fixtures__/belowKinds';
import { ENCODINGS } from './__fixtures__/encodings';
import { findLeak } from './__fixtures__/leaks';
import { Draw } from './__fixtures__/Draw';
import { ordinaryLines } from './__fixtures__/ordinaryLines';
import { SECRET_KINDS } from './__fixtures__/secretKinds';
import { createRedactor } from './createRedactor';

const draw = new Draw(4711);
const PAT = `ghp_${draw.alnum(36)}`;
// A scanner of this file is to find no key.
const DASHES = '-'.repeat(5);
const redact = (text: string) => createRedactor().redact(text);

interface Case {
  name: string;
  text: string;
  secrets: string[];
}

function cases(seeds: number[]): Case[] {
  return Object.entries(SECRET_KINDS).flatMap(([kind, make], index) =>
    Object.entries(ENCODINGS).flatMap(([encoding, encode]) =>
      seeds.map(seed => {
        const drawn = new Draw(seed * 1000 + index);
        const sample = make(drawn);
        return {
          name: `${kind} / ${encoding} / ${seed}`,
          text: encode(sample, drawn),
          secrets: sample.secrets,
        };
      }),
    ),
  );
}

describe('secrets', () => {
  it('of at least 450 kinds in at least 6 encodings do not get out', () => {
    expect(Object.keys(SECRET_KINDS).length).toBeGreaterThanOrEqual(450);
    expect(Object.keys(ENCODINGS).length).toBeGreaterThanOrEqual(6);
    const all = cases([1]);
    // Else this test could not fail.
    const hidden = all.filter(({ text, secrets }) => !findLeak(text, secrets));
    expect(hidden.map(({ name }) => name)).toEqual([]);

    const leaks = all.flatMap(({ name, text, secrets }) => {
      const redactor = createRedactor();
      const out = redactor.redact(text);
      const again = redactor.redact(out);
      return findLeak(out, secrets) || out !== again || /withheld/.test(out)
        ? [`${name}: ${out}`]
        : [];
    });
    expect(leaks).toEqual([]);
  }, 120_000);

  it('do not get out from below what names them, in a log of other lines', () => {
    const others = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        at % 70 === 5
          ? `shown as <b>table</b> &amp; index ${at}`
          : `loaded partition ${at} in ${at * 37} ms`,
      );
    const leaks = Object.entries(BELOW_KINDS).flatMap(([kind, make]) =>
      ['as it is', 'HTML', 'JSON'].flatMap(encoding => {
        const drawn = new Draw(kind.length * 31);
        const sample = make(drawn);
        const text = ENCODINGS[encoding]?.(sample, drawn) ?? sample.text;
        const log = [...others(200), ...text.split('\n'), ...others(200)];
        expect(findLeak(log.join('\n'), sample.secrets)).toBeDefined();
        const redacted = createRedactor().redactLines(log);
        expect(redacted.slice(0, 200)).toEqual(others(200));
        expect(redacted.slice(-200)).toEqual(others(200));
        const out = redacted.join('\n');
        return findLeak(out, sample.secrets) ? [`${kind} / ${encoding}`] : [];
      }),
    );
    expect(leaks).toEqual([]);
  });

  it('do not get out of fields, keys, arrays, maps and named values', () => {
    const password = draw.password();
    const secrets = [PAT, password];
    const value = {
      title: `failed with ${PAT}`,
      [PAT]: 1,
      password,
      headers: {
        Authorization: `Basic ${Buffer.from(`a:${PAT}`).toString('base64')}`,
      },
      env: [
        { name: 'DB_PASSWORD', value: password },
        { name: 'CI', value: 'true' },
      ],
      map: new Map([['token', PAT]]),
      set: new Set([PAT]),
      error: new Error(`no ${PAT}`),
      url: new URL(`https://x:${password.replace(/\W/g, '')}@host/`),
      bytes: Buffer.from(PAT),
      lines: [{ text: 'a' }, { text: `b ${PAT}` }],
      count: 3,
      ok: true,
      nothing: null,
      at: new Date(0),
    };
    const out = createRedactor().redactDeep(value);
    const seen = JSON.stringify({
      ...out,
      map: [...out.map],
      set: [...out.set],
      error: { ...out.error },
    });
    expect(findLeak(seen, secrets)).toBeUndefined();
    expect(out).toMatchObject({
      count: 3,
      ok: true,
      nothing: null,
      at: new Date(0),
      env: [{ name: 'DB_PASSWORD' }, { name: 'CI', value: 'true' }],
      lines: [{ text: 'a' }, { text: expect.stringMatching(/^b \[REDACTED:/) }],
    });

    const ring: Record<string, unknown> = { PAT };
    ring.self = ring;
    expect(JSON.stringify(createRedactor().redactDeep(ring))).not.toContain(
      PAT,
    );
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}');
    createRedactor().redactDeep(hostile);
    expect('polluted' in {}).toBe(false);
  });

  it('that were found once are known everywhere, also before', () => {
    const secret = draw.alnum(30);
    const redactor = createRedactor();
    expect(
      redactor.redactDeep({
        first: `printed ${secret}`,
        second: `API_TOKEN=${secret}`,
      }).first,
    ).toMatch(/^printed \[REDACTED:[a-z-]+#1\]$/);
    expect(redactor.redact(`again ${secret}`)).not.toContain(secret);
  });

  it('that were only guessed are taken out where they stand', () => {
    const commit = draw.hex(40);
    const token = draw.alnum(32);
    const id = `AKIA${draw.upper(16)}`;
    const redactor = createRedactor();
    expect(
      redactor.redactLines([
        `${id} is at ${commit}`,
        `HEAD is now at ${commit}`,
        `got token ${token} for run 12`,
        `cache entry ${token}`,
        `secret ${commit}`,
        `commit ${commit}`,
      ]),
    ).toEqual([
      expect.stringMatching(
        new RegExp(`^\\[REDACTED:[a-z-]+#1\\] is at ${commit}$`),
      ),
      `HEAD is now at ${commit}`,
      expect.stringMatching(/^got token \[REDACTED:[a-z-]+#1\] for run 12$/),
      `cache entry ${token}`,
      expect.stringMatching(/^secret \[REDACTED:[a-z-]+#2\]$/),
      `commit ${commit}`,
    ]);
  });

  it('that a carriage return cut are found by their prefix', () => {
    const cut = `ghp_${draw.alnum(14)}4x`;
    expect(redact(`Progress 10%\rtoken ${cut}\r\nProgress 20%\rghp`)).toBe(
      'Progress 10%\rtoken [REDACTED:cut-token#1]\r\nProgress 20%\rghp',
    );
  });

  it('that are masked in part go with the rest', () => {
    const secret = draw.alnum(24);
    expect(redact(`pushed with ghp_***${secret} today`)).toBe(
      'pushed with ghp_***[REDACTED:masked#1] today',
    );
    expect(redact('user: ***, step ***')).toBe('user: ***, step ***');
  });

  it('of a cut private key go up to where the base64 ends', () => {
    const sample = SECRET_KINDS['RSA private key'](new Draw(5));
    const cut = sample.text.split('\n').slice(0, 6);
    const stamp = '2026-01-01T00:00:00.0000000Z ';
    const lines = [...cut, 'Error: exit 1'].map(line => stamp + line);
    const out = createRedactor().redactLines(lines);
    expect(out).toHaveLength(lines.length);
    expect(out.at(-1)).toBe(`${stamp}Error: exit 1`);
    expect(findLeak(out.join('\n'), sample.secrets)).toBeUndefined();
  });
});

describe('known values', () => {
  const value = 'correct horse/"battery"+staple';
  const known = (text: string) =>
    createRedactor({ knownSecrets: { MY_PASSPHRASE: value } }).redact(text);
  const b64 = (text: string) => Buffer.from(text).toString('base64');

  it.each([
    ['itself', value],
    ['base64, first alignment', b64(`${value}xy`)],
    ['base64, second alignment', b64(`a${value}`)],
    ['base64, third alignment', b64(`ab${value}cd`)],
    [
      'base64 among bytes',
      Buffer.concat([
        Buffer.from([0, 255, 200]),
        Buffer.from(value),
        Buffer.from([7, 250]),
      ]).toString('base64'),
    ],
    ['base64url', Buffer.from(`>>${value}??`).toString('base64url')],
    ['base64 twice', b64(b64(value))],
    ['URL', encodeURIComponent(value)],
    ['form', new URLSearchParams({ v: value }).toString()],
    [
      'percent',
      [...Buffer.from(value)].map(byte => `%${byte.toString(16)}`).join(''),
    ],
    ['JSON', JSON.stringify(value)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(value))],
    [
      'unicode escapes',
      [...value]
        .map(char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
    ],
    ['hex', Buffer.from(value).toString('hex')],
    ['HEX', Buffer.from(value).toString('hex').toUpperCase()],
    ['hex dump', Buffer.from(value).toString('hex').replace(/../g, '$& ')],
    ['HTML', value.replace(/"/g, '&quot;')],
    ['shell', `'${value}'`],
    ['colours', value.replace(/o/g, '\x1b[1mo\x1b[0m')],
    ['zero-width', value.replace(/e/g, 'e\u200b')],
    ['two lines', value.replace('battery', 'bat\ntery')],
  ])('are found as %s', (_, text) => {
    const out = known(`begin <${text}> end`);
    expect(findLeak(out, [value])).toBeUndefined();
    expect(out).toContain('[REDACTED:my-passphrase#1]');
    expect(out).toMatch(/^begin/);
    expect(out).toMatch(/end$/);
  });

  it('of several lines are found line by line', () => {
    const lines = [draw.word(20), draw.word(24)];
    const redactor = createRedactor({
      knownSecrets: { key: lines.join('\n') },
    });
    expect(redactor.redact(`only ${lines[1]} here`)).toBe(
      'only [REDACTED:key#1] here',
    );
  });

  it('too short to be told from words are left alone', () => {
    const redactor = createRedactor({
      knownSecrets: { A: '', B: '1', C: 'abc', D: 'true', E: '   ' },
    });
    expect(redactor.redact('abc is true, 1')).toBe('abc is true, 1');
  });
});

describe('what triage needs', () => {
  it.each([
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'HEAD is now at 3f78685 Fix the loader',
    'FROM python@sha256:9e1912aab0a30bbd9488eb79063f68f42a68ab0946cbe98fecf197fe5b085506',
    'run_id: 0f9d3a6c1b7e4f7a9d6d7b1f4c1f2a3e',
    'mlflow run 0f9d3a6c1b7e4f7a9d6d7b1f4c1f2a3e finished, dataset digest 8f2e1c9a',
    'trace 123e4567-e89b-12d3-a456-426614174000',
    '+++ b/src/churn_model/train.py',
    '  File "/home/runner/work/churn/churn/src/churn/train.py", line 41, in fit',
    '    at com.example.auth.TokenServiceTest.rejectsExpiredToken(TokenServiceTest.java:88)',
    'FAILED tests/test_auth.py::test_password_reset[token-expired] - AssertionError: assert 401 == 200',
    'tests/test_tokenizer.py::TestTokenizer::test_max_tokens PASSED',
    "TypeError: unexpected keyword argument 'api_key'",
    "KeyError: 'password'",
    'SyntaxError: Unexpected token } in JSON at position 12',
    "error TS2339: Property 'accessToken' does not exist on type 'Session'.",
    'ValueError: max_tokens: 4096 exceeds n_tokens=2048, pad_token_id=50256',
    '{"password": ["This field may not be blank."]}',
    'password: must be at least 8 characters',
    'Authorization header is missing',
    'WWW-Authenticate: Bearer realm="example"',
    'env: DB_PASSWORD: ***',
    'password: ${{ secrets.DB_PASSWORD }}',
    'token: $GITHUB_TOKEN',
    'server-password: GITHUB_TOKEN',
    'auth = request.headers.get("Authorization")',
    'password = get_password(user)',
    'Cache restored from key: Linux-pip-9e1912aab0a30bbd9488eb79063f68f42a68ab0946cbe98fecf197fe5b085506',
    'https://github.com/acme/churn-model/actions/runs/1234567890/job/987654321?pr=12',
    'git@github.com:acme/churn-model.git',
    'npm http fetch GET 200 http://localhost:4873/@scope/pkg 12ms',
    '"integrity": "sha512-Vd8bpLcLRcmD6EoEwRTGTKVLSXoCXBMLPyPMpfbeaBxE6iBVOWDLMWJzPO5x2p3cLzw5dcdcfY1aW2K6OsPzsQ=="',
    'scikit-learn==1.5.2 --hash=sha256:9e1912aab0a30bbd9488eb79063f68f42a68ab0946cbe98fecf197fe5b085506',
    'Setting up libsasl2-modules:amd64 (2.1.27+dfsg2-3ubuntu1.2)',
    'E       AssertionError: f1 0.8123 < threshold 0.85',
    'java.lang.IllegalStateException: Failed to load ApplicationContext for [WebMergedContextConfiguration@5d6f64b1]',
    '-----BEGIN CERTIFICATE-----',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk0 runner',
    '[REDACTED:github-token#3] and [REDACTED:withheld#1]',
  ])('stays: %s', line => {
    expect(redact(line)).toBe(line);
  });

  it('is each of the ordinary lines, alone and together', () => {
    const lines = ordinaryLines();
    expect(lines.length).toBeGreaterThanOrEqual(500);
    expect(lines.filter(line => redact(line) !== line)).toEqual([]);
    expect(createRedactor().redactLines(lines)).toEqual(lines);
  }, 120_000);

  it('stays beside what goes', () => {
    const secret = draw.alnum(20);
    expect(
      redact(
        `fatal: could not read https://ci:${secret}@git.corp.example/a/b.git at 3f786850e387550fdab836ed7e6dc881de23001b`,
      ),
    ).toBe(
      'fatal: could not read https://ci:[REDACTED:url-password#1]@git.corp.example/a/b.git at 3f786850e387550fdab836ed7e6dc881de23001b',
    );
  });
});

describe('placeholders', () => {
  it('are the same for the same secret, in any encoding, and counted', () => {
    const other = `ghp_${draw.alnum(36)}`;
    const redactor = createRedactor();
    expect(redactor.redact(`${PAT} ${other} ${PAT}`)).toBe(
      '[REDACTED:github-token#1] [REDACTED:github-token#2] [REDACTED:github-token#1]',
    );
    expect(redactor.redact(`x ${Buffer.from(PAT).toString('base64')}`)).toBe(
      'x [REDACTED:github-token#1]',
    );
    expect(redactor.counts()).toEqual({ 'github-token': 4 });
  });

  it('cannot be made up to carry a secret', () => {
    const secret = `dapi${draw.hex(32)}`;
    expect(redact(`[REDACTED:${secret}#1]`)).not.toContain(secret);
  });

  it('are the same in each redactor for the same texts', () => {
    const text = cases([3])
      .map(one => one.text)
      .join('\n\n')
      .slice(0, 30_000);
    expect(redact(text)).toBe(redact(text));
  });
});

describe('lines', () => {
  it('are as many as before, also with line breaks in them', () => {
    const lines = ['a', `b ${PAT}`, 'c\nd', '', `e\r\n${PAT}`, ''];
    const out = createRedactor().redactLines(lines);
    expect(out).toEqual([
      'a',
      'b [REDACTED:github-token#1]',
      'c\nd',
      '',
      'e\r\n[REDACTED:github-token#1]',
      '',
    ]);
    expect(createRedactor().redactLines([])).toEqual([]);
  });

  it('do not take the word after a secret with them', () => {
    const stamp = '2026-01-01T00:00:00.0000000Z ';
    expect(
      redact(
        `${stamp}API_KEY=${PAT}\n${stamp}Setting up Python\n${stamp}npm ci`,
      ),
    ).toBe(
      `${stamp}API_KEY=[REDACTED:github-token#1]\n${stamp}Setting up Python\n${stamp}npm ci`,
    );
  });
});

describe('the line after a secret', () => {
  const NEXT = [
    '2 tests failed',
    'Epoch1/10 loss 0.3',
    'E401 Unauthorized',
    'py312 is missing',
    'v1.2.3 was released',
    '3f78685 Fix the loader',
    '##[error]Process completed with exit code 1.',
    'npm10 ERR! code',
    'ResNet50 loaded',
    'a1b2c3d4 started',
    'restore-keys: x',
    'numpy-2.4.1-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl',
    `    --hash=sha256:${new Draw(64).hex(64)} \\`,
    `ghcr.io/acme/churn@sha256:${new Draw(65).hex(64)}`,
    'TOKEN_COUNT=1264 max_tokens: 4096',
    'AWS_REGION=eu-central-1',
    '- pip install --user codecov',
    '// Execute the loader for /page',
    '4 | / pub union U {',
    'a function that immediately returns `true`.',
    'We can inherit `Visitor` instance easily.',
    ' --> tests/ui/not_found.rs:4:19',
    '## Why?',
    '...',
  ];
  const BEFORE = [
    '',
    '2026-01-01T00:00:00.0000000Z ',
    '10:27:45 ',
    'mlflow-1  | ',
    'Step #0: ',
  ];

  it('keeps its first word, whatever kind of secret is above it', () => {
    // A line that nothing has broken, as nearly all logs have one.
    const long = `Downloading ${'wheel '.repeat(60)}`.trim();
    const swallowed = BEFORE.flatMap((before, turn) =>
      Object.entries(SECRET_KINDS).flatMap(([kind, make], index) => {
        const next = NEXT[(index + turn) % NEXT.length];
        const { text } = make(new Draw(9000 + index));
        // Also where no line is as long as to say how wide the text is.
        const lines = [
          ...(turn % 2 === 0 ? [long] : []),
          ...text.split('\n'),
          next,
          'ordinary',
        ].map(line => before + line);
        const out = createRedactor().redact(lines.join('\n')).split('\n');
        return out.at(-2) === lines.at(-2) && out.at(-1) === lines.at(-1)
          ? []
          : [`${kind}: ${out.at(-2)}`];
      }),
    );
    expect(swallowed).toEqual([]);
  }, 120_000);

  it('keeps it under a known value, and goes with one that is broken', () => {
    const value = draw.alnum(24);
    const redactor = createRedactor({ knownSecrets: { db: value } });
    const broken = `${value.slice(0, 11)}\n${value.slice(11)}`;
    expect(redactor.redact(`is ${value}\nordinary\n${broken}\nlast`)).toBe(
      'is [REDACTED:db#1]\nordinary\n[REDACTED:db#1]\n[REDACTED:db#1]\nlast',
    );
  });
});

describe('what cannot be redacted', () => {
  it('is withheld when it is too long', () => {
    const redactor = createRedactor({ maxCharacters: 50 });
    const long = `${PAT} `.repeat(3);
    expect(redactor.redact(long)).toBe('[REDACTED:withheld#1]');
    expect(redactor.redact('short')).toBe('short');
    expect(redactor.redactLines([long, '', 'b'])).toEqual([
      '[REDACTED:withheld#1]',
      '',
      '[REDACTED:withheld#2]',
    ]);
    expect(redactor.counts()).toEqual({ withheld: 3 });
  });

  it('is withheld when time is up', () => {
    expect(createRedactor({ timeLimit: -1 }).redact('hello')).toBe(
      '[REDACTED:withheld#1]',
    );
  });

  it('is withheld when it hides itself again and again', () => {
    const nested = `${'\x1b['.repeat(50)}${'31m'.repeat(50)} ok`;
    expect(redact(nested)).not.toContain('\x1b');
  });

  it('is withheld when the redactor fails, without a word of why', () => {
    const broken = { toString: () => PAT, length: 5 };
    expect(JSON.stringify(createRedactor().redact(broken as never))).toBe(
      '"[REDACTED:withheld#1]"',
    );
  });
});

describe('any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc
      .array(
        fc.oneof(
          fc.string({ maxLength: 12 }),
          fc.constantFrom(
            'password=',
            'token: ',
            '"secret": "',
            'Authorization: Bearer ',
            'https://u:',
            '@host/',
            '\\n',
            '\\u0041',
            '%41',
            '&#65;',
            '=41',
            '***',
            '\x1b[31m',
            '\u200b',
            '\n',
            '\r\n',
            `${DASHES}BEGIN PRIVATE KEY${DASHES}`,
            'kind: Secret\ndata:\n  a: ',
            'QUJDREVGR0hJSktMTU5PUA==',
            'eyJhbGciOi',
            'ghp_',
            'AKIA',
            '[REDACTED:password#1]',
            '[REDACTED:',
            '2026-01-01T00:00:00Z ',
          ),
        ),
        { maxLength: 30 },
      )
      .map(parts => parts.join('')),
  );

  it('goes in, a text comes out that stays as it is', () => {
    fc.assert(
      fc.property(text, input => {
        const redactor = createRedactor();
        const out = redactor.redact(input);
        expect(typeof out).toBe('string');
        expect(redactor.redact(out)).toBe(out);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its lines', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), lines => {
        const out = createRedactor().redactLines(lines);
        expect(out).toHaveLength(lines.length);
      }),
      { numRuns: 80 },
    );
  });

  it('holds no known value in any of its encodings', () => {
    const secret = fc
      .string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 })
      // Not one that hides in what a placeholder is made of.
      .filter(
        value =>
          /[a-z]/i.test(value) && /\d/.test(value) && value.trim() === value,
      );
    const encode = fc.constantFrom<(value: string) => string>(
      value => value,
      value => Buffer.from(value).toString('base64'),
      value => Buffer.from(value).toString('hex'),
      value => encodeURIComponent(value),
      value => JSON.stringify(value),
    );
    fc.assert(
      fc.property(secret, encode, text, text, (value, form, before, after) => {
        const redactor = createRedactor({ knownSecrets: { KNOWN: value } });
        const out = redactor.redact(`${before} ${form(value)} ${after}`);
        expect(out).not.toContain(value);
        expect(out).not.toContain(form(value));
      }),
      { numRuns: 200 },
    );
  });
});

it('ends on hostile input', () => {
  const units = [
    'a',
    '0',
    ' ',
    '.',
    '=',
    '\\',
    '"',
    '/',
    '@',
    ':',
    '%',
    '***',
    '\x1b[',
    '\n',
    'a=',
    'a:',
    'a@',
    '%41',
    '\\u0041',
    '&#65;',
    'A1b2C3d4e5\n',
    'password=',
    '--token ',
    `${DASHES}BEGIN RSA PRIVATE KEY${DASHES}`,
    'http://a:b',
    '?sig=a&',
    'authorization: basic ',
    'cookie: a=b; ',
    'curl -u a:',
    'docker login -p a',
    'kind: Secret data: a: bcde ',
    'AKIAAAAAAAAAAAAAAAAA ',
    'eyJaaaaaaaaa.',
    '[REDACTED:password#1]',
    'keykey=',
    'QUJD',
    'Ab1Cd2Ef3=',
    'curl -u a: http -a mysql -p wandb login ',
    'wandb key 0123456789abcdef',
    'password: |\n  ',
    'name: PASSWORD\nvalue: ',
    'DB_PASSWORD ',
    'mnemonic: able about ',
    'able ',
    '{"kty":"RSA","d":"a',
    '"d":"AAAAAAAAAAAAAAAAAAAAAA"',
    'mysql://a:b@c,mysql://',
    'machine a login b password ',
    'a:1:b:c:',
    'H4sIAAAAAAAA',
    `${'Ab1+'.repeat(16)}\n`,
    `${DASHES}END RSA PRIVATE KEY${DASHES}\n`,
    'ghp_',
  ];
  const size = 16 * 1024;
  for (const unit of units) {
    const whole = unit.repeat(Math.ceil(size / unit.length));
    const lines = whole.replace(/.{70}/g, '$&\n');
    for (const text of [whole, lines, `${unit}${' '.repeat(size * 4)}`]) {
      expect(redact(text)).not.toContain('withheld');
    }
  }
}, 300_000);
