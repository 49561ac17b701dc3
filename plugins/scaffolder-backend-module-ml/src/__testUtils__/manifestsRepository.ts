// SPDX-License-Identifier: Apache-2.0
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { MANIFESTS_TEMPLATE_DIR, TEMPLATE_DIR } from './startPortal';

/** What `make check` needs on this machine, or why it cannot be had. */
export interface ManifestTools {
  missing?: string;
  /** For `make`. */
  variables: { VENV: string; TOOLS: string };
}

/** The tools of the repository's own list, from the cache or built; it takes minutes the first time. */
export function getManifestTools(): ManifestTools {
  const names = fs
    .readFileSync(
      path.join(MANIFESTS_TEMPLATE_DIR, 'skeleton/tools/tools.txt'),
      'utf8',
    )
    .split('\n')
    .filter(line => line && !line.startsWith('#'))
    .map(line => line.split(' ')[0])
    // Sealing needs a cluster's key: no check does.
    .filter(name => name !== 'kubeseal');
  const library = path.resolve(
    MANIFESTS_TEMPLATE_DIR,
    '../../scripts/lib/tools.mjs',
  );
  const answer = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { getTool, toolCacheDir } from ${JSON.stringify(library)};
       const found = [];
       for (const name of ${JSON.stringify([...names, 'zizmor'])}) {
         found.push(await getTool(name));
       }
       process.stdout.write('\\n' + JSON.stringify({ found, cache: toolCacheDir() }));`,
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const { found, cache } = JSON.parse(answer.slice(answer.lastIndexOf('\n')));
  const missing = found.find((tool: { path?: string }) => !tool.path);
  const zizmor = found.at(-1);
  return {
    missing: missing && `${missing.name}: ${missing.reason}`,
    variables: {
      VENV: zizmor.path ? path.dirname(path.dirname(zizmor.path)) : '',
      TOOLS: cache,
    },
  };
}

/** How a target of the Makefile ended. */
export interface MakeResult {
  code: number;
  output: string;
}

/** Runs a target of a repository's Makefile. */
export async function make(
  folder: string,
  target: string,
  { variables }: ManifestTools,
): Promise<MakeResult> {
  return new Promise(resolve => {
    execFile(
      'make',
      ['-s', target, ...Object.entries(variables).map(each => each.join('='))],
      {
        cwd: folder,
        maxBuffer: 16 * 1024 * 1024,
        env: { PATH: process.env.PATH, HOME: folder },
      },
      (error, stdout, stderr) => {
        const code = error ? Number(error.code ?? 1) : 0;
        resolve({ code, output: `${stdout}${stderr}` });
      },
    );
  });
}

/** Choices of a model, as far as its manifests depend on them. */
export interface ModelChoices {
  serving?: 'image' | 'storage-uri';
  canary?: 'none' | 'http-route' | 'knative';
  environments?: string[];
  framework?: string;
  gpu?: boolean;
}

/** Writes `models/<name>` as the first hand-offs of a model with these choices leave it. */
export async function addModel(
  folder: string,
  name: string,
  choices: ModelChoices = {},
): Promise<void> {
  const { serving = 'image', canary = 'none' } = choices;
  const action = createFetchTemplateAction({
    reader: mockServices.urlReader.mock(),
    integrations: ScmIntegrations.fromConfig(mockServices.rootConfig()),
  });
  const workspace = fs.mkdtempSync(path.join(folder, '.model-'));
  const parts = ['skeleton', `serving/${serving}`];
  if (canary !== 'none') {
    parts.push(`canary/${canary}`);
  }
  for (const part of parts) {
    await action.handler({
      ...createMockActionContext(),
      input: {
        url: `./${part}/deploy`,
        templateFileExtension: '.njk',
        replace: true,
        values: {
          name,
          packageName: name.replaceAll('-', '_'),
          description: 'For a test.',
          owner: 'group:default/fraud-team',
          team: 'fraud-team',
          target: 'target',
          framework: 'scikit-learn',
          environments: ['dev', 'prod'],
          gpu: false,
          serving,
          canary,
          image: serving === 'image' ? `ghcr.io/greenroom-demo/${name}` : '',
          manifestsRepository: 'greenroom-demo/infra-manifests',
          registeredModel: name,
          experimentName: name,
          repoHost: 'github.com',
          repoOwner: 'greenroom-demo',
          repoName: name,
          repoUrl: `https://github.com/greenroom-demo/${name}`,
          ...choices,
        },
      },
      workspacePath: workspace,
      createTemporaryDirectory: async () =>
        fs.mkdtempSync(path.join(workspace, '.render-')),
      templateInfo: {
        entityRef: 'template:default/model-service',
        baseUrl: `file://${path.join(TEMPLATE_DIR, 'template.yaml')}`,
      },
    });
  }
  const target = path.join(folder, 'models', name);
  fs.cpSync(workspace, target, { recursive: true });
  fs.rmSync(workspace, { recursive: true });
  for (const entry of fs.readdirSync(target, {
    recursive: true,
    withFileTypes: true,
  })) {
    if (entry.name === 'release.yaml') {
      release(path.join(entry.parentPath, entry.name));
    }
  }
}

/** What a hand-off writes. */
function release(file: string): void {
  const text = fs
    .readFileSync(file, 'utf8')
    .replace(/sha256:0{64}/, `sha256:${'ab'.repeat(32)}`)
    .replace('"s3://none"', '"s3://mlflow/1/models/m-1/artifacts/"')
    .replace('model-version: "0"', 'model-version: "3"')
    .replace('mlflow-run-id: ""', `mlflow-run-id: "${'d'.repeat(32)}"`)
    .replace('source-commit: ""', `source-commit: "${'c'.repeat(40)}"`)
    .replace(
      'ci-run-url: ""',
      'ci-run-url: "https://github.com/greenroom-demo/m/actions/runs/1"',
    );
  fs.writeFileSync(file, text);
}
