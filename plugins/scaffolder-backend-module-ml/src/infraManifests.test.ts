// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JsonObject } from '@backstage/types';
import { startForge, type TestForge } from '@greenroom/local-platform/testing';
import { parse, parseAllDocuments } from 'yaml';
import {
  batches,
  faults,
  plant,
  type Fault,
} from './__testUtils__/plantFaults';
import {
  addModel,
  getManifestTools,
  make,
  type MakeResult,
} from './__testUtils__/manifestsRepository';
import {
  render as renderWith,
  writeFiles,
} from './__testUtils__/renderedRepository';
import {
  MANIFESTS_TEMPLATE_DIR,
  startPortal,
} from './__testUtils__/startPortal';

jest.setTimeout(300_000);

// Building them takes minutes, once. Without them what needs them is skipped, by name.
const tools = getManifestTools();
const describeWithTools = tools.missing ? describe.skip : describe;
const why = tools.missing ? ` (skipped: ${tools.missing})` : '';

const TEMPLATE = 'template:default/infra-manifests';

const template = parse(
  fs.readFileSync(path.join(MANIFESTS_TEMPLATE_DIR, 'template.yaml'), 'utf8'),
  { merge: true },
);

let forge: TestForge;
let portal: Awaited<ReturnType<typeof startPortal>>;
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-manifests-'));
  forge = await startForge(
    tools.missing ? {} : { tools: tools.variables.TOOLS },
  );
  portal = await startPortal({
    github: { host: forge.host, apiBaseUrl: forge.apiUrl, token: forge.token },
    mlflow: [{ name: 'local', baseUrl: 'http://127.0.0.1:9' }],
  });
}, 300_000);

