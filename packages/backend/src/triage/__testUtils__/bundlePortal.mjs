// SPDX-License-Identifier: Apache-2.0
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

// Makes one file of alertPortal.ts and our own packages: a process that is killed ten
// times has to be there again soon. Runs apart from jest, whose realm esbuild refuses.
//
//   node bundlePortal.mjs OUTFILE
await build({
  entryPoints: [fileURLToPath(new URL('./alertPortal.ts', import.meta.url))],
  outfile: process.argv[2],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'error',
  plugins: [
    {
      name: 'own-packages-only',
      setup(plugin) {
        plugin.onResolve({ filter: /^[^./]/ }, ({ path }) =>
          path.startsWith('@greenroom/') ? undefined : { path, external: true },
        );
      },
    },
  ],
});
