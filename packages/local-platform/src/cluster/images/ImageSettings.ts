// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { readJsonIfValid, writeAtomically } from '../../../bootstrap/files.mjs';
import { findFreePort, isPortFree } from '../../../bootstrap/ports.mjs';

const settingsSchema = z.object({
  /** Where the registry listens. */
  port: z.number(),
  /** Reads every repository of the registry: the kubelet's. */
  pullToken: z.string().min(20),
  /** The runner signs the tokens of jobs with it. */
  signingKey: z.string().min(20),
  /** The GitHub App that pipelines hand their versions off with. */
  app: z.object({
    clientId: z.string(),
    slug: z.string(),
    publicKey: z.string(),
    privateKey: z.string(),
  }),
});

/** What the registry, the runner and the kubelet of one state folder agree on; kept between starts. */
export type ImageSettings = z.infer<typeof settingsSchema>;

/** Reads the settings of a state folder, or makes them; a port that another program has taken is replaced. */
export async function openImageSettings(
  stateDir: string,
): Promise<ImageSettings> {
  const file = path.join(stateDir, 'cluster', 'images.json');
  const kept = settingsSchema.safeParse(readJsonIfValid(file)).data;
  if (kept && (await isPortFree(kept.port))) {
    return kept;
  }
  const settings = {
    ...(kept ?? makeSecrets()),
    port: await findFreePort(),
  };
  writeAtomically(file, `${JSON.stringify(settings)}\n`, 0o600);
  return settings;
}

function makeSecrets(): Omit<ImageSettings, 'port'> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    pullToken: randomBytes(24).toString('hex'),
    signingKey: randomBytes(32).toString('hex'),
    app: {
      clientId: `Iv23li${randomBytes(7).toString('hex')}`,
      slug: 'greenroom-handoff',
      publicKey,
      privateKey,
    },
  };
}
