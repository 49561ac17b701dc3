// SPDX-License-Identifier: Apache-2.0
import { GraphQLError } from 'graphql';

/** An error with GitHub's `type`, such as `NOT_FOUND`, `FORBIDDEN`, `STALE_DATA`, `UNPROCESSABLE`. */
export class GitHubGraphqlError extends GraphQLError {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}
