// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  isMlflowRunAhead,
  type MlflowEntityOverview,
} from '@greenroom/plugin-mlflow-common';
import type {
  MlflowModelVersionInfo,
  MlflowRegisteredModelInfo,
  MlflowRunInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import { isChampion } from './isChampion';
import type { MlflowAccess } from './MlflowAccess';
import { readContents } from './readContents';
import { resolveExperiments } from './resolveExperiments';
import { resolveRegisteredModels } from './resolveRegisteredModels';
import { resolveSourceRun, type ResolvedRun } from './resolveSourceRun';
import { resolveTargets, type MlflowTarget } from './resolveTargets';
import { getAliases, toMlflowModelVersion } from './toMlflowModelVersion';
import { toMlflowRun } from './toMlflowRun';
import { UpstreamReport } from './UpstreamReport';

// Far enough back that the champion and the last gated run are usually among
// them, so that one search answers for all three.
const RECENT = 50;

interface KnownVersion {
  info: MlflowModelVersionInfo;
  aliases: string[];
  isChampion: boolean;
}

/** What one instance adds to the answer. */
type Part = Omit<
  MlflowEntityOverview,
  'references' | 'instances' | keyof ReturnType<UpstreamReport['toJSON']>
>;

function newest<T>(
  list: Array<T | undefined>,
  time: (item: T) => number | undefined,
): T | undefined {
  return list
    .flatMap(item => item ?? [])
    .sort((a, b) => (time(b) ?? 0) - (time(a) ?? 0))[0];
}

/** Puts together what an overview card shows of an entity. */
export class OverviewService {
  readonly #reader: CachedMlflowReader;

  constructor(reader: CachedMlflowReader) {
    this.#reader = reader;
  }

  /**
   * At most four calls for an instance, where an entity names one experiment
   * with runs and one model, and its champion is among the 50 newest runs and
   * versions.
   */
  async get(
    entity: Entity,
    access: MlflowAccess,
  ): Promise<MlflowEntityOverview> {
    const { instances } = this.#reader;
    const { errors, references, targets } = resolveTargets(entity, instances);
    const report = new UpstreamReport();
    if (instances.length > 0) {
      report.include({ errors });
    }
    const parts = await Promise.all(
      targets.map(target => this.#readTarget(target, access, report)),
    );
    return {
      references,
      instances: instances.map(({ name }) => name),
      experiments: parts.flatMap(part => part.experiments),
      registeredModels: parts.flatMap(part => part.registeredModels),
      champion: newest(
        parts.map(part => part.champion),
        version => version.creationTime,
      ),
      latestVersion: newest(
        parts.map(part => part.latestVersion),
        version => version.creationTime,
      ),
      lastRun: newest(
        parts.map(part => part.lastRun),
        run => run.startTime,
      ),
      lastGatedRun: newest(
        parts.map(part => part.lastGatedRun),
        run => run.startTime,
      ),
      ...report.toJSON(),
    };
  }

  async #readTarget(
    target: MlflowTarget,
    access: MlflowAccess,
    report: UpstreamReport,
  ): Promise<Part> {
    const { instance } = target;
    const [{ experiments, names, runs }, { registeredModels, versions }] =
      await Promise.all([
        this.#recentRuns(target, access, report),
        this.#recentVersions(target, access, report),
      ]);
    const toRun = (run: MlflowRunInfo, experimentName?: string) =>
      toMlflowRun(instance, run, {
        experimentName: experimentName ?? names.get(run.experimentId),
        modelVersions: versions
          .filter(({ info }) => info.runId === run.runId)
          .map(({ aliases, info: { name, version } }) => ({
            name,
            version,
            aliases,
          })),
      });
    const toVersion = async (known: KnownVersion | undefined) => {
      if (!known) {
        return undefined;
      }
      const { aliases, info } = known;
      const recent = runs.find(({ runId }) => runId === info.runId);
      const { experimentName, missing, run }: ResolvedRun =
        recent || !info.runId
          ? { run: recent }
          : await resolveSourceRun(this.#reader, access, report, {
              instance: instance.name,
              runId: info.runId,
            });
      return toMlflowModelVersion(instance, info, {
        aliases,
        run: run && toRun(run, experimentName),
        runMissing: missing,
      });
    };
    const [champion, latestVersion] = await Promise.all([
      toVersion(
        newest(
          versions.filter(known => known.isChampion),
          ({ info }) => info.creationTime,
        ),
      ),
      toVersion(newest(versions, ({ info }) => info.creationTime)),
    ]);
    const begun = runs
      .filter(run => !isMlflowRunAhead(run))
      .map(run => toRun(run));
    return {
      experiments,
      registeredModels,
      champion,
      latestVersion,
      lastRun: begun[0],
      lastGatedRun: begun.find(({ gate }) => gate),
    };
  }

  async #recentRuns(
    target: MlflowTarget,
    access: MlflowAccess,
    report: UpstreamReport,
  ) {
    const { name: instance } = target.instance;
    const { experiments, names } = await resolveExperiments(
      this.#reader,
      target,
      access,
      report,
    );
    const { value: page } =
      names.size === 0
        ? {}
        : await report.takePage(
            this.#reader.searchRuns(instance, {
              experimentIds: [...names.keys()].sort(),
              orderBy: ['attributes.start_time DESC'],
              maxResults: RECENT,
            }),
            { instance, noun: 'runs' },
          );
    return {
      names,
      runs: page?.items ?? [],
      experiments:
        page?.items.length === 0
          ? await readContents(this.#reader, experiments)
          : experiments,
    };
  }

  async #recentVersions(
    target: MlflowTarget,
    access: MlflowAccess,
    report: UpstreamReport,
  ) {
    const { models, registeredModels } = await resolveRegisteredModels(
      this.#reader,
      target,
      access,
      report,
    );
    const lists = await Promise.all(
      models.map(model =>
        this.#versionsOf(target.instance.name, model, report, {
          isPrompt: registeredModels.find(({ name }) => name === model.name)
            ?.isPrompt,
        }),
      ),
    );
    return { registeredModels, versions: lists.flat() };
  }

  /** The newest versions, and the champion where it is older. */
  async #versionsOf(
    instance: string,
    model: MlflowRegisteredModelInfo,
    report: UpstreamReport,
    { isPrompt }: { isPrompt?: boolean },
  ): Promise<KnownVersion[]> {
    const { value: page } = await report.takePage(
      this.#reader.versionsOfModel(instance, model.name, {
        isPrompt,
        maxResults: RECENT,
      }),
      { instance, noun: 'versions' },
    );
    // MLflow's own words on the newest, should the search not answer.
    const versions = page?.items ?? model.latestVersions;
    const number = [...model.aliases, ...model.latestVersions].find(
      ({ version }) => isChampion(model, version),
    )?.version;
    const { value: older } =
      number === undefined || versions.some(({ version }) => version === number)
        ? {}
        : await report.takeOne(
            this.#reader.modelVersion(instance, model.name, number),
            { instance, label: `version ${number} of '${model.name}'` },
          );
    return [...versions, ...(older ? [older] : [])].map(info => ({
      info,
      aliases: getAliases(model, info),
      isChampion: isChampion(model, info.version),
    }));
  }
}
