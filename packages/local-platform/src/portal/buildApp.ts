// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../bootstrap/Problem.mjs';
import { Step } from '../../bootstrap/Steps.mjs';
import {
  hashPaths,
  readJsonIfValid,
  writeAtomically,
} from '../../bootstrap/files.mjs';
import { withLock } from '../../bootstrap/lock.mjs';
import { run } from '../../bootstrap/processes.mjs';
import { meaningfulLines } from '../supervisor/waitUntilReady';

const BROWSER_ROLES = [
  'frontend-plugin',
  'frontend-plugin-module',
  'common-library',
  'web-library',
];
const NOT_SOURCES = ['dist', 'dist-types', 'node_modules', 'coverage'];

/** What the built app is made of. */
function sourcesOf(root: string): string[] {
  const plugins = path.join(root, 'plugins');
  const inBrowser = fs
    .readdirSync(plugins)
    .map(name => path.join(plugins, name))
    .filter(folder =>
      BROWSER_ROLES.includes(
        readJsonIfValid(path.join(folder, 'package.json'))?.backstage?.role,
      ),
    );
  return [
    path.join(root, 'packages', 'app'),
    ...inBrowser,
    path.join(root, 'yarn.lock'),
    path.join(root, 'tsconfig.json'),
    path.join(root, 'app-config.yaml'),
  ];
}

/** Builds the app that the backend serves, when its sources have changed since the last build. */
export async function buildApp(options: {
  root: string;
  logFile: string;
  step: Step;
}): Promise<void> {
  const { root, logFile, step } = options;
  const dist = path.join(root, 'packages', 'app', 'dist');
  const stamp = path.join(dist, '.greenroom.json');
  const hash = hashPaths(
    sourcesOf(root),
    name => NOT_SOURCES.includes(name) || /\.test\.tsx?$/.test(name),
  );
  const isBuilt = () =>
    readJsonIfValid(stamp)?.hash === hash &&
    fs.existsSync(path.join(dist, 'index.html'));
  if (isBuilt()) {
    step.detail('up to date');
    return;
  }
  await withLock(
    path.join(root, '.greenroom', 'build-app.lock'),
    async () => {
      if (isBuilt()) {
        return;
      }
      fs.rmSync(stamp, { force: true });
      const { code, lines } = await run(
        process.execPath,
        [
          path.join(
            root,
            'node_modules',
            '@backstage',
            'cli',
            'bin',
            'backstage-cli',
          ),
          'package',
          'build',
          '--config',
          path.join(root, 'app-config.yaml'),
        ],
        {
          cwd: path.join(root, 'packages', 'app'),
          env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
          log: logFile,
        },
      );
      if (code !== 0) {
        throw new Problem(
          'The app could not be built.',
          'If you changed its sources, correct them; else run `npm start` again.',
          { detail: meaningfulLines(lines, 12), log: logFile },
        );
      }
      writeAtomically(stamp, JSON.stringify({ hash }));
    },
    () => step.detail('waiting for another start'),
  );
  step.detail('built');
}
