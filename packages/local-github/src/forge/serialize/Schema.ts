// SPDX-License-Identifier: Apache-2.0
import type { components } from '@octokit/openapi-types';

/** A schema of GitHub's own description of its REST API, for example `Schema<'label'>`. */
export type Schema<Name extends keyof components['schemas']> =
  components['schemas'][Name];
