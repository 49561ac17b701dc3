// SPDX-License-Identifier: Apache-2.0
import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import express, { type Request } from 'express';
import Router from 'express-promise-router';
import { z } from 'zod';
import type {
  EntityRequest,
  MlflowEntityService,
} from './services/MlflowEntityService';
import { heedCacheControl } from './services/requestFreshness';

// Kind, namespace and name as the catalog's rules for refs allow them.
const entityParams = z.object({
  kind: z.string().min(1).max(63),
  namespace: z.string().min(1).max(63),
  name: z.string().min(1).max(63),
});

const runParams = entityParams.extend({
  instance: z.string().min(1).max(63),
  runId: z.string().regex(/^[\w-]{1,64}$/, 'must be the id of an MLflow run'),
});

const text = (maximum: number) =>
  z
    .string('must be given once, as text')
    .max(maximum, `must have at most ${maximum} characters`)
    .refine(value => !/\p{Cc}/u.test(value), 'must hold no control characters');

const pageQuery = z.object({
  pageSize: z.coerce
    .number('must be a number from 1 to 100')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .optional(),
  pageToken: text(8_000).optional(),
});

const runsQuery = pageQuery.extend({
  filter: text(2_000).optional(),
  orderBy: text(500).optional(),
  topLevel: z
    .enum(['true', 'false'], "must be 'true' or 'false'")
    .transform(value => value === 'true')
    .optional(),
});

const modelsQuery = pageQuery
  .pick({ pageToken: true })
  .extend({ search: text(200).optional() });

const exampleQuery = z.object({
  model: text(256),
  version: z.string().regex(/^\d{1,18}$/, 'must be the number of a version'),
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
  httpAuth: HttpAuthService;
  service: MlflowEntityService;
}): express.Router {
  const { httpAuth, service } = options;
  const router = Router();
  router.use(heedCacheControl);

  const toEntityRequest = async (req: Request): Promise<EntityRequest> => ({
    credentials: await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    }),
    entityRef: stringifyEntityRef(parse(entityParams, req.params)),
    request: req,
  });

  router.get('/entities/:kind/:namespace/:name/overview', async (req, res) => {
    res.json(await service.getOverview(await toEntityRequest(req)));
  });

  router.get('/entities/:kind/:namespace/:name/runs', async (req, res) => {
    const request = await toEntityRequest(req);
    res.json(await service.listRuns(request, parse(runsQuery, req.query)));
  });

  router.get(
    '/entities/:kind/:namespace/:name/runs/:instance/:runId',
    async (req, res) => {
      const request = await toEntityRequest(req);
      const { instance, runId } = parse(runParams, req.params);
      res.json(await service.getRun(request, { instance, runId }));
    },
  );

  router.get('/entities/:kind/:namespace/:name/drift', async (req, res) => {
    res.json(await service.getDrift(await toEntityRequest(req)));
  });

  router.get(
    '/entities/:kind/:namespace/:name/model-versions',
    async (req, res) => {
      const request = await toEntityRequest(req);
      const query = parse(pageQuery, req.query);
      res.json(await service.listModelVersions(request, query));
    },
  );

  router.get(
    '/entities/:kind/:namespace/:name/input-example',
    async (req, res) => {
      const request = await toEntityRequest(req);
      const wanted = parse(exampleQuery, req.query);
      res.json(await service.getInputExample(request, wanted));
    },
  );

  router.get('/models', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const query = parse(modelsQuery, req.query);
    res.json(await service.listModels({ credentials, request: req }, query));
  });

  router.get('/instances', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    res.json(await service.listInstances({ credentials }));
  });

  return router;
}
