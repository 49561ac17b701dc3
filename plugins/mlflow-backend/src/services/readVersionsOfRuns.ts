// SPDX-License-Identifier: Apache-2.0
import type { MlflowRun } from '@greenroom/plugin-mlflow-common';
import type {
  MlflowModelVersionInfo,
  MlflowRegisteredModelInfo,
  MlflowRunInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { groupBy } from './groupBy';
import type { MlflowAccess } from './MlflowAccess';
import type { MlflowTarget } from './resolveTargets';
import { getAliases } from './toMlflowModelVersion';
import { toResourceLabel } from './toResourceLabel';
import type { UpstreamReport } from './UpstreamReport';

const MAX_MODELS = 100;

interface Row {
  target: MlflowTarget;
  run: MlflowRunInfo;
}

/**
 * Versions registered from the runs: one search for each instance, then their
 * models for the aliases. Of a model that the caller may not read they are left
 * out.
 */
export async function readVersionsOfRuns(
  reader: CachedMlflowReader,
  access: MlflowAccess,
  report: UpstreamReport,
  rows: Row[],
): Promise<(row: Row) => MlflowRun['modelVersions']> {
  const readModel = async (
    instance: string,
    name: string,
  ): Promise<MlflowRegisteredModelInfo | undefined> => {
    const { value: model } = await report.take(
      reader.registeredModel(instance, name),
    );
    const label = toResourceLabel('registered model', name);
    return model && (await access.check({ instance, label, tags: model.tags }))
      ? undefined
      : model;
  };
  const readInstance = async (
    instance: string,
    runs: MlflowRunInfo[],
  ): Promise<Array<{ version: MlflowModelVersionInfo; aliases: string[] }>> => {
    const answer = reader.versionsOfRuns(
      instance,
      runs.map(({ runId }) => runId),
    );
    if ((await answer).error?.code === 'BAD_REQUEST') {
      // A registry that cannot search by run; not the user's bad filter.
      return [];
    }
    const { value: page } = await report.takePage(answer, {
      instance,
      noun: 'versions',
    });
    const versions = page?.items ?? [];
    const names = [...new Set(versions.map(({ name }) => name))];
    const models = new Map(
      await Promise.all(
        names
          .slice(0, MAX_MODELS)
          .map(async name => [name, await readModel(instance, name)] as const),
      ),
    );
    return versions.flatMap(version => {
      const model = models.get(version.name);
      return model ? [{ version, aliases: getAliases(model, version) }] : [];
    });
  };
  const found = new Map(
    await Promise.all(
      [...groupBy(rows, ({ target }) => target.instance.name)].map(
        async ([instance, list]) =>
          [
            instance,
            await readInstance(
              instance,
              list.map(({ run }) => run),
            ),
          ] as const,
      ),
    ),
  );
  return ({ run, target }) =>
    (found.get(target.instance.name) ?? [])
      .filter(({ version }) => version.runId === run.runId)
      .map(({ aliases, version: { name, version } }) => ({
        name,
        version,
        aliases,
      }));
}
