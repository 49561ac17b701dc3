// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { gitEnvironment } from './git';

/**
 * Git's `pre-receive` hook, which reads `before after ref` lines. With `FORGE_KEEP_WORKFLOWS` it holds GitHub's rule for who has not the
 * right `workflows`: a workflow file may come in if a branch has the same file at the same path already, and none may go away.
 * https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps (`workflow`)
 */
export const PRE_RECEIVE = `#!/bin/sh
test -n "$FORGE_KEEP_WORKFLOWS" || exit 0
files() { git ls-tree -r --full-tree "$1" -- .github/workflows 2>/dev/null; }
known=$(git for-each-ref --format='%(objectname)' refs/heads | while read -r sha; do files "$sha"; done)
while read -r before after ref; do
  case $after in *[!0]*) ;; *) continue ;; esac
  new=$(files "$after")
  path=$(printf '%s\\n' "$new" | grep -Fvxe "$known" | grep . | cut -f2 | head -n 1)
  if test -z "$path"; then
    path=$(files "$before" | cut -f2 | grep -Fvxe "$(printf '%s\\n' "$new" | cut -f2)" | head -n 1)
  fi
  if test -n "$path"; then
    echo "refusing to allow a GitHub App to create or update workflow \\\`$path\\\` without \\\`workflows\\\` permission" >&2
    exit 1
  fi
done
`;

/** Whether the rule of {@link PRE_RECEIVE} lets a ref be moved by who has not the right `workflows`. */
export function keepsWorkflows(
  gitDir: string,
  update: { ref: string; before: string; after: string },
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', PRE_RECEIVE], {
      cwd: gitDir,
      env: { ...gitEnvironment(), GIT_DIR: gitDir, FORGE_KEEP_WORKFLOWS: '1' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', code => resolve(code === 0));
    child.stdin.end(`${update.before} ${update.after} ${update.ref}\n`);
  });
}
