// SPDX-License-Identifier: Apache-2.0
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import { z } from 'zod';
import { toRun } from '../database/IncidentStore';
import type { LeasedJob } from '../database/JobStore';
import type { IncidentRow } from '../database/rows';
import type { PipelineSources } from '../services/PipelineSources';
import { withoutSecrets } from '../services/withoutSecrets';
import type { EffectParts } from './PostHandler';
import type { JobHandler, JobOptions } from './Worker';

/** Names the run that passed. */
const recoverPayloadSchema = z.object({
  source: z.string(),
  host: z.string(),
  repository: z.string(),
  runId: z.string(),
  runAttempt: z.number(),
});

/** Closes what a workflow's failures opened when it passes again. */
export class RecoverHandler implements JobHandler {
  readonly #options: EffectParts & { sources: PipelineSources };

  constructor(options: EffectParts & { sources: PipelineSources }) {
    this.#options = options;
  }

  async run(job: LeasedJob, options: JobOptions): Promise<void> {
    const { incidents, signals, sources } = this.#options;
    const ref = recoverPayloadSchema.parse(JSON.parse(job.payload));
    const run = await sources.get(ref.source).getRun(ref, options);
    if (run?.result !== 'passed') {
      return;
    }
    // As the incidents have it.
    const passed = withoutSecrets(run);
    for (const incident of await incidents.queries.listOpen(passed)) {
      await incidents.setRecovered(incident.id, passed);
      await this.#close(incident, passed, options);
      signals.changed(incident);
    }
    // After a crash between the two steps above.
    for (const incident of await incidents.queries.listRecovered(passed)) {
      await this.#close(incident, passed, options);
    }
  }

  async onDead(): Promise<void> {
    // The incidents say that they recovered; what stays open outside is the dead letter.
  }

  async #close(
    incident: IncidentRow,
    passed: PipelineRun,
    { signal, assertLease }: JobOptions,
  ): Promise<void> {
    const { audit, effects, store } = this.#options;
    for (const done of await store.list(incident.id)) {
      const effect = effects.find(({ kind }) => kind === done.kind);
      const externalId = done.external_id;
      if (
        !effect?.recover ||
        externalId === null ||
        done.recovered_at !== null ||
        (await store.countOpenSharing(done)) > 0
      ) {
        continue;
      }
      await assertLease();
      const { target, kind } = done;
      await audit.tell(
        { incident, kind, target, action: 'recovered' },
        async () =>
          effect.recover?.({
            target,
            externalId,
            run: toRun(incident),
            passed,
            signal,
          }),
      );
      await store.setRecovered(done);
    }
  }
}
