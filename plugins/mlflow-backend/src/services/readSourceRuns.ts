// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowModelVersion,
  MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import type {
  MlflowModelVersionInfo,
  MlflowRunInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { groupBy } from './groupBy';
import type { MlflowAccess } from './MlflowAccess';
import { resolveExperiments } from './resolveExperiments';
import { resolveSourceRun, type ResolvedRun } from './resolveSourceRun';
import type { MlflowTarget } from './resolveTargets';
import { toMlflowRun } from './toMlflowRun';
import type { UpstreamReport } from './UpstreamReport';

/** A version, as the lists of an entity hold it. */
export interface VersionRow {
  target: MlflowTarget;
  version: MlflowModelVersionInfo;
  aliases: string[];
}

type SourceRun = Pick<MlflowModelVersion, 'run' | 'runMissing'>;

/**
 * The source runs of versions: one search in the entity's experiments for each
 * instance, and one read for each run that is not found there.
 */
export async function readSourceRuns(
  reader: CachedMlflowReader,
  access: MlflowAccess,
  report: UpstreamReport,
  rows: VersionRow[],
): Promise<(row: VersionRow) => SourceRun> {
  const readTarget = async (target: MlflowTarget, ids: string[]) => {
    const { name: instance } = target.instance;
    // Whether it finds its experiments is not what the versions depend on.
    const { names } = await resolveExperiments(reader, target, access, report);
    const list = ids.map(id => `'${id}'`).join(', ');
    const { value: page } =
      names.size === 0
        ? {}
        : await report.takePage(
            reader.searchRuns(instance, {
              experimentIds: [...names.keys()].sort(),
              filter: `attributes.run_id IN (${list})`,
              maxResults: ids.length,
            }),
            { instance, noun: 'runs' },
          );
    const found = new Map<string, MlflowRunInfo>(
      page?.items.map(run => [run.runId, run]),
    );
    return Promise.all(
      ids.map(async (runId): Promise<[string, ResolvedRun]> => {
        const run = found.get(runId);
        return [
          runId,
          run
            ? { run, experimentName: names.get(run.experimentId) }
            : await resolveSourceRun(reader, access, report, {
                instance,
                runId,
              }),
        ];
      }),
    );
  };
  const runs = new Map<MlflowTarget, Map<string, ResolvedRun>>();
  await Promise.all(
    [...groupBy(rows, ({ target }) => target)].map(async ([target, list]) => {
      // Ids that cannot be quoted come from no MLflow server.
      const ids = [
        ...new Set(list.flatMap(({ version }) => version.runId ?? [])),
      ]
        .filter(id => /^[\w-]{1,64}$/.test(id))
        .sort();
      if (ids.length > 0) {
        runs.set(target, new Map(await readTarget(target, ids)));
      }
    }),
  );
  return ({ target, version: { runId } }) => {
    const { experimentName, missing, run } =
      (runId && runs.get(target)?.get(runId)) || {};
    return {
      runMissing: missing,
      run: run && toRun(target, run, { experimentName, rows }),
    };
  };
}

function toRun(
  target: MlflowTarget,
  run: MlflowRunInfo,
  context: { experimentName?: string; rows: VersionRow[] },
): MlflowRun {
  return toMlflowRun(target.instance, run, {
    experimentName: context.experimentName,
    modelVersions: context.rows
      .filter(row => row.target === target && row.version.runId === run.runId)
      .map(({ aliases, version: { name, version } }) => ({
        name,
        version,
        aliases,
      })),
  });
}
