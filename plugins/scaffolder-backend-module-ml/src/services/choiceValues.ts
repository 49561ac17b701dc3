import {
  listEnvironments,
  resolveChoices,
  toTeamName,
  type Choices,
} from '@greenroom/plugin-scaffolder-ml-common';
import type { RepositoryAddress } from './GithubRepositories';
import type { TemplateRecord } from './TemplateRecord';

/** Where the pipeline pushes the image to; empty where there is none. */
function toImage(
  { registry, registryNamespace }: Choices['delivery'],
  { name, repository }: { name: string; repository: RepositoryAddress },
): string {
  // Registries take no capitals; GitHub does.
  const owner = repository.owner.toLowerCase();
  switch (registry) {
    case 'ghcr':
      return `ghcr.io/${owner}/${name}`;
    case 'docker-hub':
      return `docker.io/${registryNamespace ?? owner}/${name}`;
    default:
      return '';
  }
}

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
    image: toImage(delivery, component),
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
export const ASSUMED_ANSWERS = toRecordedChoices(resolveChoices({}));
