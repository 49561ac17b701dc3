// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { getPythonEnvironment } from '@greenroom/local-platform/testing';
import type { JsonObject } from '@backstage/types';
import { createPackageSourceAction } from './actions/createPackageSourceAction';
import { readPackageSource } from './services/readPackageSource';
import { TEMPLATE_DIR } from './__testUtils__/startPortal';

jest.setTimeout(300_000);

const workspace = createMockDirectory();
const inTemplate = (...names: string[]) => path.join(TEMPLATE_DIR, ...names);
const WHEELS = inTemplate('skeleton', 'vendor');
const [WHEEL] = fs.readdirSync(WHEELS);

/** The files of the template that name the package, as a rendered repository has them. */
function render(requirements: string, ...more: string[]) {
  workspace.clear();
  const to = (name: string) => path.join(workspace.path, name);
  for (const folder of [requirements, ...more]) {
    fs.cpSync(inTemplate('requirements', folder), workspace.path, {
      recursive: true,
    });
  }
  fs.cpSync(WHEELS, to('vendor'), { recursive: true });
  fs.copyFileSync(inTemplate('skeleton', 'Makefile.njk'), to('Makefile'));
  fs.copyFileSync(
    inTemplate('serving', 'image', 'Dockerfile'),
    to('Dockerfile'),
  );
}

const read = (name: string) =>
  fs.readFileSync(path.join(workspace.path, name), 'utf8');

async function run(settings: JsonObject) {
  const source = readPackageSource(
    new ConfigReader({ scaffolder: { ml: { package: settings } } }),
  );
  const context = createMockActionContext({ workspacePath: workspace.path });
  await createPackageSourceAction(source).handler(context);
  return context.output;
}

it('leaves the wheel in the repository unless told otherwise', async () => {
  render('scikit-learn');
  const before = workspace.content();
  expect(await run({})).toHaveBeenCalledWith('source', 'vendored');
  expect(workspace.content()).toEqual(before);
});

it('lets every file ask an index for the same wheel, and uv installs it from there', async () => {
  const digest = /_ml-\S+ \\\n +--hash=sha256:(\w+)/.exec(
    fs.readFileSync(
      inTemplate('requirements', 'scikit-learn', 'requirements.lock'),
      'utf8',
    ),
  )?.[1];
  const index = createServer((request, response) => {
    if (request.url === '/simple/greenroom-ml/') {
      response.setHeader('content-type', 'text/html');
      response.end(`<a href="/files/${WHEEL}">${WHEEL}</a>`);
    } else if (request.url === `/files/${WHEEL}`) {
      response.end(fs.readFileSync(path.join(WHEELS, WHEEL)));
    } else {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => index.once('listening', resolve));
  const { port } = index.address() as AddressInfo;
  const indexUrl = `http://127.0.0.1:${port}/simple/`;
  try {
    for (const folders of [
      ['scikit-learn'],
      ['lightgbm-runtime'],
      ['pytorch-onnx', 'onnx-server'],
    ]) {
      const [first, ...more] = folders;
      render(first, ...more);
      await run({ source: 'index', indexUrl });
      for (const name of ['requirements', 'requirements-serve']) {
        expect(read(`${name}.in`)).toMatch(/^greenroom-ml ==1\.0\.0$/m);
        expect(read(`${name}.lock`)).toMatch(
          /^greenroom-ml==1\.0\.0 \\\n {4}--hash=sha256:[0-9a-f]{64}$/m,
        );
        expect(`${read(`${name}.in`)}${read(`${name}.lock`)}`).not.toMatch(
          /vendor/,
        );
      }
      expect(read('requirements.lock')).toContain(digest);
      expect(fs.existsSync(path.join(workspace.path, 'vendor'))).toBe(false);
      expect(read('Dockerfile')).not.toContain('COPY vendor');
      expect(read('Dockerfile')).toMatch(
        new RegExp(`^ENV PIP_EXTRA_INDEX_URL=${indexUrl}\nRUN python -m`, 'm'),
      );
    }
    const makefile = read('Makefile');
    expect(makefile).not.toContain('vendor/');
    const [, uvIndex] = /^export UV_INDEX := (\S+)$/m.exec(makefile) ?? [];
    // Make runs it by itself where nothing is installed.
    const parts = makefile.match(
      /^(export (?:UV|PIP)_|PLATFORM =)(.*\\\n)*.*\n/gm,
    );
    fs.writeFileSync(
      path.join(workspace.path, 'platform.mk'),
      `${parts?.join('')}\ntry:\n\t$(PLATFORM) --help\n`,
    );
    const { stdout } = await promisify(execFile)(
      'make',
      ['--file=platform.mk', 'try'],
      { cwd: workspace.path },
    );
    expect(stdout).toContain('usage: greenroom-ml');
    const [line] =
      /^greenroom-ml==.*\n.*$/m.exec(read('requirements.lock')) ?? [];
    fs.writeFileSync(path.join(workspace.path, 'one.lock'), `${line}\n`);
    await promisify(execFile)(
      process.env.GREENROOM_UV ?? 'uv',
      [
        ...['pip', 'install', '--quiet', '--no-cache', '--no-deps'],
        ...['--require-hashes', '--python', await getPythonEnvironment()],
        ...['--target', 'installed', '--requirement', 'one.lock'],
      ],
      { cwd: workspace.path, env: { ...process.env, UV_INDEX: uvIndex } },
    );
    expect(
      fs.existsSync(
        path.join(workspace.path, 'installed', 'greenroom_ml', 'cli.py'),
      ),
    ).toBe(true);
  } finally {
    index.closeAllConnections();
    index.close();
  }
});

it('names no index where the machines know one', async () => {
  render('scikit-learn');
  await run({ source: 'index' });
  expect(read('Makefile')).not.toContain('UV_INDEX');
  expect(read('Dockerfile')).not.toContain('PIP_EXTRA_INDEX_URL');
});

it.each([
  [{ source: 'pypi' }, 'source is "pypi", but must be vendored or index'],
  [{ indexUrl: 'https://packages.example' }, 'needs scaffolder.ml.package'],
  [
    { source: 'index', indexUrl: 'https://u:p@packages.example' },
    'without user and password',
  ],
  [
    { source: 'index', indexUrl: 'https://packages.example/\nRUN x' },
    'must be an http(s) address',
  ],
])('refuses %j', async (settings, message) => {
  await expect(run(settings)).rejects.toThrow(message);
});
