// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs/promises';
import type { DatabaseService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import type { WorkspaceProvider } from '@backstage/plugin-scaffolder-node/alpha';
import { z } from 'zod';

/** A task that takes the portal down with it is not tried for ever. */
const MAX_RECOVERIES = 3;

type Client = Awaited<ReturnType<DatabaseService['getClient']>>;

const parsed = z
  .string()
  .nullish()
  .transform(text => (text ? JSON.parse(text) : {}));

const taskSchema = z.object({
  spec: parsed.pipe(
    z.object({
      EXPERIMENTAL_recovery: z
        .object({ EXPERIMENTAL_strategy: z.string().optional() })
        .optional(),
    }),
  ),
  state: parsed.pipe(
    z.object({ state: z.record(z.string(), z.unknown()).optional() }),
  ),
  secrets: z.string().nullish(),
});

const eventsSchema = z.array(
  z.object({
    event_type: z.string(),
    body: parsed.pipe(z.object({ status: z.string().optional() })),
  }),
);

type TaskEvent = z.infer<typeof eventsSchema>[number];

/** A step that ended badly; that somebody asked to cancel is no end yet. */
const isEnd = ({ event_type: type, body: { status } }: TaskEvent) =>
  type === 'log' && (status === 'failed' || status === 'cancelled');

/** Whether the sign-in that a task acts with has ended; a token without a time has not. */
function hasExpired(secrets: string): boolean {
  try {
    const { backstageToken } = JSON.parse(secrets);
    const claims = String(backstageToken).split('.')[1];
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    return exp * 1000 < Date.now();
  } catch {
    return false;
  }
}

/**
 * What the scaffolder asks for a workspace before each run of a task, under the
 * name `startOver`. Nothing is kept: a task that is taken up again gets an empty
 * workspace and runs all its steps anew, as its template declares with
 * `EXPERIMENTAL_recovery`. (The scaffolder itself skips the steps that had ended,
 * in whatever workspace it finds: an empty one on another machine, one with a
 * half-written file on the same.) Checkpoints stay, so that a step which keeps
 * its effect in one does not repeat it. A task that cannot go on ends as failed,
 * with the reason, and the scaffolder drops its secrets.
 */
export class StartOverWorkspaceProvider implements WorkspaceProvider {
  readonly #client: Client;
  /** What this process has begun and not completed. */
  readonly #begun = new Set<string>();

  private constructor(client: Client) {
    this.#client = client;
  }

  static async create(
    database: DatabaseService,
  ): Promise<StartOverWorkspaceProvider> {
    const client = await database.getClient();
    if (/sqlite/.test(client.client.config.client)) {
      // What a task's end deletes, its token above all, is overwritten in the file.
      await client.raw('PRAGMA secure_delete = ON');
    }
    return new StartOverWorkspaceProvider(client);
  }

  async serializeWorkspace(): Promise<void> {}

  async cleanWorkspace({ taskId }: { taskId: string }): Promise<void> {
    this.#begun.delete(taskId);
  }

  /** @throws ConflictError with what to do, for a task that cannot go on */
  async rehydrateWorkspace(options: {
    taskId: string;
    targetPath: string;
  }): Promise<void> {
    const { taskId, targetPath } = options;
    const isBegun = this.#begun.has(taskId);
    this.#begun.add(taskId);
    const events = eventsSchema.parse(
      await this.#client('task_events')
        .where({ task_id: taskId })
        .orderBy('id')
        .select('event_type', 'body'),
    );
    const last = events.findLastIndex(
      ({ event_type: type }) => type === 'recovered',
    );
    if (last < 0) {
      return;
    }
    const task = taskSchema.parse(
      await this.#client('tasks')
        .where({ id: taskId })
        .first('spec', 'state', 'secrets'),
    );
    const before = events.slice(0, last);
    const lastStatus = before.findLast(({ body }) => body.status);
    // A person retries what has ended; what broke off has not.
    if (!lastStatus || !isEnd(lastStatus)) {
      const run = events.slice(before.findLastIndex(isEnd) + 1);
      const reason = isBegun
        ? 'for a while the portal could not write that it was at work on it, and works on it still'
        : this.#findObstacle(task, run);
      if (reason) {
        throw new ConflictError(
          `The portal stopped while this task ran, and it cannot go on by itself: ${reason}. Look at what it has made, then choose Start over`,
        );
      }
    }
    await fs.rm(targetPath, { recursive: true, force: true });
    await this.#client('tasks')
      .where({ id: taskId })
      .update({
        state: JSON.stringify({ state: { ...task.state.state, steps: {} } }),
      });
  }

  #findObstacle(
    task: z.infer<typeof taskSchema>,
    run: TaskEvent[],
  ): string | undefined {
    const count = (type: string) =>
      run.filter(({ event_type: found }) => found === type).length;
    const strategy = task.spec.EXPERIMENTAL_recovery?.EXPERIMENTAL_strategy;
    switch (true) {
      case count('cancelled') > 0:
        return 'it was being cancelled';
      case strategy !== 'startOver':
        return 'its template does not say that it may run twice (EXPERIMENTAL_recovery: startOver)';
      case !task.secrets:
        return 'the sign-in that it acted with is gone';
      case hasExpired(task.secrets ?? ''):
        return 'the sign-in that it acted with has ended';
      case count('recovered') > MAX_RECOVERIES:
        return `it has done so ${MAX_RECOVERIES} times already`;
      default:
        return undefined;
    }
  }
}
