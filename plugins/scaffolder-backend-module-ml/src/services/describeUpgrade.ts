// SPDX-License-Identifier: Apache-2.0
import type { TemplateRecord } from './TemplateRecord';
import type { TreeChanges } from './UpgradeBranch';

const MAX_LISTED = 60;

/** As code in Markdown, whatever is in it. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replace(/\s+/g, ' ')}\``;
}

function list(title: string, files: string[]): string[] {
  if (files.length === 0) {
    return [];
  }
  const more = files.length - MAX_LISTED;
  return [
    `<details><summary>${title}: ${files.length}</summary>`,
    '',
    ...files.slice(0, MAX_LISTED).map(file => `- ${code(file)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    '',
    '</details>',
    '',
  ];
}

function listAnswers(from: TemplateRecord, to: TemplateRecord): string[] {
  const names = Object.keys(to.values).filter(
    name => to.values[name] !== from.values[name],
  );
  return names.length === 0
    ? []
    : [
        'Answers that are new or other than recorded:',
        '',
        ...names.map(
          name =>
            `- ${name}: ${code(JSON.stringify(to.values[name]).slice(0, 300))}`,
        ),
        '',
      ];
}

/**
 * The text of an upgrade's pull request: what changes, and what a person does
 * about conflicts.
 */
export function describeUpgrade(options: {
  from: TemplateRecord;
  to: TemplateRecord;
  changes: TreeChanges;
  branch: string;
  defaultBranch: string;
}): string {
  const { from, to, changes, branch, defaultBranch } = options;
  return [
    `Brings this repository from version ${from.version} of ${code(to.template)} to ${to.version}: today's template, rendered with the answers of \`.greenroom/template.json\`, as one commit after the last one that held nothing else.`,
    '',
    ...list('Added', changes.added),
    ...list('Changed', changes.changed),
    ...list('Removed', changes.removed),
    ...listAnswers(from, to),
    '**Your edits stay.** Where they and the template meet, this pull request shows a conflict, which you resolve here or, where GitHub cannot (a file that one side removed), in a clone:',
    '',
    '```sh',
    `git fetch && git switch ${branch} && git merge origin/${defaultBranch}`,
    '# resolve, then: git add (keeps) or git rm (removes) each file',
    'make check && git commit && git push',
    '```',
    '',
    'What a removed file under `src/` did is in the package `greenroom-ml` now: move what you changed there to `data.py`, `features.py`, `model.py`, `train.py` or `evaluate.py`, or to a hook that `config.yaml` names.',
    '',
    '**Merge it by a merge commit**, not by squashing: the next upgrade then begins from this one.',
    '',
  ].join('\n');
}
