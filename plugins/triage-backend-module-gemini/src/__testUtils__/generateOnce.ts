// SPDX-License-Identifier: Apache-2.0
import { LlmError } from '@greenroom/triage-engine';
import { z } from 'zod';
import { GeminiLlmClient, type GeminiLlmClientOptions } from '..';

// Run as a process of its own: the library that signs in to Google Cloud loads
// an ES module, which Jest does not.
async function main(options: GeminiLlmClientOptions) {
  const client = new GeminiLlmClient(options);
  try {
    return await client.generate({
      system: 'Our words.',
      user: 'The data.',
      schema: z.object({}),
      tier: 'light',
      maxOutputTokens: 500,
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    return error instanceof LlmError
      ? { code: error.code, message: error.message }
      : String(error);
  }
}

main(JSON.parse(process.argv[2])).then(
  result => process.stdout.write(JSON.stringify(result)),
  () => {
    process.exitCode = 1;
  },
);
