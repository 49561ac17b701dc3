// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { examples } from './createComponentAwaitAction.examples';

const DEFAULT_SECONDS = 60;
const POLL_MS = 500;

/**
 * `ml:component:await`: waits until the catalog has read a component that was
 * registered a moment ago, so that the link to its page does not lead to "not
 * found". A catalog that takes longer is not an error: the output `found` is
 * false then, and the log says so.
 *
 * @public
 */
export function createComponentAwaitAction(options: {
  catalog: CatalogService;
}) {
  const { catalog } = options;
  return createTemplateAction({
    id: 'ml:component:await',
    description:
      'Waits until the catalog has read a component that was registered a moment ago. Changes nothing; a catalog that takes longer is no error.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        entityRef: z =>
          z
            .string()
            .describe('The component, for example component:default/churn'),
        timeoutSeconds: z =>
          z
            .number()
            .int()
            .min(1)
            .max(600)
            .describe(`How long to wait at most; ${DEFAULT_SECONDS} by default`)
            .optional(),
      },
      output: {
        found: z => z.boolean().describe('Whether the catalog has it'),
      },
    },
    async handler(ctx) {
      const { entityRef, timeoutSeconds = DEFAULT_SECONDS } = ctx.input;
      if (ctx.isDryRun) {
        ctx.output('found', false);
        return;
      }
      const deadline = Date.now() + timeoutSeconds * 1000;
      do {
        const entity = await catalog.getEntityByRef(entityRef, {
          credentials: await ctx.getInitiatorCredentials(),
        });
        if (entity) {
          ctx.output('found', true);
          return;
        }
        await sleep(POLL_MS, undefined, { signal: ctx.signal });
      } while (Date.now() < deadline);
      ctx.output('found', false);
      ctx.logger.warn(
        `The catalog has not read ${entityRef} after ${timeoutSeconds} s; its page appears once it has`,
      );
    },
  });
}
