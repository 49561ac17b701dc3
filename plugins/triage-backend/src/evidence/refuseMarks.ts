// SPDX-License-Identifier: Apache-2.0

/**
 * Why what runs there is not taken for the entity's, for people. Anyone may write an
 * entity's annotation: the mark in the cluster says whose a thing is.
 */
export function refuseMarks(
  marks: string[] | undefined,
  options: {
    entityRef: string;
    /** Whether what bears no mark is anybody's, as `kserve.access.unmarked` says. */
    takesUnmarked: boolean;
  },
): string | undefined {
  if (marks === undefined) {
    return options.takesUnmarked
      ? undefined
      : "What runs there does not say whose it is, and 'kserve.access.unmarked' is 'deny'";
  }
  return marks.includes(options.entityRef.toLocaleLowerCase('en-US'))
    ? undefined
    : 'What runs there is marked as that of another component';
}
