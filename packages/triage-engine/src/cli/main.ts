// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { alertCommand } from './alertCommand';
import { parseCommand } from './parseCommand';
import { redactCommand } from './redactCommand';
import { reduceCommand } from './reduceCommand';
import { reportCommand } from './reportCommand';
import { UsageError } from './UsageError';

const HELP = `Why did the pipeline fail, or the alert fire? Offline: nothing leaves this machine, no model is asked.

  npm run --silent triage -- report --run ARCHIVE [--pass ARCHIVE] [--reports DIR] [--facts FILE] [--json|--markdown]
      Prints a report.
        --run ARCHIVE    the run's logs: GitHub's archive (zip), one job's log, what
                         \`gh run view --log\` prints, or any text
        --pass ARCHIVE   the same of a run that passed: what is new stands out
        --reports DIR    reports of tools (bandit, snyk, gitleaks, trivy, pip-audit, SARIF, JUnit …): a folder,
                         a zip or one file
        --facts FILE     GitHub's answer on the jobs of the run, as JSON
        --budget N       tokens for the lines that are kept (default 4000)
  npm run --silent triage -- alert --dir DIR [--json|--markdown]
      Prints a report of an alert.
        --dir DIR        holds alert.json (what Alertmanager posts to a webhook), objects.json (a Kubernetes
                         List, events too), logs/POD_CONTAINER[.previous].txt, metrics.json ({ expr, series
                         [{ metric, values }] }, or a list of them); what is missing is named in the report
        --budget N       as above
  npm run --silent triage -- parse TOOL FILE
      Prints the findings of a report, or of what a tool printed, as JSON { "findings", "tests", "errors" }.
      TOOL auto tells it by the content.
  npm run --silent triage -- redact < TEXT
      Prints the text without its secrets.
  npm run --silent triage -- reduce
      Answers requests of eval/log-reduction/score.mjs, a line of JSON each.

Exit code: 0, done; 1, something could not be read, and the output says what; 2, something given here cannot be used.
`;

/** Runs one command of `npm run triage`; answers the exit code. */
export async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  // npm runs a script in the package's folder, and tells where it was typed.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const resolve = (file: string) => path.resolve(cwd, file);
  const write = (text: string) => {
    process.stdout.write(text);
  };
  // A pager that was closed wants no more.
  process.stdout.on('error', error => {
    if ('code' in error && error.code === 'EPIPE') {
      process.exit(0);
    }
    throw error;
  });
  if (
    !command ||
    ['help', '--help', '-h'].includes(command) ||
    rest.includes('--help')
  ) {
    write(HELP);
    return command ? 0 : 2;
  }
  try {
    switch (command) {
      case 'report':
        return await reportCommand(rest, resolve, write);
      case 'alert':
        return await alertCommand(rest, resolve, write);
      case 'parse': {
        const { result, code } = await parseCommand(rest, resolve);
        write(`${JSON.stringify(result, null, 2)}\n`);
        return code;
      }
      case 'redact':
        return await redactCommand(process.stdin, write);
      case 'reduce':
        return await reduceCommand(process.stdin, write);
      default:
        throw new UsageError(
          `There is no command "${command}"; there are report, alert, parse, redact and reduce.`,
        );
    }
  } catch (error) {
    const isFileProblem =
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'EISDIR', 'EACCES', 'ENOTDIR'].includes(String(error.code));
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    return error instanceof UsageError || isFileProblem ? 2 : 1;
  }
}
