// SPDX-License-Identifier: Apache-2.0
import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  analyzeRequestSchema,
  feedbackRequestSchema,
  inboxRequestSchema,
  incidentLogRequestSchema,
  incidentsRequestSchema,
  reportsRequestSchema,
  stateRequestSchema,
} from '@greenroom/plugin-triage-common';
import express, { type Request } from 'express';
import Router from 'express-promise-router';
import { z } from 'zod';
import type { IncidentReports } from './services/IncidentReports';
import type { IncidentLists } from './services/IncidentLists';
import type { TriageService } from './services/TriageService';
import type { TriageStatistics } from './services/TriageStatistics';

const BODY_LIMIT = '32kb';

const incidentParams = z.object({ id: z.string().min(1).max(36) });

const statisticsQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(365).default(30),
});

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  throw new InputError(
    parsed.error.issues
      .map(({ message, path }) => `'${path.join('.')}' ${message}`)
      .join('; '),
  );
}

/** The HTTP API of the plugin; see the README for its routes. */
export function createRouter(options: {
  alerts: express.Router;
  httpAuth: HttpAuthService;
  incidentReports: IncidentReports;
  lists: IncidentLists;
  service: TriageService;
  statistics: TriageStatistics;
}): express.Router {
  const { alerts, httpAuth, incidentReports, lists, service, statistics } =
    options;
  const router = Router();
  const user = (req: Request) => httpAuth.credentials(req, { allow: ['user'] });
  const caller = (req: Request) =>
    httpAuth.credentials(req, { allow: ['user', 'service'] });
  const idOf = (req: Request) => parse(incidentParams, req.params).id;

  // Before the limit below: a group of alerts is larger than what people send.
  router.use(alerts);
  router.use(express.json({ limit: BODY_LIMIT }));
  // Express adds an ETag and answers 304; the browser asks with it by itself.
  router.use((_req, res, next) => {
    res.set('cache-control', 'private, no-cache');
    next();
  });

  router.get('/incidents', async (req, res) => {
    const query = parse(incidentsRequestSchema, req.query);
    res.json(await lists.listIncidents(await caller(req), query));
  });

  router.get('/incidents/:id', async (req, res) => {
    res.json(await service.getIncident(await caller(req), idOf(req)));
  });

  router.get('/incidents/:id/log', async (req, res) => {
    const query = parse(incidentLogRequestSchema, req.query);
    res.json(await service.getLog(await caller(req), idOf(req), query));
  });

  router.post('/incidents/:id/feedback', async (req, res) => {
    const body = parse(feedbackRequestSchema, req.body);
    res.json(await service.giveFeedback(await user(req), idOf(req), body));
  });

  router.post('/incidents/:id/state', async (req, res) => {
    const body = parse(stateRequestSchema, req.body);
    res.json(await service.setState(await user(req), idOf(req), body));
  });

  router.post('/incidents/:id/analyze', async (req, res) => {
    const body = parse(analyzeRequestSchema, req.body);
    res.json(await service.analyze(await user(req), idOf(req), body));
  });

  router.get('/incidents/:id/incident-report', async (req, res) => {
    res.json(await incidentReports.draft(await caller(req), idOf(req)));
  });

  router.post('/incidents/:id/incident-report', async (req, res) => {
    res.json(await incidentReports.propose(await user(req), idOf(req)));
  });

  router.get('/reports', async (req, res) => {
    const query = parse(reportsRequestSchema, req.query);
    res.json(await lists.listReports(await caller(req), query));
  });

  router.get('/inbox', async (req, res) => {
    const query = parse(inboxRequestSchema, req.query);
    res.json(await lists.getInbox(await user(req), query));
  });

  router.get('/statistics', async (req, res) => {
    const query = parse(statisticsQuery, req.query);
    res.json(await statistics.getStatistics(await caller(req), query));
  });

  return router;
}
