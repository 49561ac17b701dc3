// SPDX-License-Identifier: Apache-2.0
import { Router } from 'express';
import { artifactRoutes } from './artifactRoutes';
import { checkRoutes } from './checkRoutes';
import { dispatchRoutes } from './dispatchRoutes';
import { jobRoutes } from './jobRoutes';
import type { RunnerParts } from './RunnerParts';
import { runRoutes } from './runRoutes';
import { secretRoutes } from './secretRoutes';
import { settingsRoutes } from './settingsRoutes';
import { variableRoutes } from './variableRoutes';
import { workflowRoutes } from './workflowRoutes';

/** GitHub's REST routes of Actions. */
export function createApiRouter(parts: RunnerParts): Router {
  const router = Router();
  for (const create of [
    workflowRoutes,
    dispatchRoutes,
    runRoutes,
    jobRoutes,
    artifactRoutes,
    variableRoutes,
    secretRoutes,
    settingsRoutes,
    checkRoutes,
  ]) {
    router.use(create(parts).router);
  }
  return router;
}
