// SPDX-License-Identifier: Apache-2.0
import { JOB_LOGIN, type ForgeEvent } from '../../forge/types';
import type { RunnerServices } from '../execution/JobState';
import type { RunEngine } from '../execution/RunEngine';
import {
  commitMessage,
  listWorkflowFiles,
  readFileAt,
} from '../repositoryFiles';
import type { JsonObject } from '../types';
import { matchTrigger } from '../workflow/matchTrigger';
import { parseWorkflow } from '../workflow/parseWorkflow';
import { createRun } from './createRun';
import { object, resolveEvent, type ResolvedEvent } from './resolveEvent';
import { syncWorkflows } from './syncWorkflows';

/** Events that Actions itself sends and no workflow listens to, and the one that its own route handles. */
const ignored = new Set(['workflow_job', 'workflow_dispatch']);

const SKIP_INSTRUCTION =
  /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/i;

/** GitHub's limit of workflow_run upon workflow_run. */
const MAX_CHAIN = 3;

/** Starts the workflows that listen to what happens in forge, one event after the other. */
export class TriggerService {
  #last: Promise<void> = Promise.resolve();
  readonly #services: RunnerServices;
  readonly #engine: RunEngine;

  constructor(services: RunnerServices, engine: RunEngine) {
    this.#services = services;
    this.#engine = engine;
  }

  /** Takes an event from forge. */
  readonly onEvent = (event: ForgeEvent): void => {
    if (ignored.has(event.name)) {
      return;
    }
    this.#last = this.#last
      .then(() => this.#handle(event))
      .catch(error =>
        this.#services.context.logger.error(
          `The event ${event.name} of ${event.repository.fullName} started no workflow: ${error}`,
        ),
      );
  };

  /** Resolves when all events so far have been dealt with. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #handle(event: ForgeEvent): Promise<void> {
    if (event.name === 'repository' && event.action === 'deleted') {
      await this.#engine.forgetRepository(event.repository.id);
      return;
    }
    // What a job's token does starts no workflow, so that none starts itself.
    if (event.sender === JOB_LOGIN && event.name !== 'repository_dispatch') {
      return;
    }
    const repository =
      this.#services.context.repositories.findById(event.repository.id) ??
      event.repository;
    const current = { ...event, repository };
    const resolved = await resolveEvent(current);
    if (!resolved || (await this.#isSkipped(current, resolved))) {
      return;
    }
    if (
      event.name === 'push' &&
      resolved.ref === `refs/heads/${repository.defaultBranch}`
    ) {
      await syncWorkflows(this.#services, repository);
    }
    await this.#startMatching(current, resolved);
  }

  async #startMatching(
    event: ForgeEvent,
    resolved: ResolvedEvent,
  ): Promise<void> {
    const { repository } = event;
    const { language } = this.#services;
    const payload: JsonObject = JSON.parse(JSON.stringify(event.payload));
    for (const path of await listWorkflowFiles(
      repository,
      resolved.definitionSha,
    )) {
      const content = await readFileAt(
        repository,
        resolved.definitionSha,
        path,
      );
      if (content === undefined) {
        continue;
      }
      const parsed = await parseWorkflow(language, path, content);
      // A file that cannot be read is shown as a failed run of the push that brought it, as on GitHub.
      const starts = parsed.workflow
        ? await matchTrigger(parsed.workflow.events, resolved.facts)
        : event.name === 'push' && resolved.ref.startsWith('refs/heads/');
      if (starts) {
        const run = await createRun(this.#services, {
          repository,
          event: event.name,
          payload,
          inputs: {},
          ref: resolved.ref,
          headBranch: resolved.headBranch,
          headSha: resolved.headSha,
          sha: resolved.sha,
          path,
          content,
          parsed,
          actor: event.sender,
        });
        if (run) {
          await this.#engine.start(run);
        }
      }
    }
  }

  async #isSkipped(
    event: ForgeEvent,
    resolved: ResolvedEvent,
  ): Promise<boolean> {
    if (event.name === 'workflow_run') {
      return this.#chainLength(event) > MAX_CHAIN;
    }
    if (event.name === 'push' || event.name === 'pull_request') {
      return SKIP_INSTRUCTION.test(
        await commitMessage(event.repository, resolved.headSha),
      );
    }
    return false;
  }

  #chainLength(event: ForgeEvent): number {
    let length = 1;
    let id = Number(object(event.payload.workflow_run).id);
    while (length <= MAX_CHAIN) {
      const run = this.#services.store.runs.find(id);
      if (run?.event !== 'workflow_run') {
        return length;
      }
      id = Number(object(run.payload.workflow_run).id);
      length += 1;
    }
    return length;
  }
}
