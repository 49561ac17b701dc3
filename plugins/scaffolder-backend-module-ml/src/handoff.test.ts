// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  getPythonEnvironment,
  startForge,
  type TestForge,
} from '@greenroom/local-platform/testing';
import {
  copyModel,
  type Finished,
  gitReader,
  renderModel,
  startHandoff,
} from './__testUtils__/modelRepositories';
import { startFaultProxy } from './__testUtils__/startFaultProxy';

jest.setTimeout(600_000);

const OWNER = 'greenroom-demo';
const COMMIT = 'c'.repeat(40);
const digest = (version: number) =>
  `sha256:${String(version).padStart(64, '0')}`;

let forge: TestForge;
let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let python: string;
let root: string;
let count = 0;

const rest = async (method: string, route: string, body?: unknown) => {
  const response = await fetch(`${forge.apiUrl}${route}`, {
    method,
    headers: {
      authorization: `Bearer ${forge.token}`,
      'content-type': 'application/json',
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = response.status === 204 ? undefined : await response.json();
  if (!response.ok) {
    throw new Error(
      `${method} ${route}: ${response.status} ${JSON.stringify(answer)}`,
    );
  }
  return answer;
};

/** An own GitOps repository with a README, and how to hand off to it. */
async function makeManifests() {
  count += 1;
  const name = `manifests-${count}`;
  await rest('POST', `/orgs/${OWNER}/repos`, { name, auto_init: true });
  const reader = gitReader(
    path.join(forge.dataDir, 'forge', 'repositories', OWNER, `${name}.git`),
  );
  const environmentOf = (
    way: 'api' | 'git',
    version: number,
    environment: string,
  ) => ({
    ENVIRONMENT: environment,
    MODEL_VERSION: String(version),
    IMAGE_DIGEST: digest(version),
    MLFLOW_RUN_ID: `run${version}`,
    GITHUB_SHA: COMMIT,
    GITHUB_SERVER_URL: forge.url,
    GITHUB_REPOSITORY: `${OWNER}/model-name`,
    GITHUB_RUN_ID: String(version),
    GITHUB_API_URL: `${proxy.url}/api/v3`,
    GITHUB_GRAPHQL_URL: `${proxy.url}/api/graphql`,
    ...(way === 'api'
      ? {
          MANIFESTS_REPOSITORY: `${OWNER}/${name}`,
          MANIFESTS_TOKEN: forge.token,
        }
      : {
          MANIFESTS_REPOSITORY_URL: `${proxy.url.replace(
            '//',
            `//x-access-token:${forge.token}@`,
          )}/${OWNER}/${name}.git`,
        }),
  });
  return {
    ...reader,
    name,
    path: `/repos/${OWNER}/${name}`,
    start: (
      model: string,
      version: number,
      {
        way = 'api',
        environment = 'dev',
        args = [],
        more = {},
      }: {
        way?: 'api' | 'git';
        environment?: string;
        args?: string[];
        more?: Record<string, string>;
      } = {},
    ) =>
      startHandoff(
        python,
        path.join(root, model),
        { ...environmentOf(way, version, environment), ...more },
        args,
      ),
    pulls: (): Promise<
      Array<{
        number: number;
        title: string;
        body: string;
        state: string;
        head: { ref: string };
      }>
    > => rest('GET', `/repos/${OWNER}/${name}/pulls?state=all`),
  };
}

type Manifests = Awaited<ReturnType<typeof makeManifests>>;
type Options = Parameters<Manifests['start']>[2];

const handOff = (
  manifests: Manifests,
  model: string,
  version: number,
  options?: Options,
): Promise<Finished> => manifests.start(model, version, options).finished;

const release = (environment = 'dev', folder = '') =>
  `overlays/${environment}/${folder}release.yaml`;

const versionIn = (text: string) =>
  Number(/greenroom\.dev\/model-version: "(\d+)"/.exec(text)?.[1]);

const edit = async (
  { path: repository }: Manifests,
  file: string,
  content: string,
) => {
  const { sha } = await rest('GET', `${repository}/contents/${file}`);
  await rest('PUT', `${repository}/contents/${file}`, {
    message: `Edit ${file}`,
    sha,
    content: Buffer.from(content).toString('base64'),
  });
};

const nameOf = (index: number) => `model-x${String(index).padStart(3, '0')}`;

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-handoff-'));
  [forge, python] = await Promise.all([
    startForge({ runner: false, organizations: [OWNER] }),
    getPythonEnvironment(),
  ]);
  proxy = await startFaultProxy(forge.url);
  const first = path.join(root, 'first');
  await renderModel(first, { environments: ['dev', 'prod'], canary: 'none' });
  for (let index = 0; index < 50; index++) {
    copyModel(first, path.join(root, nameOf(index)), nameOf(index));
  }
  const canary = path.join(root, 'canary-first');
  await renderModel(canary, { environments: ['prod'], canary: 'http-route' });
  copyModel(canary, path.join(root, 'model-road'), 'model-road');
}, 300_000);

afterAll(async () => {
  await proxy?.stop();
  await forge?.stop();
  fs.rmSync(root, { recursive: true, force: true });
});

beforeEach(() => proxy.set());

describe.each([
  ['api', 50],
  ['git', 20],
] as const)('many at once, by %s', (way, models) => {
  it(`lets ${models} models write to one branch, each once and nothing lost`, async () => {
    const manifests = await makeManifests();
    // Straight to forge: nothing is done to the requests on the way.
    const more: Record<string, string> =
      way === 'api'
        ? {
            GITHUB_API_URL: forge.apiUrl,
            GITHUB_GRAPHQL_URL: `${forge.url}/api/graphql`,
          }
        : {};
    const all = Array.from({ length: models }, (_value, index) =>
      nameOf(index),
    );
    const some = all.slice(0, 10);
    let total = 1;
    for (const [version, names] of [
      [1, all],
      [2, some],
    ] as const) {
      const ended = await Promise.all(
        names.map(name => handOff(manifests, name, version, { way, more })),
      );
      total += names.length;
      expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
      const commits = await manifests.commits();
      expect(commits).toHaveLength(total);
      const made = commits.slice(0, names.length);
      expect(made.map(({ message }) => message.split('\n')[0]).sort()).toEqual(
        names.map(name => `${name}: version ${version} to dev`),
      );
      for (const { message, files } of made) {
        const name = message.split(':')[0];
        const expected =
          version > 1
            ? [release()]
            : [
                'base/inferenceservice.yaml',
                'base/kustomization.yaml',
                'base/networkpolicy.yaml',
                'base/servicemonitor.yaml',
                'model.yaml',
                'overlays/dev/kustomization.yaml',
                release(),
              ];
        expect(files).toEqual(expected.map(file => `models/${name}/${file}`));
        expect(message).toBe(
          [
            `${name}: version ${version} to dev`,
            '',
            `Model: ${name}/${version}`,
            'Environment: dev',
            `Source-Commit: ${COMMIT}`,
            `MLflow-Run: run${version}`,
            `Image-Digest: ${digest(version)}`,
            `CI-Run: ${forge.url}/${OWNER}/model-name/actions/runs/${version}`,
          ].join('\n'),
        );
      }
      for (const name of names) {
        const text = await manifests.file(`models/${name}/${release()}`);
        expect(versionIn(text)).toBe(version);
        expect(text).toContain(
          `greenroom.dev/image: "ghcr.io/${OWNER}/${name}@${digest(version)}"`,
        );
      }
    }
    // Parents are a line: nothing was forced away.
    expect((await manifests.git('rev-list', '--count', 'main')).trim()).toBe(
      String(total),
    );
    const again = await Promise.all(
      some.map(name => handOff(manifests, name, 2, { way, more })),
    );
    expect(again.map(({ code }) => code)).toEqual(some.map(() => 0));
    expect(again[0].output).toContain('is in dev already: nothing to do');
    expect(await manifests.commits()).toHaveLength(total);
  });
});

describe('a hand-off that breaks off', () => {
  const kill = async (
    way: 'api' | 'git',
    environment: 'dev' | 'prod',
    stage: 'before' | 'after',
  ) => {
    const manifests = await makeManifests();
    for (let number = 1; number <= 12; number++) {
      const model = nameOf(number);
      const runs: Array<ReturnType<Manifests['start']>> = [];
      proxy.set({
        [stage]: (request: { number: number }) => {
          if (request.number === number) {
            runs.forEach(run => run.kill());
          }
          return request.number >= number;
        },
      });
      runs.push(manifests.start(model, 3, { way, environment }));
      const killed = await runs[0].finished;
      proxy.set();
      const again = await handOff(manifests, model, 3, { way, environment });
      expect(again).toMatchObject({ code: 0 });
      const ref =
        environment === 'dev' ? 'main' : `main..handoff/${model}-3-prod`;
      const made = (await manifests.commits(ref)).filter(({ message }) =>
        message.startsWith(`${model}:`),
      );
      expect(made).toHaveLength(1);
      const branch = environment === 'dev' ? 'main' : `handoff/${model}-3-prod`;
      expect(
        versionIn(
          await manifests.file(
            `models/${model}/${release(environment)}`,
            branch,
          ),
        ),
      ).toBe(3);
      if (environment === 'prod' && way === 'api') {
        expect(
          (await manifests.pulls()).filter(
            ({ head }) => head.ref === `handoff/${model}-3-prod`,
          ),
        ).toHaveLength(1);
      }
      if (killed.signal !== 'SIGKILL') {
        expect(killed.code).toBe(0);
        return number;
      }
    }
    return 99;
  };

  it.each([
    ['api', 'dev', 3],
    ['api', 'prod', 8],
    ['git', 'dev', 6],
    ['git', 'prod', 6],
  ] as const)(
    'by %s to %s, at each request, ends in one commit when it runs again',
    async (way, environment, least) => {
      const before = await kill(way, environment, 'before');
      const after = await kill(way, environment, 'after');
      // The last one was not killed: it made fewer requests.
      expect([before >= least, after >= least, before < 13]).toEqual([
        true,
        true,
        true,
      ]);
    },
  );

  it('finds its own commit when the answer was lost', async () => {
    const manifests = await makeManifests();
    let lost = 0;
    proxy.set({
      after: ({ body }) => {
        lost += body.includes('mutation') ? 1 : 0;
        return body.includes('mutation') && lost === 1;
      },
    });
    const { code, output } = await handOff(manifests, nameOf(0), 1);
    expect({ code, lost }).toEqual({ code: 0, lost: 1 });
    expect(output).toContain('GitHub gives no answer');
    expect(output).toContain('Version 1 is in dev already: nothing to do.');
    expect(await manifests.commits()).toHaveLength(2);
  });
});

describe('what GitHub answers', () => {
  const answer = (
    status: number,
    body: string,
    headers: Record<string, string> = {},
  ) => ({
    before: ({
      number,
      response,
    }: {
      number: number;
      response: import('node:http').ServerResponse;
    }) => {
      if (number > 1) {
        return false;
      }
      response.writeHead(status, headers).end(body);
      return true;
    },
  });

  it.each([
    [
      '429',
      429,
      '{"message":"slow"}',
      { 'retry-after': '1' },
      'asks to wait (429)',
    ],
    [
      'a second limit',
      403,
      '{"message":"You have exceeded a secondary rate limit"}',
      { 'retry-after': '1' },
      'asks to wait (403)',
    ],
    ['502', 502, '<html>', {}, 'GitHub answers 502'],
    ['half an answer', 200, '{"data": {"repos', {}, 'gives no answer'],
    ['no object', 200, '"x"', {}, 'no answer that makes sense'],
    [
      'its own trouble',
      200,
      '{"data":null,"errors":[{"message":"Something went wrong while executing your query."}]}',
      {},
      'Something went wrong',
    ],
  ])('tries again after %s', async (_name, status, body, headers, said) => {
    const manifests = await makeManifests();
    proxy.set(answer(status, body, headers as Record<string, string>));
    const { code, output } = await handOff(manifests, nameOf(0), 1);
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining(said),
    });
    expect(proxy.lines).toHaveLength(3);
    expect(await manifests.commits()).toHaveLength(2);
  });

  it('gives up in time, and says that nothing is half done', async () => {
    const manifests = await makeManifests();
    proxy.set({
      before: ({ response }) => {
        response.writeHead(503, { 'retry-after': '3600' }).end('{}');
        return true;
      },
    });
    const { code, output } = await handOff(manifests, nameOf(0), 1);
    expect(code).toBe(2);
    expect(output).toContain('The hand-off gave up: GitHub answers 503');
    expect(proxy.lines).toHaveLength(1);
    expect(await manifests.commits()).toHaveLength(1);
  });

  it.each([
    [
      'an expired token',
      answer(401, '{"message":"Bad credentials"}'),
      {},
      'refuses the token for greenroom-demo/manifests-',
    ],
    [
      'a token without the right',
      answer(403, '{"message":"Resource not accessible by integration"}'),
      {},
      'Resource not accessible by integration. The App needs contents: write',
    ],
    [
      'a repository that moved',
      answer(301, '{}', { location: 'http://localhost:1/stolen' }),
      {},
      'has moved: correct MANIFESTS_REPOSITORY',
    ],
    [
      'a repository that is not there',
      {},
      { MANIFESTS_REPOSITORY: `${OWNER}/nowhere` },
      'greenroom-demo/nowhere is not there, or the token may not see it',
    ],
  ])('stops at %s', async (_name, fault, more, said) => {
    const manifests = await makeManifests();
    proxy.set(fault);
    const { code, output } = await handOff(manifests, nameOf(0), 1, {
      more: more as Record<string, string>,
    });
    expect(output).toContain(said);
    expect(output).not.toContain(forge.token);
    expect(code).toBe(2);
    expect(proxy.lines).toHaveLength(1);
  });

  it('stops at a protected branch', async () => {
    const manifests = await makeManifests();
    proxy.set({
      before: ({ body, response }) => {
        if (!body.includes('mutation')) {
          return false;
        }
        response.end(
          JSON.stringify({
            data: { createCommitOnBranch: null },
            errors: [
              {
                type: 'UNPROCESSABLE',
                message:
                  'Repository rule violations found\n\nChanges must be made through a pull request.',
              },
            ],
          }),
        );
        return true;
      },
    });
    const { code, output } = await handOff(manifests, nameOf(0), 1);
    expect(code).toBe(2);
    expect(output).toContain(
      'Changes must be made through a pull request. (UNPROCESSABLE). The App needs',
    );
    expect(proxy.lines).toHaveLength(2);
  });

  it('stops at wrong credentials, and at a repository that is not there, by git too', async () => {
    const manifests = await makeManifests();
    const of = (url: string) =>
      handOff(manifests, nameOf(0), 1, {
        way: 'git',
        more: { MANIFESTS_REPOSITORY_URL: url },
      });
    const wrong = await of(
      `${forge.url.replace('//', '//x:wrong@')}/${OWNER}/${manifests.name}.git`,
    );
    expect(wrong).toMatchObject({
      code: 2,
      output: expect.stringMatching(/refuses git's credentials/),
    });
    expect(wrong.output).not.toContain('wrong@');
    expect(await of(`file://${root}/none.git`)).toMatchObject({
      code: 2,
      output: expect.stringMatching(/is not there/),
    });
  });

  it('follows the default branch when it is renamed', async () => {
    const manifests = await makeManifests();
    await handOff(manifests, nameOf(0), 1);
    const sha = (await manifests.git('rev-parse', 'main')).trim();
    await rest('POST', `${manifests.path}/git/refs`, {
      ref: 'refs/heads/trunk',
      sha,
    });
    await rest('PATCH', manifests.path, { default_branch: 'trunk' });
    await rest('DELETE', `${manifests.path}/git/refs/heads/main`);
    expect(await handOff(manifests, nameOf(0), 2)).toMatchObject({ code: 0 });
    expect(await manifests.commits('trunk')).toHaveLength(3);
  });
});

