// SPDX-License-Identifier: Apache-2.0
import {
  getGateMetric,
  listEnvironments,
  resolveChoices,
  toImageName,
  toPackageName,
  toTeamName,
  type Choices,
} from '@greenroom/plugin-scaffolder-ml-common';
import type {
  ComponentData,
  ComponentValues,
} from '../actions/componentCheckSchema';
import type { RepositoryValues } from './checkFree';
import type { RepositoryAddress } from './GithubRepositories';
import type { TemplateRecord } from './TemplateRecord';

/** What a model component is made from: the answers of the form, judged and complete. */
export interface ModelComponent {
  name: string;
  description: string;
  /** Full entity reference. */
  owner: string;
  /** Full entity reference, or empty. */
  system: string;
  data: ComponentData;
  gate: { metric: string; threshold: number };
  choices: Choices;
  repository: RepositoryAddress;
  /** Name of the instance. */
  mlflowInstance: string;
}

/** The share of rows that are held out, unless a person says otherwise. */
const TEST_SIZE = 0.25;

function toSplit(split: ComponentData['split']): ComponentValues['split'] {
  return {
    by: split?.by ?? 'rows',
    column: split?.column ?? '',
    testSize: split?.testSize ?? TEST_SIZE,
  };
}

/** What the skeleton is told beside what `checkFree` answers. */
export function toComponentValues(
  component: ModelComponent,
): Omit<ComponentValues, keyof RepositoryValues> {
  const { name, owner, data, gate, choices, repository } = component;
  const { model, delivery } = choices;
  return {
    name,
    packageName: toPackageName(name),
    description: component.description,
    owner,
    team: toTeamName(owner),
    system: component.system,
    dataset: data.dataset,
    csvFile: data.csvFile ?? '',
    dataUrl: data.dataUrl ?? '',
    target: data.target,
    features: data.features ?? [],
    leaveOut: data.leaveOut ?? {},
    keep: data.keep ?? {},
    split: toSplit(data.split),
    task: data.task,
    metric: gate.metric,
    direction: getGateMetric(gate.metric)?.direction ?? 'maximize',
    threshold: gate.threshold,
    ...model,
    ...delivery,
    registry: delivery.registry ?? '',
    registryNamespace: delivery.registryNamespace ?? '',
    image: toImageName(delivery, { name, owner: repository.owner }),
    environments: listEnvironments(delivery.environments),
    manifestsRepository: `${repository.owner}/${delivery.manifestsRepository}`,
    experimentName: name,
    registeredModel: name,
    mlflowInstance: component.mlflowInstance,
  };
}

/** Every answer, as a record keeps it. */
export function toRecordedValues(
  component: ModelComponent,
): TemplateRecord['values'] {
  const { data, gate, choices, repository } = component;
  return {
    name: component.name,
    description: component.description,
    owner: component.owner,
    system: component.system,
    dataset: data.dataset,
    target: data.target,
    task: data.task,
    dataDigest: data.digest ?? '',
    dataUrl: data.dataUrl ?? '',
    ...toRecordedData(data),
    metric: gate.metric,
    threshold: gate.threshold,
    mlflowInstance: component.mlflowInstance,
    repository: `${repository.host}/${repository.owner}/${repository.name}`,
    ...toRecordedChoices(choices),
  };
}

/** A record holds no objects. */
function toRecordedData(
  data: Pick<ComponentData, 'leaveOut' | 'keep' | 'read' | 'split'>,
): TemplateRecord['values'] {
  const { by, column, testSize } = toSplit(data.split);
  return {
    leaveOut: JSON.stringify(data.leaveOut ?? {}),
    keep: JSON.stringify(data.keep ?? {}),
    read: JSON.stringify(data.read ?? {}),
    splitBy: by,
    splitColumn: column,
    testSize,
  };
}

function toRecordedChoices({
  model,
  delivery,
  visibility,
}: Choices): TemplateRecord['values'] {
  return {
    ...model,
    ...delivery,
    registry: delivery.registry ?? '',
    registryNamespace: delivery.registryNamespace ?? '',
    visibility,
  };
}

/**
 * What an answer was before the form asked for it: records of earlier versions
 * do not have it.
 */
export const ASSUMED_ANSWERS: TemplateRecord['values'] = {
  ...toRecordedChoices(resolveChoices({})),
  ...toRecordedData({}),
  dataUrl: '',
};
