// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowModelVersionInfo,
  MlflowRegisteredModelInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import type { MlflowTarget } from './resolveTargets';
import { isChampion } from './isChampion';
import type { UpstreamReport } from './UpstreamReport';

const MAX_VERSIONS = 20;

interface Source {
  target: MlflowTarget;
  model: MlflowRegisteredModelInfo;
}

interface Candidate<S> {
  source: S;
  number: string;
  version?: MlflowModelVersionInfo;
}

/**
 * Versions that hold an alias or a stage and are not among those shown: the
 * champion first, then the highest numbers, at most 20.
 */
export async function readOutstandingVersions<S extends Source>(
  reader: CachedMlflowReader,
  report: UpstreamReport,
  options: { sources: S[]; shown: MlflowModelVersionInfo[] },
): Promise<Array<{ source: S; version: MlflowModelVersionInfo }>> {
  const { shown, sources } = options;
  const candidates = sources.flatMap((source): Candidate<S>[] => {
    const { aliases, latestVersions } = source.model;
    const numbers = new Set([
      ...aliases.map(({ version }) => version),
      ...latestVersions
        .filter(({ stage }) => stage)
        .map(({ version }) => version),
    ]);
    return [...numbers]
      .filter(
        number =>
          !shown.some(
            ({ name, version }) =>
              version === number && name === source.model.name,
          ),
      )
      .map(number => ({
        source,
        number,
        version: latestVersions.find(({ version }) => version === number),
      }));
  });
  const rank = ({ number, source }: Candidate<S>) =>
    isChampion(source.model, number) ? Infinity : Number(number) || 0;
  const chosen = candidates
    .sort((a, b) => (rank(b) > rank(a) ? 1 : -1))
    .slice(0, MAX_VERSIONS);
  const versions = await Promise.all(
    chosen.map(async ({ number, source, version }) => {
      const { name: instance } = source.target.instance;
      const { name } = source.model;
      const { value } = version
        ? { value: version }
        : await report.takeOne(reader.modelVersion(instance, name, number), {
            instance,
            label: `version ${number} of '${name}'`,
          });
      return value && { source, version: value };
    }),
  );
  return versions.flatMap(version => version ?? []);
}