afterAll(async () => {
  await portal?.stop();
  await forge?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** What the form sends when nothing but the teams is chosen. */
const defaults = (): JsonObject =>
  Object.fromEntries(
    template.spec.parameters.flatMap(
      (page: { properties: Record<string, { default?: unknown }> }) =>
        Object.entries(page.properties)
          .filter(([, property]) => property.default !== undefined)
          .map(([name, property]) => [name, property.default]),
    ),
  );

const answers = (changes: JsonObject = {}): JsonObject => ({
  ...defaults(),
  owner: 'group:default/fraud-team',
  teams: ['group:default/fraud-team'],
  repository: { host: forge.host, owner: 'greenroom-demo' },
  ...changes,
});

const render = (input: JsonObject) =>
  renderWith(portal, input, template, MANIFESTS_TEMPLATE_DIR);

const filesOf = (part: string, values: Record<string, string> = {}) =>
  fs
    .readdirSync(path.join(MANIFESTS_TEMPLATE_DIR, part), {
      recursive: true,
      withFileTypes: true,
    })
    .filter(
      entry => entry.isFile() && !/__pycache__|_cache/.test(entry.parentPath),
    )
    .map(entry =>
      path
        .relative(
          path.join(MANIFESTS_TEMPLATE_DIR, part),
          path.join(entry.parentPath, entry.name),
        )
        .replace(/\$\{\{ values\.(\w+) \}\}/g, (_, name) => values[name])
        .replace(/\.njk$/, ''),
    );

const expectedFiles = (teams: string[], environments: string[]) =>
  [
    ...filesOf('skeleton'),
    '.greenroom/template.json',
    ...teams.flatMap(team => [
      ...filesOf('team', { team }),
      ...environments.flatMap(environment =>
        filesOf('environment', { team, environment }),
      ),
    ]),
  ].sort();

const shapes: Array<[string, JsonObject, string[], string[]]> = [
  ['as proposed', {}, ['fraud-team'], ['dev', 'staging', 'prod']],
  [
    'for two teams with one environment',
    {
      environments: 'dev',
      teams: ['group:default/fraud-team', 'group:default/ml-platform'],
    },
    ['fraud-team', 'ml-platform'],
    ['dev'],
  ],
  [
    'with production by hand, other names and other images',
    {
      name: 'gitops',
      environments: 'dev-prod',
      productionSync: 'manual',
      images: ['docker.io/acme/', 'registry.example.com:5000/models/'],
      clusterServer: 'https://10.0.0.1:6443',
      argocdNamespace: 'openshift-gitops',
      gatewayName: 'public',
      gatewayNamespace: 'traefik',
      monitoringNamespace: 'observability',
      prometheusRelease: 'prom',
      portalUrl: 'https://portal.example.com/',
    },
    ['fraud-team'],
    ['dev', 'prod'],
  ],
];

describe('what it renders', () => {
  it.each(shapes)(
    'is a whole repository %s',
    async (_, changes, teams, environments) => {
      const files = await render(answers(changes));
      expect([...files.keys()].sort()).toEqual(
        expectedFiles(teams, environments),
      );
      // The action's bundle is copied as it is.
      const rendered = [...files].filter(([file]) => !file.includes('/dist/'));
      const left = rendered.filter(([, content]) =>
        /\$\{\{ *(values|each|parameters)\b|\{%-? |\[object Object\]/.test(
          content,
        ),
      );
      expect(left).toEqual([]);
      const errors = [...files].flatMap(([file, content]) =>
        // JSON is YAML, too.
        /\.(ya?ml|json)$/.test(file)
          ? parseAllDocuments(content, { merge: true }).flatMap(document =>
              document.errors.map(error => `${file}: ${error.message}`),
            )
          : [],
      );
      expect(errors).toEqual([]);
    },
  );

  it.each([
    'Says "quotes", \'apostrophes\' and \\backslashes\\ \\n.',
    '- item, [list], {map: true}: # null ~',
    '${{ values.owner }} {{ .Values }} {% raw %} $(id) `id`',
    '<script>alert(1)</script> [x](javascript:alert(1)) @everyone',
  ])('escapes the description %s', async description => {
    const files = await render(answers({ description }));
    expect(parse(files.get('catalog-info.yaml') ?? '')).toMatchObject({
      kind: 'Component',
      metadata: { name: 'infra-manifests', description },
      spec: { type: 'gitops', owner: 'group:default/fraud-team' },
    });
    expect(files.get('README.md')).not.toContain('<script>');
  });

  it.each([
    ['name', { name: 'Bad_Name' }],
    ['cluster', { clusterServer: 'https://x"\n  namespace: kube-system' }],
    ['gateway', { gatewayName: 'x}} {{ y' }],
    ['image', { images: ['ghcr.io'] }],
    ['portal', { portalUrl: 'file:///etc/passwd' }],
    ['teams', { teams: [] }],
  ])('refuses a bad %s', async (_, changes) => {
    const { status } = await portal.dryRun(
      answers(changes),
      template,
      MANIFESTS_TEMPLATE_DIR,
    );
    expect(status).toBe(400);
  });

  it('refuses teams that are none, and says what would do', async () => {
    const { error } = await portal.run(
      answers({
        teams: [
          'group:default/nobody',
          'group:default/fraud-team',
          'fraud-team',
        ],
      }),
      TEMPLATE,
    );
    expect(error).toContain(
      "teams: the catalog has no group 'group:default/nobody'; choose one from the list.",
    );
    expect(error).toContain("teams: two groups are called 'fraud-team'");
  });
});

describe('its checks', () => {
  const models: Array<[string, Parameters<typeof addModel>[2]]> = [
    ['churn-risk', {}],
    ['card-fraud', { canary: 'http-route' }],
    [
      'on-knative',
      { canary: 'knative', environments: ['dev', 'staging', 'prod'] },
    ],
    ['from-storage', { serving: 'storage-uri', framework: 'xgboost' }],
    ['on-gpus', { gpu: true, environments: ['dev'] }],
    ['stored-canary', { serving: 'storage-uri', canary: 'http-route' }],
  ];

  const repository = async (
    name: string,
    changes: JsonObject,
    chosen = models,
  ) => {
    const target = path.join(folder, name);
    writeFiles(await render(answers(changes)), target);
    for (const [model, choices] of chosen) {
      await addModel(target, model, choices);
    }
    execFileSync('git', ['init', '--quiet', target]);
    return target;
  };

  it('are the same on a laptop and in CI', () => {
    const skeleton = path.join(MANIFESTS_TEMPLATE_DIR, 'skeleton');
    const workflow = parse(
      fs.readFileSync(
        path.join(skeleton, '.github/workflows/validate.yml'),
        'utf8',
      ),
    );
    const steps: Array<{ run?: string }> = workflow.jobs.validate.steps;
    const inCi = steps.flatMap(
      ({ run }) => /^make (\S+)$/.exec(run ?? '')?.[1] ?? [],
    );
    const makefile = fs.readFileSync(path.join(skeleton, 'Makefile'), 'utf8');
    const onLaptop = /^check: (.*) ##/m.exec(makefile)?.[1].split(' ');
    expect(['install', ...(onLaptop ?? [])]).toEqual(inCi);
    expect(workflow.jobs.required.needs).toEqual(['validate']);
    const used = new Set(faults.map(({ target }) => target));
    expect([...used].sort()).toEqual([...(onLaptop ?? [])].sort());
  });

  describeWithTools(`run${why}`, () => {
    it('pass for models of every kind', async () => {
      const target = await repository('every-kind', {});
      expect(await make(target, 'check', tools)).toMatchObject({
        code: 0,
        output: expect.stringContaining('structure: nothing to put right'),
      });
    });

    it('pass without a model, for each other shape', async () => {
      // The first is what the pipeline below runs on.
      for (const [index, [, changes]] of shapes.slice(1).entries()) {
        const target = await repository(`shape-${index}`, changes, []);
        expect(await make(target, 'check', tools)).toMatchObject({
          code: 0,
          output: expect.any(String),
        });
      }
    });
  });

  describeWithTools(`catch${why}`, () => {
    /** What the target said about each fault. */
    const outputs = new Map<Fault, string>();
    let afterwards: MakeResult;

    // Checks that tell all problems at once are run once for faults in different files.
    beforeAll(async () => {
      const target = await repository('faulty', {}, models.slice(0, 2));
      for (const batch of batches()) {
        const takeBack = plant(target, batch);
        const { code, output } = await make(target, batch[0].target, tools);
        takeBack();
        for (const fault of batch) {
          outputs.set(fault, code === 0 ? 'caught nothing' : output);
        }
      }
      afterwards = await make(target, 'structure', tools);
    }, 600_000);

    it.each(
      faults.map(fault => [`in ${fault.kind}: ${fault.what}`, fault] as const),
    )('%s', (_, fault) => {
      expect(outputs.get(fault)).toMatch(
        new RegExp(fault.says, fault.ignoreCase ? 'i' : ''),
      );
    });

    it('nothing once all is taken back', () => {
      expect(afterwards).toMatchObject({ code: 0, output: expect.any(String) });
    });
  });

  it('are tried with three faults of each kind of file at least', () => {
    const kinds = [...new Set(faults.map(({ kind }) => kind))];
    expect(kinds).toHaveLength(16);
    expect(
      kinds.filter(
        kind => faults.filter(fault => fault.kind === kind).length < 3,
      ),
    ).toEqual([]);
  });
});

describe('what it makes', () => {
  const github = async (route: string) => {
    const response = await fetch(`${forge.apiUrl}${route}`, {
      headers: { authorization: `Bearer ${forge.token}` },
    });
    return response.json();
  };

  it('a repository and a component, and the same again', async () => {
    const first = await portal.run(answers(), TEMPLATE);
    expect(first.error ?? first.status).toBe('completed');
    const url = `${forge.url}/greenroom-demo/infra-manifests`;
    expect(first.output.links).toEqual([
      expect.objectContaining({
        entityRef: 'component:default/infra-manifests',
      }),
      expect.objectContaining({ url }),
      expect.objectContaining({ url: `${url}/actions` }),
    ]);
    const { tree } = await github(
      '/repos/greenroom-demo/infra-manifests/git/trees/main?recursive=1',
    );
    expect(
      tree
        .filter((entry: { type: string }) => entry.type === 'blob')
        .map((entry: { path: string }) => entry.path)
        .sort(),
    ).toEqual(expectedFiles(['fraud-team'], ['dev', 'staging', 'prod']));
    const commits = await github(
      '/repos/greenroom-demo/infra-manifests/commits',
    );

    const second = await portal.run(answers(), TEMPLATE);
    expect(second.error ?? second.status).toBe('completed');
    expect(second.output).toEqual(first.output);
    expect(
      await github('/repos/greenroom-demo/infra-manifests/commits'),
    ).toEqual(commits);

    const other = await portal.run(answers({ environments: 'dev' }), TEMPLATE);
    expect(other.status).toBe('failed');
    expect(other.error).toContain(
      'environments was "dev-staging-prod", now is "dev"',
    );
  });

  describeWithTools(`and its pipeline${why}`, () => {
    it('passes on the first commit', async () => {
      const run = await portal.until('the run of validate.yml', async () => {
        const { workflow_runs: runs } = await github(
          '/repos/greenroom-demo/infra-manifests/actions/runs',
        );
        return runs[0]?.status === 'completed' ? runs[0] : undefined;
      });
      const { jobs } = await github(
        `/repos/greenroom-demo/infra-manifests/actions/runs/${run.id}/jobs`,
      );
      const steps = jobs.flatMap(
        (job: { steps: Array<{ name: string; conclusion: string }> }) =>
          job.steps.map(step => `${step.name}: ${step.conclusion}`),
      );
      expect({ conclusion: run.conclusion, steps }).toMatchObject({
        conclusion: 'success',
      });
      expect(steps).toEqual(
        expect.arrayContaining([
          'Set up Go: success',
          'Keep the tools: skipped',
          ...[
            'Install',
            'Build',
            'Schemas',
            'Structure',
            'Score',
            'Alerts',
            'Policies',
            'Workflows',
          ].map(name => `${name}: success`),
          'Fail unless everything was right: success',
        ]),
      );
    });
  });
});
