// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { renderMarkdown } from '@greenroom/triage-engine';
import { analyzeAlert } from './alerts/analyzeAlert';
import { postAlert } from './alerts/postAlert';
import { analyze } from './analyze';
import { GithubRepository } from './GithubRepository';
import { post } from './post';
import { readInputs } from './readInputs';
import { addSummary, annotate, say, setOutput, type Runtime } from './runtime';

/**
 * The action: `analyze` writes the report of a failed run into a file and may ask
 * a model; `post` says on GitHub what such a file holds, or that a run is green again.
 * `alert` and `post-alert` do the same of a group of alerts.
 *
 * @returns the exit code; what failed is an annotation
 */
export async function run(runtime: Runtime): Promise<number> {
  try {
    const inputs = readInputs(runtime);
    const repository = new GithubRepository(inputs);
    if (inputs.mode === 'analyze' || inputs.mode === 'alert') {
      const report =
        'runId' in inputs
          ? await analyze(repository, inputs)
          : await analyzeAlert(runtime.env, inputs);
      if (!report) {
        say(runtime, 'Nothing to explain: no alert fires, or none is new');
        return 0;
      }
      await writeFile(inputs.file, JSON.stringify(report));
      addSummary(runtime, renderMarkdown(report, { target: 'summary' }));
      setOutput(runtime, 'signature', report.failure.signature);
      say(runtime, `${report.summary} (${report.failure.signature})`);
    } else {
      const posted =
        'runId' in inputs
          ? await post(repository, inputs)
          : await postAlert(repository, inputs);
      setOutput(runtime, 'url', posted.at(-1)?.url ?? '');
      posted.forEach(({ what, url }) => say(runtime, `${what}: ${url}`));
      if (posted.length === 0) {
        say(runtime, 'Nothing to say');
      }
    }
    return 0;
  } catch (error) {
    annotate(
      runtime,
      'error',
      error instanceof Error ? error.message : String(error),
    );
    return 1;
  }
}
