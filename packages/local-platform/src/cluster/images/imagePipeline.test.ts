// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findPython } from '../../../bootstrap/python.mjs';
import { sleep } from '../../../bootstrap/processes.mjs';
import { PACKAGE_DIR } from '../../paths';
import {
  getPythonEnvironment,
  startForge,
  startRegistry,
  TestForge,
  TestRegistry,
} from '../../testing';
import { delivery, MANIFESTS_REPOSITORY } from './delivery';
import { LocalImageStore } from './LocalImageStore';
import { PythonEnvironments } from './PythonEnvironments';

jest.setTimeout(300_000);

const ORGANIZATION = 'greenroom-demo';
const MODEL = `${ORGANIZATION}/model`;
const MANIFESTS = `${ORGANIZATION}/${MANIFESTS_REPOSITORY}`;

let registry: TestRegistry;
let forge: TestForge;
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-pipeline-'));
  await getPythonEnvironment();
  registry = await startRegistry();
  const given = delivery(registry.settings);
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  forge = await startForge({
    organizations: [ORGANIZATION, 'strangers'],
    delivery: {
      ...given,
      organizations: {
        ...given.organizations,
        strangers: {
          ...given.organizations?.[ORGANIZATION],
          secrets: { MANIFESTS_APP_PRIVATE_KEY: privateKey },
        },
      },
    },
  });
}, 900_000);

