import type { CHOICE_OPTIONS, CHOICE_PROBLEMS } from './choiceOptions';
import type { ModelTask } from './types';

/**
 * The library that trains the model.
 *
 * @public
 */
export type ModelFramework = keyof typeof CHOICE_OPTIONS.framework;

/**
 * How the model is stored: by its framework, or exported to ONNX
 * (https://onnx.ai).
 *
 * @public
 */
export type ModelFormat = keyof typeof CHOICE_OPTIONS.format;

/**
 * What serves the model on KServe: an image of the repository's own, or a KServe
 * runtime with `storageUri`.
 *
 * @public
 */
export type ModelServing = keyof typeof CHOICE_OPTIONS.serving;

/**
 * Where the image goes.
 *
 * @public
 */
export type ImageRegistry = keyof typeof CHOICE_OPTIONS.registry;

/**
 * How the pipeline reaches MLflow.
 *
 * @public
 */
export type MlflowAccess = keyof typeof CHOICE_OPTIONS.mlflowAccess;

/**
 * The environments of the GitOps repository that the model is handed to.
 *
 * @public
 */
export type DeliveryEnvironments = keyof typeof CHOICE_OPTIONS.environments;

/**
 * How traffic moves to a new version in production.
 *
 * @public
 */
export type CanaryStrategy = keyof typeof CHOICE_OPTIONS.canary;

/**
 * Who may see the model's repository, in GitHub's words.
 *
 * @public
 */
export type RepositoryVisibility = 'private' | 'internal' | 'public';

/**
 * The parameter `model` of the template.
 *
 * @public
 */
export interface ModelChoices {
  /** Default: `scikit-learn`. */
  framework: ModelFramework;
  /** Default: `native`. */
  format: ModelFormat;
}

/**
 * The parameter `delivery` of the template.
 *
 * @public
 */
export interface DeliveryChoices {
  /** Default: `image`. */
  serving: ModelServing;
  /** Only with an image. Default: `ghcr`. */
  registry?: ImageRegistry;
  /** Only with Docker Hub. Default: the organisation's name in lower case. */
  registryNamespace?: string;
  /** Default: `token`. */
  mlflowAccess: MlflowAccess;
  /** Default: `dev-prod`. */
  environments: DeliveryEnvironments;
  /** Default: `none`. */
  canary: CanaryStrategy;
  /** Default: true with an image. */
  driftMonitor: boolean;
  /** Default: false. */
  gpu: boolean;
  /** A repository of the same organisation. Default: `infra-manifests`. */
  manifestsRepository: string;
}

/**
 * Choices that depend on each other, all of them known.
 *
 * @public
 */
export interface Choices {
  model: ModelChoices;
  delivery: DeliveryChoices;
  /** Default: `private`. */
  visibility: RepositoryVisibility;
}

/**
 * The same as a person or a program may give them; what is missing has its
 * default.
 *
 * @public
 */
export interface ChoicesInput {
  model?: Partial<ModelChoices>;
  delivery?: Partial<DeliveryChoices>;
  visibility?: RepositoryVisibility;
}

/**
 * Choices that do not fit together.
 *
 * @public
 */
export interface ChoiceProblem {
  /** The parameter to change, for example `delivery.gpu`. */
  field: `delivery.${keyof DeliveryChoices}`;
  /** Stable, for translations: a key of {@link CHOICE_PROBLEMS}. */
  code: keyof typeof CHOICE_PROBLEMS;
  /** Why, and what would fit, in English. */
  message: string;
}

/**
 * A valid combination, as the parameters of the template have it.
 *
 * @public
 */
export interface ChoiceCombination {
  task: ModelTask;
  model: ModelChoices;
  delivery: DeliveryChoices;
}
