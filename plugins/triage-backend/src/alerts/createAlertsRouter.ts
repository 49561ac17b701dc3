// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import { AuthenticationError, toError } from '@backstage/errors';
import express, {
  type NextFunction,
  type Request,
  type Response,
} from 'express';
import Router from 'express-promise-router';
import type { AlertGate } from './AlertGate';
import type { AlertIntake } from './AlertIntake';
import { alertmanagerBodySchema } from './alertmanagerBody';
import type { AlertToken } from './AlertToken';

/** Where Alertmanager sends its webhooks. */
export const ALERTS_PATH = '/alerts';
const RETRY_AFTER_S = 5;

/** Answers with a sentence; Alertmanager logs it. */
function refuse(res: Response, status: number, message: string): void {
  res.status(status).json({ error: { message } });
}

/**
 * Takes alerts in. 5xx asks Alertmanager to come again, which it does for nothing
 * else: what can never be taken is a 4xx.
 */
export function createAlertsRouter(options: {
  bodyLimit: number;
  gate: AlertGate;
  intake: AlertIntake;
  logger: LoggerService;
  token: AlertToken;
}): express.Router {
  const { bodyLimit, gate, intake, logger, token } = options;
  const router = Router();

  router.post(ALERTS_PATH, async (req, res, next) => {
    try {
      await token.check(req.headers.authorization);
    } catch (error) {
      if (error instanceof AuthenticationError) {
        res.set('www-authenticate', 'Bearer');
      }
      throw error;
    }
    const leave = gate.enter();
    if (!leave) {
      res.set('retry-after', String(RETRY_AFTER_S));
      refuse(res, 503, 'Too many messages at once; send it again');
      return;
    }
    res.on('close', leave);
    next();
  });

  router.post(
    ALERTS_PATH,
    // Whatever it says it is: Alertmanager sends JSON.
    express.json({ limit: bodyLimit, type: () => true }),
    async (req, res) => {
      const parsed = alertmanagerBodySchema.safeParse(req.body);
      if (!parsed.success) {
        const [{ path, message }] = parsed.error.issues;
        const field = path.join('.') || 'body';
        refuse(res, 422, `'${field}' ${message}`);
        return;
      }
      try {
        const { created, changed } = await intake.receive(parsed.data);
        res
          .status(202)
          .json({ created: created.length, changed: changed.length });
      } catch (error) {
        logger.error('Alerts could not be recorded', toError(error));
        res.set('retry-after', String(RETRY_AFTER_S));
        refuse(res, 503, 'The alerts could not be recorded; send them again');
      }
    },
  );

  router.use(
    (error: unknown, req: Request, res: Response, next: NextFunction) => {
      const { status, type } = Object(error);
      if (req.path !== ALERTS_PATH || typeof status !== 'number') {
        next(error);
      } else if (status === 413) {
        // Nobody sends these again: they have to be told of.
        logger.warn(
          `Alerts were refused: more than ${bodyLimit} bytes; see 'max_alerts' of Alertmanager and 'triage.alerts.bodyLimit'`,
        );
        refuse(res, 413, `The body must not be larger than ${bodyLimit} bytes`);
      } else if (status >= 500) {
        next(error);
      } else {
        refuse(
          res,
          status,
          type === 'entity.parse.failed'
            ? "'body' must be JSON"
            : "'body' cannot be read",
        );
      }
    },
  );
  return router;
}
