import { Router } from 'express';
import { z } from 'zod';
import { notFound, validationFailed } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { parseBody, route } from '../../forge/http/route';
import type { SecretRecord } from '../store/SettingsStore';
import { checkName } from './checkName';
import { actionsRepository } from './find';
import type { RunnerParts } from './RunnerParts';

const base = '/repos/:owner/:repo/actions/secrets';

const putBody = z.object({ encrypted_value: z.string(), key_id: z.string() });

/** Repository secrets, sealed by the client with libsodium. */
export function secretRoutes(parts: RunnerParts): Router {
  const router = Router();
  const { settings, secretBox } = parts.services.store;

  const find = (repositoryId: number, name: string) =>
    settings
      .secrets(repositoryId)
      .find(secret => secret.name === name.toUpperCase());

  router.get(
    base,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res, 'write', 'secrets');
      const all = settings.secrets(repository.id);
      res.json({
        total_count: all.length,
        secrets: paginate(req, res, all).map(serialize),
      });
    }),
  );

  router.get(
    `${base}/public-key`,
    route(async (req, res) => {
      actionsRepository(parts, req, res, 'write', 'secrets');
      const { keyId, key } = await secretBox.publicKey();
      res.json({ key_id: keyId, key });
    }),
  );

  router.get(
    `${base}/:name`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res, 'write', 'secrets');
      const secret = find(repository.id, req.params.name);
      if (!secret) {
        throw notFound();
      }
      res.json(serialize(secret));
    }),
  );

  router.put(
    `${base}/:name`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'write', 'secrets');
      const body = parseBody(req, 'Secret', putBody);
      const name = checkName(req.params.name, 'Secret');
      const { keyId } = await secretBox.publicKey();
      const opens =
        body.key_id === keyId &&
        (await secretBox.open(body.encrypted_value).then(
          () => true,
          () => false,
        ));
      if (!opens) {
        throw validationFailed({
          resource: 'Secret',
          field: body.key_id === keyId ? 'encrypted_value' : 'key_id',
          code: 'invalid',
          message:
            'Seal the value with the key of GET …/actions/secrets/public-key and give its key_id',
        });
      }
      const existed = find(repository.id, name) !== undefined;
      settings.setSecret(repository.id, name, body.encrypted_value);
      if (existed) {
        res.status(204).end();
      } else {
        res.status(201).json({});
      }
    }),
  );

  router.delete(
    `${base}/:name`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res, 'write', 'secrets');
      const secret = find(repository.id, req.params.name);
      if (!secret) {
        throw notFound();
      }
      settings.removeSecret(repository.id, secret.name);
      res.status(204).end();
    }),
  );
  return router;
}

function serialize(secret: SecretRecord) {
  return {
    name: secret.name,
    created_at: secret.createdAt,
    updated_at: secret.updatedAt,
  };
}