describe('what people wrote', () => {
  it.each(['api', 'git'] as const)(
    'stays byte for byte, with its line ends, by %s',
    async way => {
      const manifests = await makeManifests();
      const file = `models/${nameOf(0)}/${release()}`;
      await handOff(manifests, nameOf(0), 1, { way });
      const written = `\ufeff${(await manifests.file(file))
        .replace('metadata:', '# Größe: siehe unten  \nmetadata:   # here')
        .replace(
          /^( *)(greenroom.dev\/mlflow-run-id): (.*)$/m,
          "$1$2:   '$3' # odd",
        )
        .replace(/'"(.*)"'/, "'$1'")
        .replaceAll('\n', '\r\n')}`;
      await edit(manifests, file, written);
      expect(await handOff(manifests, nameOf(0), 2, { way })).toMatchObject({
        code: 0,
      });
      expect(await manifests.file(file)).toBe(
        written
          .replace('model-version: "1"', 'model-version: "2"')
          .replace("'run1'", "'run2'")
          .replace('/runs/1"', '/runs/2"')
          .replace(digest(1), digest(2)),
      );
    },
  );

  it('is refused where an edit could spoil it, with file and line', async () => {
    const manifests = await makeManifests();
    const file = `models/${nameOf(0)}/${release()}`;
    await handOff(manifests, nameOf(0), 1);
    await edit(
      manifests,
      file,
      (await manifests.file(file)).replace('"1"', '&version "1"'),
    );
    const { code, output } = await handOff(manifests, nameOf(0), 2);
    expect(code).toBe(2);
    expect(output).toMatch(
      /overlays\/dev\/release\.yaml:\d+: write the value out/,
    );
  });

  it('is not taken over by another repository, and no late run goes back', async () => {
    const manifests = await makeManifests();
    const model = nameOf(0);
    await handOff(manifests, model, 5);
    expect(await handOff(manifests, model, 4)).toMatchObject({
      code: 0,
      output: expect.stringContaining('version 5, which is newer than 4'),
    });
    expect(await manifests.commits()).toHaveLength(2);
    expect(
      await handOff(manifests, model, 4, { more: { FORCE: '1' } }),
    ).toMatchObject({ code: 0 });
    expect(
      versionIn(await manifests.file(`models/${model}/${release()}`)),
    ).toBe(4);

    const file = `models/${model}/model.yaml`;
    await edit(
      manifests,
      file,
      (await manifests.file(file)).replace(/repository: .*/, 'repository: a/b'),
    );
    expect(await handOff(manifests, model, 6)).toMatchObject({
      code: 2,
      output: expect.stringContaining('belong to a/b, not to greenroom-demo/'),
    });
  });
});

