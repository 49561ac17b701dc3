// SPDX-License-Identifier: Apache-2.0
import { ConcurrencyGroups } from './execution/ConcurrencyGroups';
import { parseCommand } from './execution/commands';
import { Masker } from './execution/Masker';
import { findMissingTool } from './execution/missingTools';
import { baseEnvironment, indexPasswords } from './execution/baseEnvironment';
import { readCreated } from './routes/runList';
import { expandStrategy } from './workflow/expandMatrix';
import { matchesPatterns } from './workflow/filterPatterns';
import { matchTrigger } from './workflow/matchTrigger';
import { capPermissions, readPermissions } from './workflow/permissions';
import { unfoldScalars } from './workflow/unfoldScalars';

describe('filter patterns', () => {
  // The examples of GitHub's "Filter pattern cheat sheet".
  it.each([
    ['feature/*', 'feature/my-branch', true],
    ['feature/*', 'feature/a/b', false],
    ['feature/**', 'feature/beta-a/my-branch', true],
    ['releases/mona-the-octocat', 'releases/mona-the-octocat', true],
    ['*', 'main', true],
    ['*', 'a/b', false],
    ['**', 'every/branch', true],
    ['*feature', 'ver-10-feature', true],
    ['v2*', 'v2.9', true],
    ['v[12].[0-9]+.[0-9]+', 'v1.10.1', true],
    ['v[12].[0-9]+.[0-9]+', 'v3.0.0', false],
    ['*.jsx?', 'page.js', true],
    ['*.jsx?', 'page.jsx', true],
    ['**.js', 'js/index.js', true],
    ['docs/**/*.md', 'docs/hello.md', true],
    ['docs/**/*.md', 'docs/a/markdown/file.md', true],
    ['**/docs/**', 'docs/hello.md', true],
    ['**/docs/**', 'dir/docs/my-file.txt', true],
    ['**/README.md', 'js/README.md', true],
    ['**/*src/**', 'a/src/app.js', true],
    ['**/*-post.md', 'my-post.md', true],
    ['a.b', 'axb', false],
    ['(a|b)', 'a', false],
    ['a?b+c', 'bbc', true],
    ['a?b+c', 'ac', false],
    ['**/a', 'b/c/a', true],
    ['**/a', 'ba', false],
    ['[ab', '[ab', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['*', 'a😀', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matchesPatterns([pattern], name)).toBe(expected);
  });

  it('ends however many stars there are', () => {
    const stars = '*a'.repeat(40);
    expect(matchesPatterns([stars], 'a'.repeat(20_000))).toBe(true);
    expect(matchesPatterns([stars], `${'a'.repeat(20_000)}b`)).toBe(false);
  });

  it('lets the last pattern decide', () => {
    const patterns = ['*.md', '!README.md', 'README*'];
    expect(matchesPatterns(patterns.slice(0, 2), 'README.md')).toBe(false);
    expect(matchesPatterns(patterns, 'README.md')).toBe(true);
  });
});

describe('triggers', () => {
  const facts = {
    event: 'push',
    ref: 'refs/heads/main',
    branch: 'main',
    changedFiles: async () => ['src/a.py', 'README.md'],
  };

  it.each([
    [{ push: {} }, true],
    [{ pull_request: {} }, false],
    [{ push: { 'branches-ignore': ['main'] } }, false],
    [{ push: { 'branches-ignore': ['dev'] } }, true],
    [{ push: { tags: ['v*'] } }, false],
    [{ push: { 'paths-ignore': ['**.md'] } }, true],
    [{ push: { 'paths-ignore': ['**.md', 'src/**'] } }, false],
    [{ push: { paths: ['docs/**'] } }, false],
  ])('%j: %s', async (events, expected) => {
    expect(await matchTrigger(events, facts)).toBe(expected);
  });

  it('takes the usual pull request types only, unless told', async () => {
    const pull = {
      event: 'pull_request',
      action: 'labeled',
      branch: 'main',
      changedFiles: async () => undefined,
    };
    expect(await matchTrigger({ pull_request: {} }, pull)).toBe(false);
    expect(
      await matchTrigger({ pull_request: { types: ['labeled'] } }, pull),
    ).toBe(true);
    expect(
      await matchTrigger({ pull_request: {} }, { ...pull, action: 'opened' }),
    ).toBe(true);
  });
});

describe('matrix', () => {
  it("includes as GitHub's documentation has it", () => {
    const { combinations } = expandStrategy({
      matrix: {
        fruit: ['apple', 'pear'],
        animal: ['cat', 'dog'],
        include: [
          { color: 'green' },
          { color: 'pink', animal: 'cat' },
          { fruit: 'apple', shape: 'circle' },
          { fruit: 'banana' },
          { fruit: 'banana', animal: 'cat' },
        ],
      },
    });
    expect(combinations).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  it('refuses what makes no jobs or far too many', () => {
    expect(() => expandStrategy({ matrix: { a: [] } })).toThrow("'a'");
    const twenty = Array.from({ length: 20 }, (_, index) => index);
    expect(() => expandStrategy({ matrix: { a: twenty, b: twenty } })).toThrow(
      'at most 256',
    );
    expect(() =>
      expandStrategy({
        matrix: { a: twenty, b: twenty, c: twenty, d: twenty, e: twenty },
      }),
    ).toThrow('256');
  });
});

describe('what a job sees and says', () => {
  it('reads workflow commands, and takes nothing else for one', () => {
    expect(
      parseCommand('::error file=a.py,line=1,title=A%3A B::x%0Ay %25'),
    ).toEqual({
      name: 'error',
      properties: { file: 'a.py', line: '1', title: 'A: B' },
      message: 'x\ny %',
    });
    expect(parseCommand('text ::error::no')).toBeUndefined();
    expect(parseCommand('std::vector::x')).toBeUndefined();
  });

  it('masks a secret, its lines and its usual encodings', () => {
    const masker = new Masker();
    masker.add('first line\nsecond "line"');
    masker.add('  ');
    expect(
      masker.mask(
        `a first line b second "line" c ${Buffer.from('first line').toString(
          'base64',
        )} d second \\"line\\" e second%20%22line%22 f`,
      ),
    ).toBe('a *** b *** c *** d *** e *** f');
  });

  it('keeps the machine’s package index and nothing else of the environment', () => {
    const environment = baseEnvironment(
      {
        PATH: '/bin',
        HOME: '/home/x',
        AWS_SECRET_ACCESS_KEY: 'k',
        GITHUB_TOKEN: 't',
        NODE_OPTIONS: '--inspect',
        LD_PRELOAD: 'x',
        PIP_INDEX_URL: 'https://me:pass@index.example/simple',
        UV_INDEX_URL: 'https://index.example/simple',
        UV_INDEX_HOUSE_PASSWORD: 'word',
        UV_PUBLISH_TOKEN: 'u',
        GOPROXY: 'https://me:word2@proxy.example',
        GOROOT: '/opt/go',
        https_proxy: 'http://proxy.example',
      },
      '/cache/uv',
    );
    expect(Object.keys(environment).sort()).toEqual(
      expect.arrayContaining([
        'GOPROXY',
        'PATH',
        'PIP_INDEX_URL',
        'UV_CACHE_DIR',
        'UV_INDEX_URL',
        'https_proxy',
      ]),
    );
    expect(Object.keys(environment)).toEqual(
      expect.not.arrayContaining(['HOME', 'GOROOT']),
    );
    expect(JSON.stringify(environment)).not.toMatch(
      /AWS_|GITHUB_|NODE_OPTIONS|LD_PRELOAD|UV_PUBLISH_/,
    );
    expect(indexPasswords(environment).sort()).toEqual([
      'pass',
      'word',
      'word2',
    ]);
  });

  it('knows which programs this machine cannot serve', () => {
    const find = (command: string) =>
      command === 'kubectl' ? '/bin/kubectl' : undefined;
    expect(findMissingTool('make image\ndocker push x', find)).toContain(
      'Docker engine',
    );
    expect(findMissingTool('FOO=1 docker ps', find)).toContain('`docker`');
    expect(findMissingTool('echo docker\n# docker', find)).toBeUndefined();
    expect(findMissingTool('kubectl version', find)).toBeUndefined();
    expect(findMissingTool('cosign sign x', find)).toContain('not installed');
  });

  it('never gives a called workflow more than its caller has', () => {
    const cap = readPermissions({ contents: 'read', issues: 'write' });
    const wanted = readPermissions('write-all');
    expect(capPermissions(wanted, cap)).toMatchObject({
      contents: 'read',
      issues: 'write',
      packages: 'none',
      'id-token': 'none',
    });
  });
});

describe('concurrency groups', () => {
  const member = (name: string, log: string[]) => ({
    enter: () => log.push(`${name} enters`),
    cancel: () => log.push(`${name} cancelled`),
  });

  it('replaces who waits, or lets all wait', () => {
    const log: string[] = [];
    const groups = new ConcurrencyGroups();
    const [a, b, c] = ['a', 'b', 'c'].map(name => member(name, log));
    const single = { cancelInProgress: false, queueAll: false };
    groups.join('G', a, single);
    groups.join('g', b, single);
    groups.join('g', c, single);
    groups.leave('g', a);
    groups.leave('g', c);
    expect(log).toEqual(['a enters', 'b cancelled', 'c enters']);
    log.length = 0;
    const all = { cancelInProgress: false, queueAll: true };
    [a, b, c].forEach(each => groups.join('g', each, all));
    groups.leave('g', b);
    groups.leave('g', a);
    expect(log).toEqual(['a enters', 'c enters']);
  });
});

describe('small readers', () => {
  it('reads date searches', () => {
    expect(readCreated('2026-01-01')).toEqual({
      from: '2026-01-01',
      to: '2026-01-01T23:59:59Z',
    });
    expect(readCreated('2026-01-01..2026-02-01')).toEqual({
      from: '2026-01-01',
      to: '2026-02-01T23:59:59Z',
    });
    expect(readCreated('>=2026-01-01T08:00:00Z')).toEqual({
      from: '2026-01-01T08:00:00Z',
    });
  });

  it('writes texts of several lines on one, and leaves the rest alone', () => {
    const text = unfoldScalars(
      'on: push # why\nversion: 3.10\nrun: |\n  a "b"\n    c\nfold: >-\n  d\n  e\n',
    );
    expect(text).toBe(
      'on: push # why\nversion: 3.10\nrun: "a \\"b\\"\\n  c\\n"\nfold: "d e"\n',
    );
    expect(unfoldScalars('a: [')).toBe('a: [');
  });
});
