// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { parseArgs } from 'node:util';

/** The caller used a command or an option that does not exist, or gave it a value that it cannot have. */
export class UsageError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'UsageError';
  }
}

export const HELP = `Greenroom: the portal of an MLOps platform, with everything around it on this machine.

  npm start                 start it and say where it is (Ctrl-C ends it)
  npm run reset             forget all data: repositories, runs, models, the catalog
  npm test                  every test, set-up included
  npm run template          render a template on the command line, check what it made (-- --help)
  npm run triage            why a pipeline failed, from its logs (-- --help)
  npm run serving           why an inference service is as it is, from a file (-- --help)
  npm run eval              score the triage engine on labelled logs
  npm run screenshots       make the pictures of the documentation again

Options of npm start, after \`--\` (npm start -- --port 4000):
  --port N      the portal's port (default 3000, then the one used last); MLflow and forge
                take the two that follow, or free ones
  --state DIR   keep the data in DIR (default .greenroom/state); also for reset
  --no-demo     do not create the demo model on the first start
  --no-cluster  do not build and start the local Kubernetes cluster
  --no-monitoring
                do not build and start Prometheus and Alertmanager beside the local cluster
  --kubeconfig FILE
                use the cluster of this file's current context instead of a local one
  --wait        say that it is ready only when all that goes on in the background is done, too
  --help        this text

For people who work on Greenroom:
  node scripts/greenroom.mjs dev                the same, with hot reload of app and backend
  node scripts/greenroom.mjs exec -- CMD …      run a command with the prepared Node and PATH
  node scripts/greenroom.mjs environment        make the Python environment, print its paths as JSON
  node scripts/greenroom.mjs lock-python        resolve the Python locks anew

Environment: GREENROOM_CACHE_DIR (toolchain and environments, default .greenroom/cache),
GREENROOM_PYTHON (the interpreter to use).
`;

const START_OPTIONS = [
  'port',
  'state',
  'no-demo',
  'no-cluster',
  'no-monitoring',
  'kubeconfig',
  'wait',
];

/** @type {Record<string, string[]>} */
const OPTIONS_OF = {
  start: START_OPTIONS,
  dev: START_OPTIONS,
  reset: ['state'],
  environment: [],
  'lock-python': [],
};

/** Options without a value. */
const SWITCHES = ['no-demo', 'no-cluster', 'no-monitoring', 'wait'];

/** Commands that hand their arguments on. */
const PASSING_ON = [
  'test',
  'template',
  'triage',
  'serving',
  'eval',
  'screenshots',
  'exec',
];

/**
 * @typedef {object} Options
 * @property {string} command
 * @property {boolean} help
 * @property {number} [port] undefined: the one used last, or 3000.
 * @property {string} stateDir
 * @property {boolean} demo
 * @property {boolean} cluster
 * @property {boolean} monitoring
 * @property {string} [kubeconfig] Absolute path: the cluster to use instead of a local one.
 * @property {boolean} wait
 * @property {string[]} rest What the commands of PASSING_ON hand on.
 */

/**
 * Reads the command line.
 *
 * @param {string[]} args
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env] npm tells in INIT_CWD where the user typed a relative path.
 * @returns {Options}
 */
export function readOptions(args, root, env = process.env) {
  const [command = 'help', ...rest] = args;
  const options = {
    command,
    help: false,
    port: /** @type {number | undefined} */ (undefined),
    stateDir: path.join(root, '.greenroom', 'state'),
    demo: true,
    cluster: true,
    monitoring: true,
    kubeconfig: /** @type {string | undefined} */ (undefined),
    wait: false,
    rest,
  };
  if (['help', '--help', '-h'].includes(command)) {
    return { ...options, command: 'help', help: true };
  }
  if (PASSING_ON.includes(command)) {
    return {
      ...options,
      rest: command === 'exec' && rest[0] === '--' ? rest.slice(1) : rest,
    };
  }
  const allowed = OPTIONS_OF[command];
  if (!allowed) {
    throw new UsageError(`There is no command "${command}".`);
  }
  const values = parse(command, rest, allowed);
  if (values.port !== undefined) {
    const port = Number(values.port);
    if (!/^\d+$/.test(String(values.port)) || port < 1 || port > 65_535) {
      throw new UsageError(
        `--port takes a number from 1 to 65535, not "${values.port}".`,
      );
    }
    options.port = port;
  }
  if (values.state !== undefined) {
    if (!values.state) {
      throw new UsageError('--state takes the path of a folder.');
    }
    options.stateDir = path.resolve(
      env.INIT_CWD ?? process.cwd(),
      String(values.state),
    );
  }
  if (values.kubeconfig !== undefined) {
    if (!values.kubeconfig || values['no-cluster']) {
      throw new UsageError(
        values.kubeconfig
          ? '--kubeconfig and --no-cluster contradict each other.'
          : '--kubeconfig takes the path of a file.',
      );
    }
    options.kubeconfig = path.resolve(
      env.INIT_CWD ?? process.cwd(),
      String(values.kubeconfig),
    );
  }
  return {
    ...options,
    help: Boolean(values.help),
    demo: !values['no-demo'],
    cluster: !values['no-cluster'],
    monitoring: !values['no-monitoring'],
    wait: Boolean(values.wait),
    rest: [],
  };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string[]} allowed
 * @returns {Record<string, any>}
 */
function parse(command, args, allowed) {
  /** @type {Record<string, { type: 'boolean' | 'string', short?: string }>} */
  const known = { help: { type: 'boolean', short: 'h' } };
  for (const name of allowed) {
    known[name] = { type: SWITCHES.includes(name) ? 'boolean' : 'string' };
  }
  try {
    return parseArgs({
      args,
      options: known,
      allowPositionals: false,
      strict: true,
    }).values;
  } catch (error) {
    const given = args.find(
      arg =>
        arg.startsWith('-') && !known[arg.replace(/^--?/, '').split('=')[0]],
    );
    if (given && given !== '-h') {
      throw new UsageError(
        `${command} has no option "${given}"; it has ${[...allowed, 'help'].map(name => `--${name}`).join(', ')}.`,
      );
    }
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}
