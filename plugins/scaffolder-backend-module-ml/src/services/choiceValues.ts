import {
  listEnvironments,
  resolveChoices,
  toImageName,
  toTeamName,
  type Choices,
} from '@greenroom/plugin-scaffolder-ml-common';
import type { RepositoryAddress } from './GithubRepositories';
import type { TemplateRecord } from './TemplateRecord';

/** What the skeleton is told about model and delivery. */
export function toSkeletonValues(
  { model, delivery }: Choices,
  component: { name: string; owner: string; repository: RepositoryAddress },
) {
  return {
    framework: model.framework,
    format: model.format,
    serving: delivery.serving,
    registry: delivery.registry ?? '',
    mlflowAccess: delivery.mlflowAccess,
    environments: listEnvironments(delivery.environments),
    canary: delivery.canary,
    driftMonitor: delivery.driftMonitor,
    gpu: delivery.gpu,
    manifestsRepository: `${component.repository.owner}/${delivery.manifestsRepository}`,
    image: toImageName(delivery, {
      name: component.name,
      owner: component.repository.owner,
    }),
    team: toTeamName(component.owner),
  };
}

/** The answers about model, delivery and visibility, as a record keeps them. */
export function toRecordedChoices({
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
  dataUrl: '',
};
