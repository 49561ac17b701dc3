import { Router } from 'express';
import type { Forge } from '../Forge';

export function webRoutes(_forge: Forge): Router {
  return Router();
}
