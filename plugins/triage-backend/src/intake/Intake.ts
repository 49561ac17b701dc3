// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import type { IncidentStore } from '../database/IncidentStore';
import type { JobStore } from '../database/JobStore';
import type { ChangeSignals } from '../services/ChangeSignals';
import { toRepositoryKey } from '../services/Repository';
import { withoutSecrets } from '../services/withoutSecrets';

const ATTEMPTS = 4;
const WAIT_MS = 250;

/** Records what ended, before anybody is told that it arrived. */
export class Intake {
  readonly #options: {
    /** Name of the workflow that analyses drift. */
    driftWorkflow: string;
    incidents: IncidentStore;
    jobs: JobStore;
    logger: LoggerService;
    signals: ChangeSignals;
    wake: () => void;
  };

  constructor(options: {
    driftWorkflow: string;
    incidents: IncidentStore;
    jobs: JobStore;
    logger: LoggerService;
    signals: ChangeSignals;
    wake: () => void;
  }) {
    this.#options = options;
  }

  /** @returns whether it was new. @throws Error when the database does not take it */
  async receive(run: PipelineRun): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#record(withoutSecrets(run));
      } catch (error) {
        if (attempt === ATTEMPTS) {
          throw error;
        }
        this.#options.logger.warn(`A run is recorded again: ${error}`);
        await new Promise(resolve => setTimeout(resolve, WAIT_MS * attempt));
      }
    }
  }

  async #record(run: PipelineRun): Promise<boolean> {
    const { driftWorkflow, incidents, signals, wake } = this.#options;
    if (run.result === 'failed') {
      const isNew = await incidents.record(run);
      if (isNew) {
        signals.changed(run);
        wake();
      }
      return isNew;
    }
    if (run.result === 'passed' && run.workflow === driftWorkflow) {
      await this.#addJob('drift', run);
    }
    // Most runs pass where nothing was broken.
    if (
      run.result === 'other' ||
      (await incidents.queries.listOpen(run)).length === 0
    ) {
      return false;
    }
    await this.#addJob('recover', run);
    return true;
  }

  async #addJob(kind: 'drift' | 'recover', run: PipelineRun): Promise<void> {
    const repository = toRepositoryKey(run);
    const { source, host, runId, runAttempt } = run;
    await this.#options.jobs.add({
      key: `${kind}:${source}:${repository}:${runId}:${runAttempt}`,
      kind,
      lane: `${kind === 'drift' ? 'drift' : 'effects'}:${repository}`,
      repository,
      payload: { source, host, repository: run.repository, runId, runAttempt },
    });
    this.#options.wake();
  }
}
