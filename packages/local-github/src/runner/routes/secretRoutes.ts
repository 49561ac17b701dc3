// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { notFound, validationFailed } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { bodyOf, RouteTable } from '../../forge/http/RouteTable';
import type { SecretRecord } from '../store/SettingsStore';
import { checkName } from './checkName';
import type { RunnerParts } from './RunnerParts';

const BASE = '/actions/secrets';

const putBody = z.object({ encrypted_value: z.string(), key_id: z.string() });

/** Repository secrets, sealed by the client with libsodium. */
export function secretRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);
  const { settings, secretBox } = parts.services.store;

  const find = (repositoryId: number, name: string) =>
    settings
      .secrets(repositoryId)
      .find(secret => secret.name === name.toUpperCase());

  routes.get(BASE, 'secrets:write', ({ repository, req, res }) => {
    const all = settings.secrets(repository.id);
    return {
      total_count: all.length,
      secrets: paginate(req, res, all).map(serialize),
    };
  });

  routes.get(`${BASE}/public-key`, 'secrets:write', async () => {
    const { keyId, key } = await secretBox.publicKey();
    return { key_id: keyId, key };
  });

  routes.get(`${BASE}/:name`, 'secrets:write', ({ repository, req }) => {
    const secret = find(repository.id, req.params.name);
    if (!secret) {
      throw notFound();
    }
    return serialize(secret);
  });

  routes.put(
    `${BASE}/:name`,
    'secrets:write',
    bodyOf('Secret', putBody),
    async ({ repository, input: body, req, res }) => {
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
    },
  );

  routes.delete(`${BASE}/:name`, 'secrets:write', ({ repository, req }) => {
    const secret = find(repository.id, req.params.name);
    if (!secret) {
      throw notFound();
    }
    settings.removeSecret(repository.id, secret.name);
  });
  return routes;
}

function serialize(secret: SecretRecord) {
  return {
    name: secret.name,
    created_at: secret.createdAt,
    updated_at: secret.updatedAt,
  };
}
