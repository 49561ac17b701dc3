// SPDX-License-Identifier: Apache-2.0

/** What was typed cannot be used; the message says what would be right. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
