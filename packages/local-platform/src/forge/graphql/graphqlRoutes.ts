import { Router } from 'express';
import type { Forge } from '../Forge';

export function graphqlRoutes(_forge: Forge): Router {
  return Router();
}
