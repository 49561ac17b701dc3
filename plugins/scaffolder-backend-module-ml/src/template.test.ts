import fs from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '@backstage/types';
import { startForge, startMlflow } from '@greenroom/local-platform/testing';
import type { TestForge, TestMlflow } from '@greenroom/local-platform/testing';
import { parse, parseAllDocuments } from 'yaml';
import { startPortal, TEMPLATE_DIR } from './__fixtures__/startPortal';

jest.setTimeout(120_000);

const template = parse(
  fs.readFileSync(path.join(TEMPLATE_DIR, 'template.yaml'), 'utf8'),
);

let forge: TestForge;
let mlflow: TestMlflow;
let portal: Awaited<ReturnType<typeof startPortal>>;

beforeAll(async () => {
  [forge, mlflow] = await Promise.all([
    startForge({ runner: false }),
    startMlflow(),
  ]);
  portal = await startPortal({
    github: { host: forge.host, apiBaseUrl: forge.apiUrl, token: forge.token },
    mlflow: [{ name: 'local', baseUrl: mlflow.url }],
  });
}, 300_000);

afterAll(async () => {
  await portal?.stop();
  await Promise.all([forge?.stop(), mlflow?.stop()]);
});

const values = (changes: JsonObject = {}): JsonObject => ({
  name: 'dry-model',
  description: 'Predicts whether a tumour is malignant.',
  owner: 'group:default/fraud-team',
  system: 'system:default/decisions',
  data: { dataset: 'breast_cancer', target: 'target', task: 'classification' },
  gate: { metric: 'accuracy', threshold: 0.9 },
  repository: { host: forge.host, owner: 'greenroom-demo' },
  ...changes,
});

describe('a dry run', () => {
  it('renders', async () => {
    const { status, body } = await portal.dryRun(values(), template);
    console.log(
      status,
      JSON.stringify(
        body.log?.map((l: any) => l.body.message) ?? body,
        null,
        1,
      ).slice(0, 8000),
    );
    console.log(body.directoryContents?.map((f: any) => f.path));
    for (const f of body.directoryContents ?? []) {
      const text = Buffer.from(f.base64Content, 'base64').toString();
      if (/template.json|catalog-info|config.yaml/.test(f.path))
        console.log(f.path, text);
    }
    console.log(JSON.stringify(body.output, null, 1));
  });
});