describe('production', () => {
  const branchOf = (model: string, version: number) =>
    `handoff/${model}-${version}-prod`;
  const prod = { environment: 'prod' };

  it('gets one pull request for each version, kept up to date', async () => {
    const manifests = await makeManifests();
    const model = nameOf(0);
    const merge = (number: number) =>
      rest('PUT', `${manifests.path}/pulls/${number}/merge`, {
        merge_method: 'squash',
      });
    const both = await Promise.all([
      handOff(manifests, model, 1, prod),
      handOff(manifests, model, 1, prod),
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const [pull, ...others] = await manifests.pulls();
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: `${model}: version 1 to prod`,
      head: { ref: branchOf(model, 1) },
      body: expect.stringContaining(`| Image-Digest | \`${digest(1)}\` |`),
    });
    expect(await manifests.commits()).toHaveLength(1);
    const [commit, ...more] = await manifests.commits(
      `main..${branchOf(model, 1)}`,
    );
    expect(more).toEqual([]);
    expect(commit.message).toContain(`Environment: prod\n`);
    expect(commit.files).toContain(
      `models/${model}/overlays/prod/poddisruptionbudget.yaml`,
    );

    // Other models do not matter to it; what somebody wrote over its text is put right.
    await handOff(manifests, nameOf(1), 1);
    await rest('PATCH', `${manifests.path}/pulls/${pull.number}`, {
      title: 'x',
    });
    await handOff(manifests, model, 1, prod);
    expect(
      (await manifests.commits(`main..${branchOf(model, 1)}`))[0].sha,
    ).toBe(commit.sha);
    expect(await manifests.pulls()).toMatchObject([{ title: pull.title }]);

    // Its own model has changed in between: the same pull request, on top of that.
    await handOff(manifests, model, 1);
    await handOff(manifests, model, 1, prod);
    const rebuilt = await manifests.commits(`main..${branchOf(model, 1)}`);
    expect(rebuilt).toHaveLength(1);
    expect(rebuilt[0].sha).not.toBe(commit.sha);
    expect(await manifests.pulls()).toHaveLength(1);

    await merge(pull.number);
    expect(await handOff(manifests, model, 1, prod)).toMatchObject({
      code: 0,
      output: expect.stringContaining('Version 1 is in prod already'),
    });
    await handOff(manifests, model, 2, prod);
    await handOff(manifests, model, 3, prod);
    const [three, two] = await manifests.pulls();
    expect(
      (await manifests.commits(`main..${branchOf(model, 3)}`))[0].files,
    ).toEqual([`models/${model}/${release('prod')}`]);
    await merge(three.number);
    expect((await handOff(manifests, model, 2, prod)).output).toContain(
      'version 3, which is newer than 2',
    );
    await rest('PATCH', `${manifests.path}/pulls/${two.number}`, {
      state: 'closed',
    });

    // A person declined it.
    await handOff(manifests, model, 4, prod);
    const [four] = await manifests.pulls();
    await rest('PATCH', `${manifests.path}/pulls/${four.number}`, {
      state: 'closed',
    });
    expect(await handOff(manifests, model, 4, prod)).toMatchObject({
      code: 0,
      output: expect.stringContaining('people closed its pull request'),
    });
    expect(await manifests.pulls()).toHaveLength(4);
    await handOff(manifests, model, 4, { ...prod, more: { FORCE: '1' } });
    expect(await manifests.pulls()).toHaveLength(5);
  });

  it('by git gets a branch, and the address where a person opens the pull request', async () => {
    const manifests = await makeManifests();
    const model = nameOf(0);
    const { code, output } = await handOff(manifests, model, 1, {
      ...prod,
      way: 'git',
    });
    expect(code).toBe(0);
    expect(output).toContain(
      `/${manifests.name}/compare/main...${branchOf(model, 1)}?expand=1`,
    );
    expect(output).not.toContain(forge.token);
    const [commit] = await manifests.commits(`main..${branchOf(model, 1)}`);
    await handOff(manifests, model, 1, { ...prod, way: 'git' });
    expect(await manifests.commits(`main..${branchOf(model, 1)}`)).toEqual([
      commit,
    ]);
  });

  it('tries a version on a canary, promotes it or takes it back', async () => {
    const manifests = await makeManifests();
    const model = 'model-road';
    const state = async () => ({
      stable: versionIn(
        await manifests.file(`models/${model}/${release('prod', 'stable/')}`),
      ),
      canary: versionIn(
        await manifests.file(`models/${model}/${release('prod', 'canary/')}`),
      ),
      weights: [
        ...(
          await manifests.file(`models/${model}/overlays/prod/httproute.yaml`)
        ).matchAll(/weight: (\d+)/g),
      ].map(([, weight]) => Number(weight)),
    });
    const merged = async (version: number, args: string[] = []) => {
      const ended = await handOff(manifests, model, version, { ...prod, args });
      expect(ended).toMatchObject({ code: 0 });
      const [pull] = await manifests.pulls();
      await rest('PUT', `${manifests.path}/pulls/${pull.number}/merge`, {});
      return state();
    };
    expect(await merged(1)).toEqual({
      stable: 1,
      canary: 1,
      weights: [100, 0],
    });
    expect(await merged(2)).toEqual({
      stable: 1,
      canary: 2,
      weights: [90, 10],
    });
    expect(await merged(2, ['rollback'])).toEqual({
      stable: 1,
      canary: 1,
      weights: [100, 0],
    });
    expect(await merged(3)).toMatchObject({ canary: 3, weights: [90, 10] });
    expect(await merged(3, ['promote'])).toEqual({
      stable: 3,
      canary: 3,
      weights: [100, 0],
    });
    const nothing = await handOff(manifests, model, 3, {
      ...prod,
      args: ['promote'],
    });
    expect(nothing.output).toContain('There is no canary in prod to promote');
  });
});