afterAll(async () => {
  await forge?.stop();
  await registry?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The template's own script: what it calls on GitHub, it calls here. */
const PUSH_IMAGE = fs.readFileSync(
  path.join(
    PACKAGE_DIR,
    '../../templates/model-service/serving/image/.github/scripts/push-image.sh',
  ),
  'utf8',
);

const handoff = (needs: string) => `  handoff:
    ${needs}
    runs-on: ubuntu-24.04
    steps:
      - id: token
        uses: actions/create-github-app-token@v3
        with:
          client-id: \${{ vars.MANIFESTS_APP_CLIENT_ID }}
          private-key: \${{ secrets.MANIFESTS_APP_PRIVATE_KEY }}
          owner: ${ORGANIZATION}
          repositories: ${MANIFESTS_REPOSITORY}
          permission-contents: write
      - env:
          TOKEN: \${{ steps.token.outputs.token }}
          DIGEST: \${{ needs.push.outputs.digest }}
        run: |
          put() {
            curl -s -o answer.json -w '%{http_code}' -X PUT -H "Authorization: token $TOKEN" "$GITHUB_API_URL/repos/${ORGANIZATION}/$1" -d "{\\"message\\":\\"handed off\\",\\"content\\":\\"$(echo "$DIGEST" | base64 -w0)\\"}"
          }
          test "$(put ${MANIFESTS_REPOSITORY}/contents/digest)" = 201
          test "$(put model/contents/digest)" = 404
          test "$(put ${MANIFESTS_REPOSITORY}/contents/.github/workflows/x.yml)" = 403
`;

const workflow = (packages: string) => `
on: push
jobs:
  image:
    strategy: { matrix: { architecture: [amd64, arm64] } }
    runs-on: ubuntu-24.04
    outputs: { digest: "\${{ steps.build.outputs.digest }}" }
    steps:
      - uses: actions/checkout@v7
      - uses: docker/setup-buildx-action@v4
      - id: describe
        uses: docker/metadata-action@v6
        with:
          images: ghcr.io/${ORGANIZATION}/model
          tags: type=raw,value=v1
          labels: a.b=c
      - run: test "\${{ steps.describe.outputs.tags }}" = ghcr.io/${ORGANIZATION}/model:v1
      - id: build
        uses: docker/build-push-action@v7
        with:
          context: .
          platforms: linux/\${{ matrix.architecture }}
          labels: a.b=c
          outputs: type=oci,tar=false,dest=image
          provenance: false
      - run: |
          test -f "image/blobs/sha256/$(echo "\${{ steps.build.outputs.digest }}" | cut -d: -f2)"
      - uses: actions/upload-artifact@v7
        with: { name: "image-\${{ matrix.architecture }}", path: image/, if-no-files-found: error }
  push:
    needs: image
    runs-on: ubuntu-24.04
    permissions: { contents: read, packages: ${packages} }
    outputs: { digest: "\${{ steps.push.outputs.digest }}" }
    steps:
      - uses: actions/checkout@v7
      - uses: actions/download-artifact@v8
        with: { pattern: image-*, path: images/ }
      - uses: docker/setup-buildx-action@v4
      - uses: docker/login-action@v4
        with: { registry: ghcr.io, username: "\${{ github.actor }}", password: "\${{ github.token }}" }
      - id: push
        env: { IMAGE: ghcr.io/${ORGANIZATION}/model, TAG: v1 }
        run: |
          docker buildx version
          bash .github/scripts/push-image.sh
  sign:
    needs: push
    runs-on: ubuntu-24.04
    steps:
      - uses: sigstore/cosign-installer@v4
      - run: cosign sign --yes x
${handoff('needs: [push, sign]')}`;

const files = (packages: string) => ({
  '.github/workflows/ci.yml': workflow(packages),
  '.github/scripts/push-image.sh': PUSH_IMAGE,
  '.dockerignore': '*\n!app\n**/*.log\n',
  'app/serve.py': 'print("hello")\n',
  'app/noise.log': 'x',
  Dockerfile: `FROM python:3.12-slim
RUN apt-get update
WORKDIR /app
COPY app ./
ENTRYPOINT ["python", "serve.py"]
`,
});

it('takes a commit to an image in the registry and its digest to another repository', async () => {
  await makeRepository(MANIFESTS, {});
  // With the first start of a machine the registry is built while the pipeline runs already.
  await registry.kill();
  await makeRepository(MODEL, files('write'));
  await waitForLog('The local registry does not answer yet');
  await registry.restart();
  const run = await completed(MODEL, 1);
  expect(await logs(MODEL, run.id)).toMatchObject({ conclusion: 'success' });
  const first = await handedOff();
  expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);

  const store = new LocalImageStore({
    dir: path.join(folder, 'images'),
    registry: {
      url: registry.url,
      pullToken: registry.settings.pullToken,
      standsInFor: ['ghcr.io'],
    },
    environments: new PythonEnvironments({
      uv: 'not needed',
      python: findPython(),
      cacheDir: path.join(folder, 'cache'),
    }),
  });
  const image = await store.resolve(`ghcr.io/${ORGANIZATION}/model@${first}`, {
    pullPolicy: 'IfNotPresent',
    secrets: [],
  });
  expect(image.entrypoint).toEqual(['python', 'serve.py']);
  expect(fs.readdirSync(path.join(image.root, 'app'))).toEqual(['serve.py']);
  const log = await logs(MODEL, run.id);
  expect(log.text).toContain('RUN apt-get update');
  expect(log.text).toContain(
    'FROM python:3.12-slim: the image has no base image',
  );
  expect(log.text).toContain('Skipped: `cosign`');
  expect(log.text).not.toContain(registry.settings.signingKey);

  // The same files make the same image.
  await api('DELETE', `/repos/${MANIFESTS}/contents/digest`, {
    message: 'again',
    sha: (await json<{ sha: string }>(`/repos/${MANIFESTS}/contents/digest`))
      .sha,
  });
  await commit(MODEL, { 'README.md': 'Not in the image.' });
  expect((await completed(MODEL, 2)).conclusion).toBe('success');
  expect(await handedOff()).toBe(first);
});

it('pushes nothing without the right to, and hands nothing off without the App’s key', async () => {
  await commit(MODEL, files('read'));
  const denied = await logs(MODEL, (await completed(MODEL, 3)).id);
  expect(denied.conclusion).toBe('failure');
  expect(denied.text).toContain(
    'denied: requested access to the resource is denied',
  );

  await makeRepository('strangers/model', {
    '.github/workflows/ci.yml': `on: push\njobs:\n${handoff('')}`,
  });
  const stranger = await logs(
    'strangers/model',
    (await completed('strangers/model', 1)).id,
  );
  expect(stranger.conclusion).toBe('failure');
  expect(stranger.text).toContain('A JSON web token could not be decoded');
});

async function api(
  method: string,
  route: string,
  body?: unknown,
): Promise<Response> {
  const response = await fetch(`${forge.apiUrl}${route}`, {
    method,
    headers: {
      authorization: `token ${forge.token}`,
      'content-type': 'application/json',
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(
      `${method} ${route}: ${response.status} ${await response.text()}`,
    );
  }
  return response;
}

async function json<T>(route: string): Promise<T> {
  return (await api('GET', route)).json() as Promise<T>;
}

async function makeRepository(name: string, content: Record<string, string>) {
  const [organization, repository] = name.split('/');
  await api('POST', `/orgs/${organization}/repos`, {
    name: repository,
    private: true,
    auto_init: true,
  });
  await commit(name, content);
}

/** One commit on the default branch; a file that is there is replaced. */
async function commit(name: string, content: Record<string, string>) {
  if (Object.keys(content).length === 0) {
    return;
  }
  const repository = `/repos/${name}`;
  const head = await json<{ object: { sha: string } }>(
    `${repository}/git/ref/heads/main`,
  );
  const tree = await api('POST', `${repository}/git/trees`, {
    base_tree: head.object.sha,
    tree: Object.entries(content).map(([file, text]) => ({
      path: file,
      mode: '100644',
      type: 'blob',
      content: text,
    })),
  });
  const made = await api('POST', `${repository}/git/commits`, {
    message: 'change',
    tree: (await tree.json()).sha,
    parents: [head.object.sha],
  });
  await api('PATCH', `${repository}/git/refs/heads/main`, {
    sha: (await made.json()).sha,
  });
}

interface Run {
  id: number;
  run_number: number;
  status: string;
  conclusion: string;
}

async function completed(name: string, number: number): Promise<Run> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    const { workflow_runs: runs } = await json<{ workflow_runs: Run[] }>(
      `/repos/${name}/actions/runs`,
    );
    const run = runs.find(each => each.run_number === number);
    if (run?.status === 'completed') {
      return run;
    }
    await sleep(250);
  }
  throw new Error(`run ${number} of ${name} is not completed after 2 minutes`);
}

/** Waits for a line in the log of a step that goes on. */
async function waitForLog(words: string) {
  const dir = path.join(forge.dataDir, 'runner', 'logs');
  fs.mkdirSync(dir, { recursive: true });
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const found = fs
      .readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.txt'))
      .some(name =>
        fs.readFileSync(path.join(dir, name), 'utf8').includes(words),
      );
    if (found) {
      return;
    }
    await sleep(200);
  }
  throw new Error(`no log says: ${words}`);
}

/** How a run ended, with the logs of all its jobs. */
async function logs(name: string, id: number) {
  const run = await json<Run>(`/repos/${name}/actions/runs/${id}`);
  const { jobs } = await json<{ jobs: { id: number; conclusion: string }[] }>(
    `/repos/${name}/actions/runs/${id}/jobs`,
  );
  const texts = await Promise.all(
    jobs
      .filter(job => job.conclusion !== 'skipped')
      .map(async job =>
        (await api('GET', `/repos/${name}/actions/jobs/${job.id}/logs`)).text(),
      ),
  );
  return { conclusion: run.conclusion, text: texts.join('\n') };
}

async function handedOff(): Promise<string> {
  const { content } = await json<{ content: string }>(
    `/repos/${MANIFESTS}/contents/digest`,
  );
  return Buffer.from(content, 'base64').toString().trim();
}
