// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { timestamp } from './database';
import type { Signature } from './git/commits';

/** An author or committer as a request gives it. */
export const personSchema = z.object({
  name: z.string().min(1),
  email: z.string().min(1),
  date: z.iso.datetime({ offset: true }).optional(),
});

/** A signature as a request gives it, or the caller's. */
export function signatureOf(
  person: z.infer<typeof personSchema> | undefined | null,
  fallback: Signature,
): Signature {
  return person
    ? { ...fallback, ...person, date: person.date ?? fallback.date }
    : fallback;
}

/** How a login signs commits that the API makes for it. */
export function noreplySignature(login: string): Signature {
  return {
    name: login,
    email: `${login}@users.noreply.localhost`,
    date: timestamp(),
  };
}
