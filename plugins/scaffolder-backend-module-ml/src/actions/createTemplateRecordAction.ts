// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs/promises';
import path from 'node:path';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  formatTemplateRecord,
  readTemplateInfo,
  RECORD_PATH,
} from '../services/TemplateRecord';
import { answer } from './schemaParts';
import { examples } from './createTemplateRecordAction.examples';

/**
 * `ml:template:record`: writes into the workspace which template makes this
 * repository, in which version, and with which values. `ml:component:check`
 * recognises by it what an earlier try has made.
 *
 * @public
 */
export function createTemplateRecordAction() {
  return createTemplateAction({
    id: 'ml:template:record',
    description: `Writes ${RECORD_PATH}: the template, its version and the values that the repository is made from.`,
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        values: z =>
          z.record(answer(z)).describe('What the repository is made from'),
        mark: z =>
          z
            .string()
            .describe('The proof that this portal made it, of the check')
            .optional(),
        base: z =>
          z
            .string()
            .describe('Of an upgrade: the commit that it begins from')
            .optional(),
      },
      output: {
        path: z => z.string().describe('The file, from the workspace'),
      },
    },
    async handler(ctx) {
      const file = resolveSafeChildPath(ctx.workspacePath, RECORD_PATH);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(
        file,
        formatTemplateRecord({
          ...readTemplateInfo(ctx.templateInfo),
          ...(ctx.input.mark && { mark: ctx.input.mark }),
          ...(ctx.input.base && { base: ctx.input.base }),
          values: ctx.input.values,
        }),
      );
      ctx.output('path', RECORD_PATH);
    },
  });
}
