// SPDX-License-Identifier: Apache-2.0
import type { JsonValue } from '../types';

/** Level of one permission of a GITHUB_TOKEN. */
export type PermissionLevel = 'read' | 'write' | 'none';

/** The permissions of a GITHUB_TOKEN, by the names that workflow files use. */
export type Permissions = Record<string, PermissionLevel>;

const names = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'models',
  'packages',
  'pages',
  'pull-requests',
  'security-events',
  'statuses',
];

const order: PermissionLevel[] = ['none', 'read', 'write'];

/** What a token may do when no file says anything, by the repository's setting. */
export function defaultPermissions(level: 'read' | 'write'): Permissions {
  return level === 'write'
    ? all('write', 'none')
    : { ...all('none', 'none'), contents: 'read', packages: 'read' };
}

/** An evaluated `permissions:`; what it does not name is `none`, and what GitHub gives to no job (`secrets`, `workflows`) is left out. */
export function readPermissions(value: JsonValue): Permissions {
  if (value === 'read-all') {
    return all('read', 'none');
  }
  if (value === 'write-all') {
    return all('write', 'write');
  }
  const permissions = all('none', 'none');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const name of names) {
      const level = value[name];
      if (level === 'read' || level === 'write' || level === 'none') {
        permissions[name] = level;
      }
    }
  }
  return permissions;
}

/** The lower of both: a called workflow cannot have more than its caller. */
export function capPermissions(
  permissions: Permissions,
  cap: Permissions,
): Permissions {
  return Object.fromEntries(
    Object.entries(permissions).map(([name, level]) => {
      const limit = cap[name] ?? 'none';
      return [
        name,
        order.indexOf(level) <= order.indexOf(limit) ? level : limit,
      ];
    }),
  );
}

/** As the log of "Set up job" lists them: `PullRequests: write`. */
export function describePermissions(permissions: Permissions): string[] {
  return Object.entries({ ...permissions, metadata: 'read' })
    .filter(([, level]) => level !== 'none')
    .map(
      ([name, level]) =>
        `${name
          .split('-')
          .map(part => part[0].toUpperCase() + part.slice(1))
          .join('')}: ${level}`,
    )
    .sort();
}

/** GitHub has no read access to `id-token`. */
function all(level: PermissionLevel, idToken: 'write' | 'none'): Permissions {
  return {
    ...Object.fromEntries(names.map(name => [name, level])),
    'id-token': idToken,
  };
}
