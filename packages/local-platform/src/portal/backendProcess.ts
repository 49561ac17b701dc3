// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { PACKAGE_DIR } from '../paths';
import { ProcessSpec } from '../supervisor/ManagedProcess';

const LIFELINE = path.join(PACKAGE_DIR, 'src', 'supervisor', 'lifeline.cjs');

/** Where a backend or app is run from. */
export interface PortalProcessOptions {
  root: string;
  /** The generated configuration, read after app-config.yaml. */
  configFile: string;
  /** Interpreter of the Python environment; its MkDocs renders TechDocs. */
  python: string;
  logFile: string;
}

/** The backend from its sources, as `backstage-cli package start` runs it, without its watcher. */
export function backendProcess(options: PortalProcessOptions): ProcessSpec {
  const { root, configFile, python, logFile } = options;
  return {
    name: 'The backend',
    command: process.execPath,
    args: [
      '--max-old-space-size=1536',
      '--enable-source-maps',
      '--require',
      LIFELINE,
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      'src/index.ts',
      ...configArgs(root, configFile),
    ],
    cwd: path.join(root, 'packages', 'backend'),
    env: portalEnv(root, python),
    logFile,
  };
}

/** App or backend with hot reload, by Backstage's own command. */
export function hotReloadProcess(
  options: PortalProcessOptions & { package: 'app' | 'backend' },
): ProcessSpec {
  const { root, configFile, python, logFile } = options;
  return {
    name: options.package === 'app' ? 'The app' : 'The backend',
    command: process.execPath,
    args: [
      '--require',
      LIFELINE,
      path.join(
        root,
        'node_modules',
        '@backstage',
        'cli',
        'bin',
        'backstage-cli',
      ),
      'package',
      'start',
      ...configArgs(root, configFile),
    ],
    cwd: path.join(root, 'packages', options.package),
    env: portalEnv(root, python),
    logFile,
  };
}

function configArgs(root: string, configFile: string): string[] {
  return [
    '--config',
    path.join(root, 'app-config.yaml'),
    '--config',
    configFile,
  ];
}

function portalEnv(root: string, python: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [path.dirname(python), process.env.PATH].join(path.delimiter),
    NODE_ENV: 'development',
    // Nobody looks at the log in colours.
    NO_COLOR: '1',
    ESBK_TSCONFIG_PATH: path.join(root, 'tsconfig.json'),
  };
}
