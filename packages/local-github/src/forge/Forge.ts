// SPDX-License-Identifier: Apache-2.0
import type { Database } from 'better-sqlite3';
import type { PushRecorder } from './events/PushRecorder';
import type { WebhookSender } from './events/WebhookSender';
import type { AccountStore } from './stores/AccountStore';
import type { CollaboratorStore } from './stores/CollaboratorStore';
import type { CommitCommentStore } from './stores/CommitCommentStore';
import type { HookStore } from './stores/HookStore';
import type { IssueStore } from './stores/IssueStore';
import type { IssueEventStore } from './stores/IssueEventStore';
import type { LabelStore } from './stores/LabelStore';
import type { PullStore } from './stores/PullStore';
import type { RepositoryLifecycle } from './stores/RepositoryLifecycle';
import type { RepositoryStore } from './stores/RepositoryStore';
import type { StatusStore } from './stores/StatusStore';
import type { ForgeContext, ForgeEvent, ForgeRepository } from './types';

/** Everything that forge's own routes share; modules see the part that is `ForgeContext`. */
export interface Forge extends ForgeContext {
  db: Database;
  accounts: AccountStore;
  repositories: RepositoryStore;
  lifecycle: RepositoryLifecycle;
  collaborators: CollaboratorStore;
  commitComments: CommitCommentStore;
  issues: IssueStore;
  pulls: PullStore;
  labels: LabelStore;
  issueEvents: IssueEventStore;
  statuses: StatusStore;
  hooks: HookStore;
  pushes: PushRecorder;
  webhooks: WebhookSender;
  /** Runs writes to one repository one after the other. */
  withLock<T>(
    repository: ForgeRepository,
    action: () => Promise<T>,
  ): Promise<T>;
  /** Emits an event, adding the keys that every payload of GitHub has. */
  publish(event: ForgeEvent): void;
}
