// SPDX-License-Identifier: Apache-2.0
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { PackageSource } from '../services/readPackageSource';
import { installFromIndex } from '../services/installFromIndex';
import { examples } from './createPackageSourceAction.examples';

/**
 * `ml:package:source`: leaves a rendered repository with the wheel of greenroom-ml in `vendor/`,
 * or lets it install the same from an index, as `scaffolder.ml.package` says.
 *
 * @public
 */
export function createPackageSourceAction(options: PackageSource) {
  return createTemplateAction({
    id: 'ml:package:source',
    description:
      'Says in requirements, Makefile and Dockerfile where greenroom-ml comes from: vendor/, or an index of packages (scaffolder.ml.package).',
    examples,
    supportsDryRun: true,
    schema: {
      output: {
        source: z => z.enum(['vendored', 'index']).describe('Where from'),
      },
    },
    async handler(ctx) {
      if (options.source === 'index') {
        const version = await installFromIndex(
          ctx.workspacePath,
          options.indexUrl,
        );
        ctx.logger.info(
          `greenroom-ml ${version} comes from ${options.indexUrl ?? 'the index that pip and uv are set to'}`,
        );
      }
      ctx.output('source', options.source);
    },
  });
}
