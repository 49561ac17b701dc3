import type { ChoicesInput } from '@greenroom/plugin-scaffolder-ml-common';
import { optionsOf, type Choice, type Option } from '../ChoiceGroup/optionKey';

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

function readOption<C extends Choice>(
  value: unknown,
  choice: C,
): Option<C> | undefined {
  const option = read(value, choice);
  return optionsOf(choice).find(each => each === option);
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
      model: {
        framework: readOption(model, 'framework'),
        format: readOption(model, 'format'),
      },
      delivery:
        delivery === undefined
          ? undefined
          : {
              serving: readOption(delivery, 'serving'),
              registry: readOption(delivery, 'registry'),
              registryNamespace: readText(delivery, 'registryNamespace'),
              mlflowAccess: readOption(delivery, 'mlflowAccess'),
              environments: readOption(delivery, 'environments'),
              canary: readOption(delivery, 'canary'),
              driftMonitor: readFlag(delivery, 'driftMonitor'),
              gpu: readFlag(delivery, 'gpu'),
              manifestsRepository: readText(delivery, 'manifestsRepository'),
            },
    },
  };
}
