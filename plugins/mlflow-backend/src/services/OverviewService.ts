import type { Entity } from '@backstage/catalog-model';
import type {
  MlflowEntityOverview,
  MlflowModelVersion,
  MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import type {
  MlflowModelVersionInfo,
  MlflowRunInfo,
} from '@greenroom/plugin-mlflow-node';
import type { CachedMlflowReader } from './CachedMlflowReader';
import type { MlflowAccess } from './MlflowAccess';
import { resolveExperiments } from './resolveExperiments';
import { resolveTargets, type MlflowTarget } from './resolveTargets';
import { getAliases, toMlflowModelVersion } from './toMlflowModelVersion';
import { toMlflowRun } from './toMlflowRun';
import { UpstreamReport } from './UpstreamReport';

const CHAMPION = 'champion';
// Far enough back that the champion and the last gated run are usually among
// them, so that one search answers for all three.
const RECENT = 50;

interface KnownVersion {
  info: MlflowModelVersionInfo;
  aliases: string[];
}

interface Part {
  champion?: MlflowModelVersion;
  latestVersion?: MlflowModelVersion;
  lastRun?: MlflowRun;
  lastGatedRun?: MlflowRun;
}

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
   * and one model and its champion is among the 50 newest runs and versions.
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
    const [{ names, runs }, versions] = await Promise.all([
      this.#recentRuns(target, access, report),
      Promise.all(
        target.registeredModels.map(name =>
          this.#versions(instance.name, name, report),
        ),
      ).then(lists => lists.flat()),
    ]);
    const toRun = (run: MlflowRunInfo) =>
      toMlflowRun(instance, run, {
        experimentName: names.get(run.experimentId),
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
      const run = await this.#sourceRun(instance.name, known, { runs, report });
      return toMlflowModelVersion(instance, known.info, {
        aliases: known.aliases,
        run: run && toRun(run),
      });
    };
    const isChampion = ({ aliases }: KnownVersion) =>
      aliases.includes(CHAMPION);
    const [champion, latestVersion] = await Promise.all([
      toVersion(
        newest(versions.filter(isChampion), ({ info }) => info.creationTime),
      ),
      toVersion(newest(versions, ({ info }) => info.creationTime)),
    ]);
    const shown = runs.map(toRun);
    return {
      champion,
      latestVersion,
      lastRun: shown[0],
      lastGatedRun: shown.find(({ gate }) => gate),
    };
  }

  async #recentRuns(
    target: MlflowTarget,
    access: MlflowAccess,
    report: UpstreamReport,
  ) {
    const { names } = await resolveExperiments(
      this.#reader,
      target,
      access,
      report,
    );
    const { value: page } =
      names.size === 0
        ? {}
        : await report.take(
            this.#reader.searchRuns(target.instance.name, {
              experimentIds: [...names.keys()].sort(),
              orderBy: ['attributes.start_time DESC'],
              maxResults: RECENT,
            }),
          );
    return { names, runs: page?.items ?? [] };
  }

  /** The newest versions, and the champion where it is older. */
  async #versions(
    instance: string,
    name: string,
    report: UpstreamReport,
  ): Promise<KnownVersion[]> {
    const [{ value: model }, { value: page }] = await Promise.all([
      report.take(this.#reader.registeredModel(instance, name)),
      report.take(
        this.#reader.versionsOfModel(instance, name, { maxResults: RECENT }),
      ),
    ]);
    const versions = page?.items ?? [];
    const champion = model?.aliases.find(({ alias }) => alias === CHAMPION);
    const isListed = versions.some(
      ({ version }) => version === champion?.version,
    );
    const { value: older } =
      champion && !isListed
        ? await report.take(
            this.#reader.modelVersion(instance, name, champion.version),
          )
        : {};
    return [...versions, ...(older ? [older] : [])].map(info => ({
      info,
      aliases: getAliases(model, info),
    }));
  }

  async #sourceRun(
    instance: string,
    { info }: KnownVersion,
    known: { runs: MlflowRunInfo[]; report: UpstreamReport },
  ): Promise<MlflowRunInfo | undefined> {
    if (!info.runId) {
      return undefined;
    }
    const recent = known.runs.find(({ runId }) => runId === info.runId);
    if (recent) {
      return recent;
    }
    const answer = this.#reader.run(instance, info.runId);
    return (await known.report.take(answer)).value;
  }
}
