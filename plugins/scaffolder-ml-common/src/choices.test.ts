// SPDX-License-Identifier: Apache-2.0
import {
  CHOICE_PROBLEMS,
  checkHostNames,
  checkChoices,
  listChoices,
  listEnvironments,
  listOptions,
  resolveChoices,
  type ChoicesInput,
} from '.';

describe('choices', () => {
  it('have defaults that fit, for whoever says nothing', () => {
    expect(resolveChoices({})).toEqual({
      model: { framework: 'scikit-learn', format: 'native' },
      delivery: {
        serving: 'image',
        registry: 'ghcr',
        mlflowAccess: 'token',
        environments: 'dev-prod',
        canary: 'none',
        driftMonitor: true,
        gpu: false,
        manifestsRepository: 'infra-manifests',
      },
      visibility: 'private',
    });
    expect(checkChoices({})).toEqual([]);
    // What depends on the image follows it, as long as nobody said otherwise.
    const { delivery } = resolveChoices({
      delivery: { serving: 'storage-uri' },
    });
    expect(delivery.driftMonitor).toBe(false);
    expect(delivery).not.toHaveProperty('registry');
    expect(checkChoices({ delivery })).toEqual([]);
  });

  it.each<[string, ChoicesInput, string[]]>([
    [
      "ONNX on KServe's runtime",
      { model: { format: 'onnx' }, delivery: { serving: 'storage-uri' } },
      ['delivery.serving storageUriOnnx'],
    ],
    [
      "PyTorch on KServe's runtime",
      {
        model: { framework: 'pytorch' },
        delivery: { serving: 'storage-uri' },
      },
      ['delivery.serving storageUriPytorch'],
    ],
    [
      "PyTorch as ONNX on KServe's runtime",
      {
        model: { framework: 'pytorch', format: 'onnx' },
        delivery: { serving: 'storage-uri' },
      },
      ['delivery.serving storageUriOnnx'],
    ],
    [
      'a drift monitor without the code that counts',
      { delivery: { serving: 'storage-uri', driftMonitor: true } },
      ['delivery.driftMonitor storageUriDriftMonitor'],
    ],
    [
      'a registry without an image',
      { delivery: { serving: 'storage-uri', registry: 'docker-hub' } },
      ['delivery.registry storageUriRegistry'],
    ],
    [
      'a GPU for trees',
      { model: { framework: 'xgboost' }, delivery: { gpu: true } },
      ['delivery.gpu gpuFramework'],
    ],
    [
      'a GPU for ONNX',
      {
        model: { framework: 'pytorch', format: 'onnx' },
        delivery: { gpu: true },
      },
      ['delivery.gpu gpuFramework'],
    ],
    [
      'a GPU for PyTorch',
      { model: { framework: 'pytorch' }, delivery: { gpu: true } },
      [],
    ],
    [
      'a canary without production',
      { delivery: { canary: 'http-route', environments: 'dev' } },
      ['delivery.canary canaryWithoutProd'],
    ],
    [
      'a canary with production',
      { delivery: { canary: 'knative', environments: 'dev-staging-prod' } },
      [],
    ],
    [
      'a runner in the cluster for everyone',
      { delivery: { mlflowAccess: 'self-hosted' }, visibility: 'public' },
      ['delivery.mlflowAccess selfHostedPublic'],
    ],
    [
      'a runner in the cluster for the enterprise',
      { delivery: { mlflowAccess: 'self-hosted' }, visibility: 'internal' },
      [],
    ],
    [
      'a namespace that only Docker Hub has',
      { delivery: { registryNamespace: 'acme' } },
      ['delivery.registryNamespace registryNamespaceWithoutDockerHub'],
    ],
    [
      'a namespace of Docker Hub',
      { delivery: { registry: 'docker-hub', registryNamespace: 'acme-ml' } },
      [],
    ],
    ...['', 'Acme', 'a/b', '-acme', 'a'.repeat(101), 'a\n'].map(
      (registryNamespace): [string, ChoicesInput, string[]] => [
        `the namespace ${JSON.stringify(registryNamespace)}`,
        { delivery: { registry: 'docker-hub', registryNamespace } },
        ['delivery.registryNamespace registryNamespaceName'],
      ],
    ),
    ...['', '.', '..', 'a/b', 'a.git', 'ü', 'a b', 'a'.repeat(101), 'a\n'].map(
      (manifestsRepository): [string, ChoicesInput, string[]] => [
        `manifests in ${JSON.stringify(manifestsRepository)}`,
        { delivery: { manifestsRepository } },
        ['delivery.manifestsRepository manifestsRepositoryName'],
      ],
    ),
    [
      'manifests beside the model',
      { delivery: { manifestsRepository: 'Churn-Risk' } },
      ['delivery.manifestsRepository manifestsRepositorySame'],
    ],
  ])('%s', (_, choices, expected) => {
    const problems = checkChoices(choices, { repositoryName: 'churn-risk' });
    expect(problems.map(({ field, code }) => `${field} ${code}`)).toEqual(
      expected,
    );
    for (const { code, message } of problems) {
      expect(message).toBe(CHOICE_PROBLEMS[code]);
    }
  });

  it('says all at once, each with what would fit', () => {
    const problems = checkChoices({
      model: { framework: 'pytorch' },
      delivery: {
        serving: 'storage-uri',
        registry: 'ghcr',
        driftMonitor: true,
        gpu: true,
        mlflowAccess: 'self-hosted',
        environments: 'dev',
        canary: 'knative',
        manifestsRepository: '..',
      },
      visibility: 'public',
    });
    expect(problems.map(({ field }) => field)).toEqual([
      'delivery.serving',
      'delivery.registry',
      'delivery.driftMonitor',
      'delivery.gpu',
      'delivery.canary',
      'delivery.mlflowAccess',
      'delivery.manifestsRepository',
    ]);
    for (const message of Object.values(CHOICE_PROBLEMS)) {
      expect(message).toMatch(/^(?=.*\b(choose|leave|give) )[A-Z].*\.$/i);
    }
  });

  it('are listed, every combination that fits, the default first', () => {
    const listed = listChoices();
    const { model, delivery } = resolveChoices({});
    expect(listed[0]).toEqual({ task: 'classification', model, delivery });
    expect(new Set(listed.map(each => JSON.stringify(each))).size).toBe(
      listed.length,
    );
    // 9 models with their processor × 2 registries × 4 ways to MLflow × 7 pairs
    // of environments and canary × drift monitor × task, and 3 models that
    // KServe's runtimes load.
    expect(listed).toHaveLength(9 * 2 * 4 * 7 * 2 * 2 + 3 * 4 * 7 * 2);
    for (const { model: listedModel, delivery: listedDelivery } of listed) {
      const choices = { model: listedModel, delivery: listedDelivery };
      expect(checkChoices(choices)).toEqual([]);
      expect('registry' in listedDelivery).toBe(
        listedDelivery.serving === 'image',
      );
      // Explicit to the last, so that a file name or a table can be made of it.
      expect(resolveChoices(choices)).toEqual({
        ...choices,
        visibility: 'private',
      });
    }
    for (const parameter of ['model', 'delivery'] as const) {
      for (const [choice, options] of Object.entries(listOptions(parameter))) {
        const used = listed
          .map(each => new Map(Object.entries(each[parameter])).get(choice))
          .filter(option => option !== undefined);
        expect([choice, new Set(used)]).toEqual([choice, new Set(options)]);
      }
    }
  });

  it.each<[string, string, ChoicesInput['delivery'], string | undefined]>([
    ['x'.repeat(37), 'group:default/fraud-team', {}, undefined],
    ['x'.repeat(38), 'group:default/fraud-team', {}, '37'],
    ['x'.repeat(38), 'fraud-team', { environments: 'dev' }, undefined],
    [
      'x'.repeat(37),
      'group:default/fraud-team',
      { environments: 'dev-staging-prod' },
      '34',
    ],
    [
      'x'.repeat(31),
      'group:default/fraud-team',
      { canary: 'http-route' },
      '30',
    ],
    [
      'x'.repeat(40),
      'group:default/fraud-team',
      { canary: 'knative' },
      undefined,
    ],
    [
      'abc',
      `group:default/${'t'.repeat(50)}`,
      { canary: 'knative' },
      undefined,
    ],
    ['abc', `group:default/${'t'.repeat(60)}`, { canary: 'knative' }, '0'],
    ['abc', `group:default/${'t'.repeat(50)}`, {}, '0'],
    ['churn-risk', 'user:default/Jane.Doe_2', {}, undefined],
  ])(
    '%s of %s with %j has a place in a cluster',
    (name, owner, delivery, maximum) => {
      const problem = checkHostNames({
        name,
        owner,
        delivery: resolveChoices({ delivery }).delivery,
      });
      expect(problem && String(problem.maximum)).toBe(maximum);
      expect(problem?.hostName.length ?? 64).toBeGreaterThan(63);
    },
  );

  it('name the environments in the order of a release', () => {
    expect(listEnvironments('dev')).toEqual(['dev']);
    expect(listEnvironments('dev-prod')).toEqual(['dev', 'prod']);
    expect(listEnvironments('dev-staging-prod')).toEqual([
      'dev',
      'staging',
      'prod',
    ]);
  });
});
