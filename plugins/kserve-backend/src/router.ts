// SPDX-License-Identifier: Apache-2.0
import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import express, { type Request } from 'express';
import Router from 'express-promise-router';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type {
  EntityRequest,
  KserveEntityService,
  ServiceRequest,
} from './services/KserveEntityService';

// Kind, namespace and name as the catalog's rules for refs allow them.
const entityParams = z.object({
  kind: z.string().min(1).max(63),
  namespace: z.string().min(1).max(63),
  name: z.string().min(1).max(63),
});

const dnsName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be a name of Kubernetes');

const serviceParams = entityParams.extend({
  cluster: z.string().min(1).max(253),
  serviceNamespace: dnsName,
  service: dnsName,
});

const whole = (minimum: number, maximum: number) =>
  z.coerce
    .number(`must be a number from ${minimum} to ${maximum}`)
    .int('must be a whole number')
    .min(minimum, `must be at least ${minimum}`)
    .max(maximum, `must be at most ${maximum}`)
    .optional();

const flag = z
  .enum(['true', 'false'], "must be 'true' or 'false'")
  .transform(value => value === 'true')
  .optional();

const logsQuery = z.object({
  pod: dnsName,
  container: dnsName.optional(),
  previous: flag,
  follow: flag,
  sinceSeconds: whole(1, 31_536_000),
  tailLines: whole(1, 5_000),
});

const predictBody = z.object({
  protocol: z.enum(['v1', 'v2'], "must be 'v1' or 'v2'"),
  body: z.unknown(),
  canary: dnsName.optional(),
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
  service: KserveEntityService;
  /** Largest body that is taken. */
  requestBytes: number;
}): express.Router {
  const { httpAuth, requestBytes, service } = options;
  const router = Router();

  const toEntityRequest = async (req: Request): Promise<EntityRequest> => ({
    credentials: await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    }),
    entityRef: stringifyEntityRef(parse(entityParams, req.params)),
    request: req,
  });

  const toServiceRequest = async (req: Request): Promise<ServiceRequest> => {
    const {
      cluster,
      serviceNamespace,
      service: name,
    } = parse(serviceParams, req.params);
    return {
      ...(await toEntityRequest(req)),
      cluster,
      namespace: serviceNamespace,
      service: name,
    };
  };

  // Express adds an ETag and answers 304; the browser asks with it by itself.
  router.use((_req, res, next) => {
    res.set('cache-control', 'private, no-cache');
    next();
  });

  const services = '/entities/:kind/:namespace/:name/inference-services';
  const one = `${services}/:cluster/:serviceNamespace/:service`;

  router.get(services, async (req, res) => {
    res.json(await service.listInferenceServices(await toEntityRequest(req)));
  });

  router.get(`${one}/logs`, async (req, res) => {
    const request = await toServiceRequest(req);
    const query = parse(logsQuery, req.query);
    const gone = new AbortController();
    res.on('close', () => gone.abort());
    const log = await service.openLog(request, query, gone.signal);
    res.set({
      'content-type': 'text/plain; charset=utf-8',
      // A compressor would hold lines back.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    res.flushHeaders();
    await pipeline(log, res).catch(error => {
      if (!gone.signal.aborted) {
        throw error;
      }
    });
  });

  router.get(`${one}/metadata`, async (req, res) => {
    res.json(await service.getMetadata(await toServiceRequest(req)));
  });

  router.get(`${one}/objectives`, async (req, res) => {
    res.json(await service.getObjectives(await toServiceRequest(req)));
  });

  router.post(
    `${one}/predict`,
    // The envelope is a little larger than what is sent.
    express.json({ limit: requestBytes + 1_024 }),
    async (req, res) => {
      const request = await toServiceRequest(req);
      res.json(await service.predict(request, parse(predictBody, req.body)));
    },
  );

  router.get('/models', async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    res.json(await service.listModels({ credentials, request: req }));
  });

  router.get('/clusters', async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    res.json(await service.listClusters({ credentials, request: req }));
  });

  return router;
}
