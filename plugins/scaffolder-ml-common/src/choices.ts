// SPDX-License-Identifier: Apache-2.0
import { CHOICE_OPTIONS, CHOICE_PROBLEMS } from './choiceOptions';
import type {
  ChoiceCombination,
  ChoiceProblem,
  Choices,
  ChoicesInput,
  ChosenOptions,
  DeliveryChoices,
  ModelChoices,
} from './choiceTypes';

const DEFAULT_MANIFESTS_REPOSITORY = 'infra-manifests';

/**
 * The options of each choice in a parameter, by the choice, in the order of the
 * form.
 *
 * @public
 */
export function listOptions<P extends keyof typeof CHOICE_OPTIONS>(
  parameter: P,
) {
  return Object.fromEntries(
    Object.entries(CHOICE_OPTIONS[parameter]).map(([choice, options]) => [
      choice,
      Object.keys(options),
    ]),
  ) as Record<string, string[]> & {
    [C in keyof ChosenOptions<P>]: Array<ChosenOptions<P>[C]>;
  };
}

function defaultOptions<P extends keyof typeof CHOICE_OPTIONS>(parameter: P) {
  return Object.fromEntries(
    Object.entries<string[]>(listOptions(parameter)).map(
      ([choice, [first]]) => [choice, first],
    ),
  ) as ChosenOptions<P>;
}

const MODEL_DEFAULTS = defaultOptions('model');
const DELIVERY_DEFAULTS = defaultOptions('delivery');

/** Without keys that are there and have no value: they would cover a default. */
function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as T;
}

/**
 * Fills in what was left open.
 *
 * @public
 */
export function resolveChoices(input: ChoicesInput): Choices {
  const { model = {}, delivery = {}, visibility = 'private' } = input;
  const { serving, registry, ...others } = DELIVERY_DEFAULTS;
  const isImage = (delivery.serving ?? serving) === 'image';
  return {
    model: { ...MODEL_DEFAULTS, ...withoutUndefined(model) },
    delivery: withoutUndefined<DeliveryChoices>({
      serving,
      registry: isImage ? registry : undefined,
      registryNamespace: undefined,
      ...others,
      driftMonitor: isImage,
      gpu: false,
      manifestsRepository: DEFAULT_MANIFESTS_REPOSITORY,
      ...withoutUndefined(delivery),
    }),
    visibility,
  };
}

function* findProblems(
  choices: Choices,
): Generator<Pick<ChoiceProblem, 'field' | 'code'>> {
  const { model, delivery, visibility } = choices;
  if (delivery.serving === 'storage-uri') {
    if (model.format === 'onnx') {
      yield { field: 'delivery.serving', code: 'storageUriOnnx' };
    } else if (model.framework === 'pytorch') {
      yield { field: 'delivery.serving', code: 'storageUriPytorch' };
    }
    if (delivery.registry) {
      yield { field: 'delivery.registry', code: 'storageUriRegistry' };
    }
    if (delivery.driftMonitor) {
      yield { field: 'delivery.driftMonitor', code: 'storageUriDriftMonitor' };
    }
  }
  if (delivery.gpu) {
    if (model.framework !== 'pytorch' || model.format !== 'native') {
      yield { field: 'delivery.gpu', code: 'gpuFramework' };
    } else if (delivery.serving !== 'image') {
      yield { field: 'delivery.gpu', code: 'gpuServing' };
    }
  }
  if (
    delivery.canary !== 'none' &&
    !listEnvironments(delivery.environments).includes('prod')
  ) {
    yield { field: 'delivery.canary', code: 'canaryWithoutProd' };
  }
  if (delivery.mlflowAccess === 'self-hosted' && visibility === 'public') {
    yield { field: 'delivery.mlflowAccess', code: 'selfHostedPublic' };
  }
}

// https://github.com/distribution/reference: a path component of an image's name.
const IMAGE_PATH = /^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*$/;

