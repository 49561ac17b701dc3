// SPDX-License-Identifier: Apache-2.0

/** What a person can do about a conflict, by git's name for it. @type {Record<string, string>} */
const REMEDIES = {
  contents:
    'you and the template changed the same lines: choose between the marks <<<<<<< and >>>>>>>',
  'add/add':
    'you and the template added it: choose between the marks <<<<<<< and >>>>>>>',
  'modify/delete':
    'changed on one side, removed on the other: git add keeps it, git rm removes it',
  binary: 'a binary file: take one by git checkout --ours or --theirs',
};

/** @param {string} file */
const isPlatformCode = file =>
  /^src\/[^/]+\/(pipeline|serving|[^/]+\.py$)/.test(file);

/**
 * An upgrade in a few plain lines: what it changes, what conflicts, and what to do next.
 *
 * @param {{ from: import('./clone.mjs').TemplateRecord, to: import('./clone.mjs').TemplateRecord,
 *   base: NonNullable<ReturnType<import('./clone.mjs').Clone['findBase']>>, changes: Array<{ status: string, file: string }>,
 *   conflicts: import('./clone.mjs').Conflict[], broken: string[], branch: string, current: string, dryRun: boolean }} upgrade
 */
export function describeUpgrade(upgrade) {
  const { from, to, base, changes, conflicts, broken } = upgrade;
  const { branch, current, dryRun } = upgrade;
  const count = (/** @type {string[]} */ ...letters) =>
    changes.filter(({ status }) => letters.includes(status)).length;
  const answers = Object.keys(to.values).filter(
    name => to.values[name] !== from.values[name],
  );
  const lines = [
    `${to.template} ${from.version} → ${to.version}${from.version === to.version ? ' (the same version, changed since)' : ''}`,
    `The base is ${base.commit.slice(0, 10)}, ${base.isFirst ? 'the commit that made the repository' : 'the last upgrade'}.`,
    ...(base.passedOver > 0
      ? [
          'An upgrade after it was squashed or rebased, so that git cannot know it: conflicts may come again. Merge the next one by a merge commit.',
        ]
      : []),
    `The template adds ${count('A')} files, changes ${count('M', 'T')} and removes ${count('D')}.`,
    ...(answers.length > 0
      ? [
          'Answers that are new or other than recorded:',
          ...answers.map(
            name => `  ${name}: ${JSON.stringify(to.values[name])}`,
          ),
        ]
      : []),
  ];
  if (broken.length > 0) {
    lines.push(
      '! No conflict, and yet for you to change: these name a module of the package that is gone:',
      ...broken.map(file => `  ${file}`),
    );
  }
  if (conflicts.length === 0) {
    lines.push(
      dryRun
        ? `It would merge into ${current} without a conflict. Nothing was changed.`
        : `✓ Merged ${branch} into ${current} without a conflict. Look at it by git show, run make check, then push.`,
    );
    return `${lines.join('\n')}\n`;
  }
  lines.push(
    `✗ ${conflicts.length} ${dryRun ? 'conflicts would be' : 'conflicts are'} yours to resolve:`,
    ...conflicts.map(
      ({ kind, file }) => `  ${file}\n      ${REMEDIES[kind] ?? kind}`,
    ),
  );
  if (
    conflicts.some(
      ({ kind, file }) => kind === 'modify/delete' && isPlatformCode(file),
    )
  ) {
    lines.push(
      "What the removed files under src/ did is now in the package greenroom-ml. Move what you changed there to data.py, features.py, model.py, train.py or evaluate.py, or to a hook that config.yaml names (its README, 'Hooks'); then git rm the file.",
    );
  }
  lines.push(
    dryRun
      ? 'Nothing was changed.'
      : 'Then: git add and git rm what is resolved, make check, git commit. To give it all up: git merge --abort',
  );
  return `${lines.join('\n')}\n`;
}
