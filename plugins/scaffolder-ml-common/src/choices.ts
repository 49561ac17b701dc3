import { CHOICE_OPTIONS, CHOICE_PROBLEMS } from './choiceOptions';
import type {
  ChoiceCombination,
  ChoiceProblem,
  Choices,
  ChoicesInput,
  DeliveryChoices,
  DeliveryEnvironments,
  ModelChoices,
} from './choiceTypes';

/**
 * The GitOps repository that a hand-off goes to unless another is named.
 *
 * @public
 */
export const DEFAULT_MANIFESTS_REPOSITORY = 'infra-manifests';

function optionsOf<T extends keyof typeof CHOICE_OPTIONS>(choice: T) {
  return Object.keys(CHOICE_OPTIONS[choice]) as Array<
    keyof (typeof CHOICE_OPTIONS)[T]
  >;
}

/**
 * Fills in what was left open.
 *
 * @public
 */
export function resolveChoices(input: ChoicesInput): Choices {
  const { model, delivery, visibility } = input;
  const serving = delivery?.serving ?? 'image';
  const registry =
    delivery?.registry ?? (serving === 'image' ? 'ghcr' : undefined);
  const registryNamespace = delivery?.registryNamespace;
  return {
    model: {
      framework: model?.framework ?? 'scikit-learn',
      format: model?.format ?? 'native',
    },
    delivery: {
      serving,
      ...(registry && { registry }),
      ...(registryNamespace !== undefined && { registryNamespace }),
      mlflowAccess: delivery?.mlflowAccess ?? 'token',
      environments: delivery?.environments ?? 'dev-prod',
      canary: delivery?.canary ?? 'none',
      driftMonitor: delivery?.driftMonitor ?? serving === 'image',
      gpu: delivery?.gpu ?? false,
      manifestsRepository:
        delivery?.manifestsRepository ?? DEFAULT_MANIFESTS_REPOSITORY,
    },
    visibility: visibility ?? 'private',
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
  environments: DeliveryEnvironments,
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
  const models = combine<ModelChoices>({
    framework: optionsOf('framework'),
    format: optionsOf('format'),
  });
  const deliveries = combine<Omit<DeliveryChoices, 'registryNamespace'>>({
    serving: optionsOf('serving'),
    registry: [...optionsOf('registry'), undefined],
    mlflowAccess: optionsOf('mlflowAccess'),
    environments: optionsOf('environments'),
    canary: optionsOf('canary'),
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