function* findNameProblems(
  { registry, registryNamespace, manifestsRepository }: DeliveryChoices,
  repositoryName: string | undefined,
): Generator<Pick<ChoiceProblem, 'field' | 'code'>> {
  if (registryNamespace !== undefined) {
    if (registry !== 'docker-hub') {
      yield {
        field: 'delivery.registryNamespace',
        code: 'registryNamespaceWithoutDockerHub',
      };
    } else if (
      registryNamespace.length > 100 ||
      !IMAGE_PATH.test(registryNamespace)
    ) {
      yield {
        field: 'delivery.registryNamespace',
        code: 'registryNamespaceName',
      };
    }
  }
  if (
    !/^[A-Za-z0-9_.-]{1,100}$/.test(manifestsRepository) ||
    /^\.{1,2}$|\.(git|wiki|atom)$/i.test(manifestsRepository)
  ) {
    yield {
      field: 'delivery.manifestsRepository',
      code: 'manifestsRepositoryName',
    };
  } else if (
    manifestsRepository.toLowerCase() === repositoryName?.toLowerCase()
  ) {
    yield {
      field: 'delivery.manifestsRepository',
      code: 'manifestsRepositorySame',
    };
  }
}

/**
 * Says which choices do not fit together; form and action ask here.
 *
 * @param input - what is missing has its default
 * @param options - `repositoryName`: the model's own repository, which cannot
 *   hold the manifests too
 * @returns nothing when all fits
 * @public
 */
export function checkChoices(
  input: ChoicesInput,
  options: { repositoryName?: string } = {},
): ChoiceProblem[] {
  const choices = resolveChoices(input);
  return [
    ...findProblems(choices),
    ...findNameProblems(choices.delivery, options.repositoryName),
  ].map(problem => ({ ...problem, message: CHOICE_PROBLEMS[problem.code] }));
}

/**
 * The environments behind a choice, in the order in which a version reaches
 * them; each is an overlay of the GitOps repository.
 *
 * @public
 */
export function listEnvironments(
  environments: DeliveryChoices['environments'],
): Array<'dev' | 'staging' | 'prod'> {
  switch (environments) {
    case 'dev':
      return ['dev'];
    case 'dev-staging-prod':
      return ['dev', 'staging', 'prod'];
    default:
      return ['dev', 'prod'];
  }
}

/**
 * The name of the model's image, without tag: `ghcr.io/acme/churn-risk`; empty
 * where there is none.
 *
 * @public
 */
export function toImageName(
  { registry, registryNamespace }: DeliveryChoices,
  component: { name: string; owner: string },
): string {
  // Registries take no capitals; GitHub does.
  const owner = component.owner.toLowerCase();
  switch (registry) {
    case 'ghcr':
      return `ghcr.io/${owner}/${component.name}`;
    case 'docker-hub':
      return `docker.io/${registryNamespace ?? owner}/${component.name}`;
    default:
      return '';
  }
}

/** Every way to take one value of each axis; the last axis changes first. */
function combine<T extends object>(axes: {
  [K in keyof T]-?: ReadonlyArray<T[K]>;
}): T[] {
  return Object.entries<readonly unknown[]>(axes).reduce<object[]>(
    (combinations, [key, values]) =>
      combinations.flatMap(combination =>
        values.map(value => ({ ...combination, [key]: value })),
      ),
    [{}],
  ) as T[];
}

/**
 * Every combination that {@link checkChoices} takes, for a private repository, in
 * a stable order; the first is the default.
 *
 * @public
 */
export function listChoices(): ChoiceCombination[] {
  const models = combine<ModelChoices>(listOptions('model'));
  const options = listOptions('delivery');
  const deliveries = combine<Omit<DeliveryChoices, 'registryNamespace'>>({
    ...options,
    registry: [...options.registry, undefined],
    driftMonitor: [true, false],
    gpu: [false, true],
    manifestsRepository: [DEFAULT_MANIFESTS_REPOSITORY],
  })
    .filter(({ serving, registry }) => (serving === 'image') === !!registry)
    .map(delivery => resolveChoices({ delivery }).delivery);
  return combine<ChoiceCombination>({
    model: models,
    delivery: deliveries,
    task: ['classification', 'regression'],
  }).filter(
    ({ model, delivery }) => checkChoices({ model, delivery }).length === 0,
  );
}
