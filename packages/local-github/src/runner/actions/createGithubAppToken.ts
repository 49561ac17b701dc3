// SPDX-License-Identifier: Apache-2.0
import type { GithubAppOptions } from '../apps/GithubApps';
import type { ActionInputs, MappedAction } from '../execution/stepTypes';
import { whyUnavailable } from './whyUnavailable';

/** The life of an installation's token on GitHub. */
const TOKEN_SECONDS = 60 * 60;

type Permissions = Record<string, 'read' | 'write'>;

/** actions/create-github-app-token: a token of forge for one repository that the App is installed in, with no more rights than asked for. */
export const createGithubAppToken: MappedAction = async ({
  uses,
  inputs,
  state,
  log,
}) => {
  const { apps, context } = state.services;
  if (apps.isEmpty) {
    return { skipped: whyUnavailable(uses.split('@')[0].toLowerCase()) };
  }
  const clientId = inputs.get('client-id', inputs.get('app-id'));
  if (clientId === '') {
    throw new Error("Either 'client-id' or 'app-id' input must be set");
  }
  const app = apps.authenticate(clientId, inputs.required('private-key'));
  const names = readRepositories(inputs, state.spec.repository);
  if (names.length !== 1) {
    return {
      skipped:
        'a token of an App is for one repository on the local platform; name it in `repositories`',
    };
  }
  const [owner, name] = names[0];
  const repository = context.repositories.find(owner, name);
  const isInstalled = app.repositories.some(
    each => each.toLowerCase() === `${owner}/${name}`.toLowerCase(),
  );
  if (!repository || !isInstalled) {
    throw new Error(
      'Not Found - https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app',
    );
  }
  const token = context.tokens.issue(
    {
      login: `${app.slug}[bot]`,
      repositoryId: repository.id,
      permissions: readPermissions(inputs, app),
    },
    TOKEN_SECONDS,
  );
  state.masker.add(token);
  log.write(
    `Token of the App ${app.slug} for ${repository.fullName} was made by forge`,
  );
  return {
    outputs: { token, 'installation-id': '1', 'app-slug': app.slug },
    post: async postLog => {
      if (inputs.boolean('skip-token-revoke', false)) {
        postLog.write('Token revocation was skipped');
        return;
      }
      context.tokens.revoke(token);
      postLog.write('Token revoked');
    },
  };
};

function readRepositories(
  inputs: ActionInputs,
  own: { owner: string; name: string },
): [owner: string, name: string][] {
  const owner = inputs.get('owner');
  const names = inputs
    .get('repositories')
    .split(/[,\n]/)
    .map(name => name.trim())
    .filter(Boolean);
  if (names.length > 0) {
    return names.map(name => [owner || own.owner, name]);
  }
  return owner ? [] : [[own.owner, own.name]];
}

/** What the steps's `permission-…` ask for; all that the App has if they ask for none. */
function readPermissions(
  inputs: ActionInputs,
  app: GithubAppOptions,
): Permissions {
  const asked: Permissions = {};
  for (const [name, level] of inputs.startingWith('permission-')) {
    const key = name.replaceAll('-', '_');
    const granted = app.permissions[key];
    if (level !== 'read' && level !== 'write') {
      throw new Error(`Invalid permission level ${level} for ${name}`);
    }
    if (!granted || (level === 'write' && granted === 'read')) {
      throw new Error(
        'The permissions requested are not granted to this installation.',
      );
    }
    asked[key] = level;
  }
  return Object.keys(asked).length > 0 ? asked : app.permissions;
}
