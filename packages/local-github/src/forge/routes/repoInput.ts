// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { validationFailed } from '../http/errors';
import { isRepositoryName } from '../names';
import { repositorySettings } from '../stores/RepositoryStore';

const optionalText = z.string().max(1000).nullable().optional();

const settingsBody = repositorySettings.partial();

export const createBody = settingsBody.extend({
  name: z.string(),
  description: optionalText,
  homepage: optionalText,
  private: z.boolean().optional(),
  visibility: z.enum(['public', 'private', 'internal']).optional(),
  auto_init: z.boolean().optional(),
});

export const updateBody = settingsBody.extend({
  name: z.string().optional(),
  description: optionalText,
  homepage: optionalText,
  private: z.boolean().optional(),
  visibility: z.enum(['public', 'private', 'internal']).optional(),
  default_branch: z.string().optional(),
  archived: z.boolean().optional(),
});

export const dispatchBody = z.object({
  event_type: z.string().min(1).max(100),
  client_payload: z
    .record(z.string(), z.unknown())
    .refine(
      value => Object.keys(value).length <= 10,
      'No more than 10 properties are allowed',
    )
    .default({}),
});

// Octokit sends keys that are not set as null or leaves them out; defaults stand for both.
export function settingsOf(body: Record<string, unknown>) {
  return repositorySettings.parse(
    Object.fromEntries(
      Object.keys(repositorySettings.shape)
        .filter(key => body[key] !== undefined && body[key] !== null)
        .map(key => [key, body[key]]),
    ),
  );
}

export function checkName(name: string): void {
  if (!isRepositoryName(name)) {
    throw validationFailed({
      resource: 'Repository',
      code: 'custom',
      field: 'name',
      message:
        'name can only contain ASCII letters, digits, and the characters ., -, and _, up to 100 of them',
    });
  }
}

export function isPrivate(body: {
  private?: boolean;
  visibility?: string;
}): boolean | undefined {
  return body.visibility === undefined
    ? body.private
    : body.visibility !== 'public';
}
