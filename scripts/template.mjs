// SPDX-License-Identifier: Apache-2.0

// The templates on the command line, for platform engineers and for CI. Started by
// `npm run template` through scripts/greenroom.mjs.
import { parseArgs } from 'node:util';
import { Refusal, templateNames } from './lib/templates/templateFiles.mjs';

const HELP = `Render and check the repositories that the templates make.

  npm run --silent template -- render TEMPLATE --values FILE.json --out DIR
      Renders through the portal's scaffolder engine, without a portal, MLflow or GitHub: nothing
      exists yet, and every well-formed owner and system does.
        TEMPLATE         ${templateNames().join(', ')}, or the path of a template.yaml
        --values FILE    the values as the form sends them; - reads standard input
        --out DIR        a folder that is empty or does not exist
  npm run --silent template -- render TEMPLATE --defaults
      Prints the values as the form sends them when a person changes nothing.
  npm run --silent template -- check DIR
      Runs every linter of the project on a rendered repository.
  npm run --silent template -- upgrade DIR [--set NAME=VALUE …] [--dry-run]
      Brings a clone of a model repository to today's template: renders it with the answers of
      .greenroom/template.json, commits that after the base on greenroom/upgrade-VERSION, and merges the
      branch into the one that is checked out, by git merge. Your edits stay; conflicts are git's.
        --set NAME=VALUE another answer than recorded, by its place in the form: gate.threshold=0.9
        --dry-run        says what would change and conflict, and changes nothing

Exit code: 0, all is well; 1, a finding, a conflict to resolve or a failure; 2, something given here cannot be used, and
standard error says what.
`;

process.on('message', () => process.exit(143));
process.channel?.unref();

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = error instanceof Refusal ? 2 : 1;
}
process.exit();

/** @param {string[]} args @returns {Promise<number>} */
async function main(args) {
  const [command, ...rest] = args;
  if (!command || ['help', '--help', '-h'].includes(command)) {
    process.stdout.write(HELP);
    return command ? 0 : 2;
  }
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const { values, positionals } = readArguments(command, rest);
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (positionals.length !== 1) {
    throw usage(
      command === 'render'
        ? `render takes one template: ${templateNames().join(', ')}, or the path of a template.yaml.`
        : `${command} takes one folder.`,
    );
  }
  if (command === 'check') {
    const { checkCommand } = await import('./lib/templates/check.mjs');
    return checkCommand(positionals[0], cwd);
  }
  if (command === 'upgrade') {
    const { upgradeCommand } = await import('./lib/templates/upgrade.mjs');
    return upgradeCommand({
      directory: positionals[0],
      set: values.set ?? [],
      dryRun: values['dry-run'] ?? false,
      cwd,
    });
  }
  if (!values.defaults && (!values.values || !values.out)) {
    throw usage(
      'render takes --values FILE.json (or - for standard input) and --out DIR, or --defaults.',
    );
  }
  const { renderCommand } = await import('./lib/templates/render.mjs');
  await renderCommand({
    template: positionals[0],
    values: values.values,
    out: values.out,
    defaults: values.defaults ?? false,
    cwd,
  });
  return 0;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {{ values: { help?: boolean, values?: string, out?: string, defaults?: boolean, set?: string[],
 *   'dry-run'?: boolean }, positionals: string[] }}
 */
function readArguments(command, args) {
  const help = /** @type {const} */ ({ type: 'boolean', short: 'h' });
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    switch (command) {
      case 'render':
        return parseArgs({
          args,
          allowPositionals: true,
          options: {
            help,
            values: text,
            out: text,
            defaults: { type: 'boolean' },
          },
        });
      case 'check':
        return parseArgs({ args, allowPositionals: true, options: { help } });
      case 'upgrade':
        return parseArgs({
          args,
          allowPositionals: true,
          options: {
            help,
            set: { type: 'string', multiple: true },
            'dry-run': { type: 'boolean' },
          },
        });
      default:
        throw usage(
          `There is no command "${command}"; there are render, check and upgrade.`,
        );
    }
  } catch (error) {
    throw error instanceof Refusal
      ? error
      : usage(/** @type {Error} */ (error).message);
  }
}

/** @param {string} message */
function usage(message) {
  return new Refusal(`${message}\nSee: npm run --silent template -- --help`);
}
