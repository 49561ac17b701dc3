// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import type { MlflowInputExampleResponse } from '@greenroom/plugin-mlflow-common';
import type { CachedMlflowReader } from './CachedMlflowReader';
import type { MlflowAccess } from './MlflowAccess';
import { resolveRegisteredModels } from './resolveRegisteredModels';
import { resolveTargets } from './resolveTargets';
import { UpstreamReport } from './UpstreamReport';

/**
 * One row of the input that a version of the entity's registered model was logged with. Which
 * instance has the model is what the entity's annotations say.
 *
 * @throws NotFoundError for any other registered model.
 */
export async function readInputExample(
  reader: CachedMlflowReader,
  entity: Entity,
  access: MlflowAccess,
  wanted: { model: string; version: string },
): Promise<MlflowInputExampleResponse> {
  const { model: name, version } = wanted;
  const target = resolveTargets(entity, reader.instances).targets.find(
    ({ registeredModels }) => registeredModels.includes(name),
  );
  if (!target) {
    throw new NotFoundError(
      `'${name}' is not a registered model of this entity`,
    );
  }
  const report = new UpstreamReport();
  const { models } = await resolveRegisteredModels(
    reader,
    { ...target, registeredModels: [name] },
    access,
    report,
  );
  if (models.length === 0) {
    return report.toJSON();
  }
  const { value: item } = await report.take(
    reader.inputExample(target.instance.name, name, version),
  );
  return { item, ...report.toJSON() };
}
