// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { RegistryCredentials } from '../images/ImageStore';
import { Pod } from './kubeTypes';
import { PodObjects } from './PodObjects';

const KEY = '.dockerconfigjson';

const configSchema = z.object({
  auths: z.record(
    z.string(),
    z.object({
      auth: z.string().optional(),
      username: z.string().optional(),
      password: z.string().optional(),
    }),
  ),
});

/** The users and passwords for registries that a pod brings; a secret that is not there or cannot be read brings none. */
export async function readPullSecrets(
  pod: Pod,
  objects: PodObjects,
): Promise<RegistryCredentials[]> {
  const found: RegistryCredentials[] = [];
  for (const { name } of pod.spec?.imagePullSecrets ?? []) {
    const secret = name ? await objects.secret(name, true) : undefined;
    found.push(...parseConfig(secret?.get(KEY)?.toString() ?? ''));
  }
  return found;
}

function parseConfig(text: string): RegistryCredentials[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  const { data } = configSchema.safeParse(json);
  return Object.entries(data?.auths ?? {}).map(([registry, entry]) => {
    const decoded = Buffer.from(entry.auth ?? '', 'base64').toString();
    const colon = decoded.indexOf(':');
    return {
      registry: registry.replace(/^https?:\/\//, '').split('/')[0],
      username: entry.username ?? decoded.slice(0, Math.max(0, colon)),
      password: entry.password ?? decoded.slice(colon + 1),
    };
  });
}
