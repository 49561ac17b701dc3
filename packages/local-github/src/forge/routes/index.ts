// SPDX-License-Identifier: Apache-2.0
import { Router } from 'express';
import type { Forge } from '../Forge';
import { archiveRoutes } from './archives';
import { branchRoutes } from './branches';
import { commentRoutes } from './comments';
import { commitCommentRoutes } from './commitComments';
import { commitRoutes } from './commits';
import { contentRoutes } from './contents';
import { gitDataRoutes } from './gitData';
import { hookRoutes } from './hooks';
import { issueRoutes } from './issues';
import { labelRoutes } from './labels';
import { metaRoutes } from './meta';
import { organizationRoutes } from './organizations';
import { pullListRoutes } from './pullLists';
import { pullRoutes } from './pulls';
import { refRoutes } from './refs';
import { repoAccessRoutes } from './repoAccess';
import { repoRoutes } from './repos';
import { statusRoutes } from './statuses';
import { userRoutes } from './users';

// Branch names and paths may hold slashes, so what ends in a fixed word
// (`/status`, `/pulls`) comes before what takes any path.
const ROUTES = [
  metaRoutes,
  userRoutes,
  organizationRoutes,
  repoRoutes,
  repoAccessRoutes,
  hookRoutes,
  branchRoutes,
  contentRoutes,
  refRoutes,
  gitDataRoutes,
  archiveRoutes,
  statusRoutes,
  pullListRoutes,
  pullRoutes,
  commitCommentRoutes,
  commitRoutes,
  issueRoutes,
  commentRoutes,
  labelRoutes,
];

/** Forge's part of GitHub's REST API, one router per area. */
export function apiRoutes(forge: Forge): Router {
  const router = Router();
  for (const create of ROUTES) {
    router.use(create(forge).router);
  }
  return router;
}
