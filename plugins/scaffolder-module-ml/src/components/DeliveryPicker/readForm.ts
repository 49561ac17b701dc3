// SPDX-License-Identifier: Apache-2.0
import {
  listOptions,
  type ChoicesInput,
  type ChosenOptions,
} from '@greenroom/plugin-scaffolder-ml-common';

/** What the choices about delivery depend on. */
export interface DeliveryForm {
  choices: ChoicesInput;
  /** The component's name. */
  name: string;
  /** Entity reference of the component's owner. */
  componentOwner: string;
  /** The organisation that owns the repository. */
  owner: string;
  repositoryName: string;
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

function readText(value: unknown, key: string): string | undefined {
  const text = read(value, key);
  return typeof text === 'string' ? text : undefined;
}

function readFlag(value: unknown, key: string): boolean | undefined {
  const flag = read(value, key);
  return typeof flag === 'boolean' ? flag : undefined;
}

function readOptions<P extends 'model' | 'delivery'>(
  value: unknown,
  parameter: P,
): Partial<ChosenOptions<P>> {
  return Object.fromEntries(
    Object.entries<string[]>(listOptions(parameter)).flatMap(
      ([choice, options]) =>
        options
          .filter(option => option === read(value, choice))
          .map(option => [choice, option]),
    ),
  ) as Partial<ChosenOptions<P>>;
}

/** Reads the parameters of the whole form; what is missing or malformed is left out. */
export function readForm(formData: unknown): DeliveryForm {
  const model = read(formData, 'model');
  const delivery = read(formData, 'delivery');
  const repository = read(formData, 'repository');
  const visibility = (['private', 'internal', 'public'] as const).find(
    each => each === read(repository, 'visibility'),
  );
  const name = readText(formData, 'name') ?? '';
  return {
    name,
    componentOwner: readText(formData, 'owner') ?? '',
    owner: readText(repository, 'owner') ?? '',
    repositoryName: readText(repository, 'name') || name,
    choices: {
      visibility,
      model: readOptions(model, 'model'),
      delivery:
        delivery === undefined
          ? undefined
          : {
              ...readOptions(delivery, 'delivery'),
              registryNamespace: readText(delivery, 'registryNamespace'),
              driftMonitor: readFlag(delivery, 'driftMonitor'),
              gpu: readFlag(delivery, 'gpu'),
              manifestsRepository: readText(delivery, 'manifestsRepository'),
            },
    },
  };
}
