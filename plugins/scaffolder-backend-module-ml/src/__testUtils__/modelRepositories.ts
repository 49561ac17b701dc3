// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { mockServices } from '@backstage/backend-test-utils';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { TEMPLATE_DIR } from './startPortal';

const run = promisify(execFile);

/** The name in the repository that the others are copies of. */
const FIRST = 'model-name';

/** How a process ended and what it said. */
export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
}

/** Renders the parts of the template that a hand-off needs, with the scaffolder's own action. */
export async function renderModel(
  folder: string,
  choices: { environments: string[]; canary: string },
): Promise<void> {
  const action = createFetchTemplateAction({
    reader: mockServices.urlReader.mock(),
    integrations: ScmIntegrations.fromConfig(mockServices.rootConfig()),
  });
  const parts = ['skeleton', 'serving/image'];
  if (choices.canary !== 'none') {
    parts.push(`canary/${choices.canary}`);
  }
  fs.mkdirSync(folder, { recursive: true });
  const template = fs.mkdtempSync(path.join(folder, '.template-'));
  for (const part of parts) {
    for (const needed of ['deploy', 'src', 'config.yaml.njk']) {
      const source = path.join(TEMPLATE_DIR, part, needed);
      if (fs.existsSync(source)) {
        fs.cpSync(source, path.join(template, part, needed), {
          recursive: true,
        });
      }
    }
    await action.handler({
      ...createMockActionContext(),
      input: {
        url: `./${part}`,
        templateFileExtension: '.njk',
        replace: true,
        values: {
          name: FIRST,
          packageName: 'model_name',
          description: 'For a test.',
          owner: 'group:default/fraud-team',
          team: 'fraud-team',
          dataset: 'iris',
          target: 'target',
          task: 'classification',
          metric: 'accuracy',
          direction: 'maximize',
          threshold: 0.8,
          framework: 'scikit-learn',
          format: 'native',
          serving: 'image',
          registry: 'ghcr',
          image: `ghcr.io/greenroom-demo/${FIRST}`,
          mlflowAccess: 'token',
          driftMonitor: false,
          gpu: false,
          manifestsRepository: 'greenroom-demo/infra-manifests',
          experimentName: FIRST,
          registeredModel: FIRST,
          mlflowInstance: 'local',
          repoHost: 'localhost',
          repoOwner: 'greenroom-demo',
          repoName: FIRST,
          repoUrl: `http://localhost/greenroom-demo/${FIRST}`,
          templateRef: 'template:default/model-service',
          templateVersion: '2.0.0',
          ...choices,
        },
      },
      workspacePath: folder,
      createTemporaryDirectory: async () =>
        fs.mkdtempSync(path.join(folder, '.render-')),
      templateInfo: {
        entityRef: 'template:default/model-service',
        baseUrl: `file://${path.join(template, 'template.yaml')}`,
      },
    });
  }
}

/** Copies the repository under another name of the same length, as far as a hand-off needs it. */
export function copyModel(from: string, to: string, name: string): void {
  for (const entry of fs.readdirSync(from, {
    recursive: true,
    withFileTypes: true,
  })) {
    const source = path.join(entry.parentPath, entry.name);
    const file = path.relative(from, source);
    if (entry.isFile() && /^(deploy|src|config\.yaml)/.test(file)) {
      const target = path.join(to, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(
        target,
        fs.readFileSync(source, 'utf8').replaceAll(FIRST, name),
      );
    }
  }
}

const GREENROOM_ML = path.join(TEMPLATE_DIR, '../../packages/greenroom-ml/src');

/** Starts `greenroom-ml handoff` in such a repository. */
export function startHandoff(
  python: string,
  repository: string,
  environment: Record<string, string>,
  args: string[] = [],
) {
  const child = spawn(python, ['-m', 'greenroom_ml', 'handoff', ...args], {
    cwd: repository,
    env: {
      PATH: process.env.PATH,
      HOME: repository,
      PYTHONPATH: GREENROOM_ML,
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTOR: 'jane',
      HANDOFF_SECONDS: '500',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', chunk => {
    output += chunk;
  });
  child.stderr.on('data', chunk => {
    output += chunk;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
  return { finished, kill: () => child.kill('SIGKILL') };
}

/** Reads a bare repository with the real git. */
export function gitReader(gitDir: string) {
  const git = async (...args: string[]) =>
    (
      await run('git', ['--git-dir', gitDir, ...args], {
        maxBuffer: 64 * 1024 * 1024,
      })
    ).stdout;
  return {
    git,
    file: (name: string, ref = 'main') => git('show', `${ref}:${name}`),
    /** Newest first: the id, the message and what the commit touches. */
    async commits(range = 'main') {
      const log = await git(
        'log',
        '--format=%x01%H%x02%B%x02',
        '--name-only',
        range,
      );
      return log
        .split('\u0001')
        .slice(1)
        .map(text => {
          const [sha, message, files] = text.split('\u0002');
          return {
            sha,
            message: message.trim(),
            files: files.trim().split('\n').filter(Boolean),
          };
        });
    },
  };
}
