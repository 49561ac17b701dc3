// SPDX-License-Identifier: Apache-2.0
import { SignInPage } from '@backstage/core-components';
import {
  configApiRef,
  createFrontendModule,
  githubAuthApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import {
  SignInPageBlueprint,
  type SignInPageProps,
} from '@backstage/plugin-app-react';

function GreenroomSignInPage(props: SignInPageProps) {
  const config = useApi(configApiRef);
  const github = {
    id: 'github-auth-provider',
    title: 'GitHub',
    message: 'Sign in with your GitHub account',
    apiRef: githubAuthApiRef,
  };
  // The backend refuses guests outside of development, whatever is shown here.
  return config.getOptionalString('auth.environment') === 'production' ? (
    <SignInPage {...props} title="Greenroom" auto provider={github} />
  ) : (
    <SignInPage {...props} title="Greenroom" providers={['guest']} />
  );
}

export const signInModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    SignInPageBlueprint.make({
      params: { loader: async () => GreenroomSignInPage },
    }),
  ],
});
