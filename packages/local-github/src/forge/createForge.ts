// SPDX-License-Identifier: Apache-2.0
import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createLock } from './createLock';
import { openDatabase } from './database';
import { headCommit, publishPush } from './events/publishPush';
import { PushRecorder } from './events/PushRecorder';
import { WebhookSender, type SiteWebhook } from './events/WebhookSender';
import type { Forge } from './Forge';
import { accessLevel } from './accessLevel';
import {
  minimalRepository,
  organizationOf,
  repository,
} from './serialize/repository';
import { simpleUser } from './serialize/user';
import { AccountStore } from './stores/AccountStore';
import { CollaboratorStore } from './stores/CollaboratorStore';
import { CommitCommentStore } from './stores/CommitCommentStore';
import { HookStore } from './stores/HookStore';
import { IssueStore } from './stores/IssueStore';
import { IssueEventStore } from './stores/IssueEventStore';
import { LabelStore } from './stores/LabelStore';
import { PullStore } from './stores/PullStore';
import { RepositoryLifecycle } from './stores/RepositoryLifecycle';
import { RepositoryStore } from './stores/RepositoryStore';
import { StatusStore } from './stores/StatusStore';
import { TokenStore } from './stores/TokenStore';
import type { ForgeContext, ForgeEventMap } from './types';

/** The login that the administrator's token acts as. */
const SITE_ADMIN = 'guest';

/** Opens the state in `dataDir` and wires the parts; nothing listens yet. */
export async function createForge(options: {
  dataDir: string;
  webUrl: string;
  adminToken: string;
  organizations: string[];
  users: string[];
  webhook?: SiteWebhook;
  logger: ForgeContext['logger'];
}): Promise<Forge> {
  const gitRoot = path.join(options.dataDir, 'repositories');
  await mkdir(gitRoot, { recursive: true });
  const db = openDatabase(path.join(options.dataDir, 'forge.db'));

  const accounts = new AccountStore(db, SITE_ADMIN);
  [SITE_ADMIN, ...options.users].forEach(login =>
    accounts.ensure(login, 'User'),
  );
  options.organizations.forEach(login =>
    accounts.ensure(login, 'Organization'),
  );
  const repositories = new RepositoryStore(db, gitRoot);
  const collaborators = new CollaboratorStore(db);
  const hooks = new HookStore(db);
  const lock = createLock();

  const forge: Forge = {
    urls: {
      web: options.webUrl,
      api: `${options.webUrl}/api/v3`,
      graphql: `${options.webUrl}/api/graphql`,
    },
    dataDir: options.dataDir,
    db,
    events: new EventEmitter<ForgeEventMap>(),
    accounts,
    repositories,
    lifecycle: new RepositoryLifecycle(repositories),
    collaborators,
    commitComments: new CommitCommentStore(db),
    issues: new IssueStore(db),
    pulls: new PullStore(db),
    labels: new LabelStore(db),
    issueEvents: new IssueEventStore(db),
    statuses: new StatusStore(db),
    hooks,
    tokens: new TokenStore(db, options.adminToken, SITE_ADMIN),
    pushes: new PushRecorder(
      options.dataDir,
      repositories,
      (repo, updates, sender) => publishPush(forge, repo, updates, sender),
    ),
    webhooks: new WebhookSender(hooks, options.logger, options.webhook),
    access: {
      level: (caller, repo) =>
        accessLevel({ accounts, collaborators }, caller, repo),
    },
    webViewer: { login: SITE_ADMIN },
    withLock: (repo, action) => lock(repo.id, action),
    publish: event => {
      forge.events.emit('event', {
        ...event,
        payload: {
          ...event.payload,
          ...organizationOf(forge, event.repository),
          sender: simpleUser(forge, event.sender),
        },
      });
    },
    serialize: {
      repository: repo => repository(forge, repo),
      minimalRepository: repo => minimalRepository(forge, repo),
      user: login => simpleUser(forge, login),
      headCommit: (repo, sha) => headCommit(forge, repo, sha),
    },
    logger: options.logger,
  };
  forge.events.on('event', event => {
    try {
      forge.webhooks.deliver(event);
    } catch (error) {
      options.logger.error(
        `Webhooks of ${event.repository.fullName}: ${error}`,
      );
    }
  });
  await forge.lifecycle.cleanUp();
  await forge.pushes.prepare();
  return forge;
}
