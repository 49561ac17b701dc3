import { Router } from 'express';
import type { Forge } from '../Forge';
import { metaRoutes } from './meta';
import { repoRoutes } from './repos';
import { userRoutes } from './users';

/** Forge's part of GitHub's REST API, one router per area. */
export function apiRoutes(forge: Forge): Router {
  const router = Router();
  for (const create of [metaRoutes, userRoutes, repoRoutes]) {
    router.use(create(forge));
  }
  return router;
}
