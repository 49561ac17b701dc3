// SPDX-License-Identifier: Apache-2.0

/** Where GitHub's runners check out: `/home/runner/work/repo/repo/`, `D:\a\repo\repo\`. */
const WORKSPACE =
  /^(?:\/home\/runner\/work\/[^/]{1,100}\/[^/]{1,100}\/|\/Users\/runner\/work\/[^/]{1,100}\/[^/]{1,100}\/|\/github\/workspace\/|\/__w\/[^/]{1,100}\/[^/]{1,100}\/|[A-Z]:[\\/]a[\\/][^\\/]{1,100}[\\/][^\\/]{1,100}[\\/])/;

/** A path as the repository has it, where the tool wrote the runner's. */
export function repositoryPath(path: string): string {
  const trimmed = path.trim().replace(/^file:\/\//i, '');
  return trimmed.replace(WORKSPACE, '').replace(/^(?:\.[\\/]){1,10}/, '');
}
