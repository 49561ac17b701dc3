// SPDX-License-Identifier: Apache-2.0
import type { CHOICE_OPTIONS, CHOICE_PROBLEMS } from './choiceOptions';
import type { ModelTask } from './types';

/**
 * Who may see the model's repository, in GitHub's words.
 *
 * @public
 */
export type RepositoryVisibility = 'private' | 'internal' | 'public';

/**
 * An option of each choice that a parameter of the template holds.
 *
 * @public
 */
export type ChosenOptions<P extends keyof typeof CHOICE_OPTIONS> = {
  -readonly [
    C in keyof (typeof CHOICE_OPTIONS)[P]
  ]: keyof (typeof CHOICE_OPTIONS)[P][C];
};

/**
 * The parameter `model` of the template.
 *
 * @public
 */
export type ModelChoices = ChosenOptions<'model'>;

/**
 * The parameter `delivery` of the template.
 *
 * @public
 */
export interface DeliveryChoices extends Omit<
  ChosenOptions<'delivery'>,
  'registry'
> {
  /** Only with an image. Default: `ghcr`. */
  registry?: ChosenOptions<'delivery'>['registry'];
  /** Only with Docker Hub. Default: the organisation's name in lower case. */
  registryNamespace?: string;
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
