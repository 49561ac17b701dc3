// SPDX-License-Identifier: Apache-2.0

/** A path of the container and where it is on this machine. */
export interface PathMapping {
  /** Absolute, without a slash at its end. */
  from: string;
  to: string;
}

const PATH_CHARACTER = /[\w.-]/;
const ABSOLUTE_PATH = /\/[\w@%+.~/-]*/g;

/**
 * Puts this machine's paths in the place of a container's, because a process has no mounts of its own: of what is mounted
 * first, the longest path first, then of what the image holds.
 *
 * @param isInImage - Tells where an absolute path is that the image holds.
 */
export function rewritePaths(
  text: string,
  mappings: PathMapping[],
  inImage: (path: string) => string | undefined = () => undefined,
): string {
  const longestFirst = [...mappings].sort(
    (a, b) => b.from.length - a.from.length,
  );
  return text.replace(ABSOLUTE_PATH, (path, offset: number) => {
    const before = text[offset - 1] ?? '';
    // The slashes of `file://`; the rest of a relative path is none that begins here.
    const skip = before === ':' && path.startsWith('//') ? 2 : 0;
    const own = path.slice(skip);
    if (!own.startsWith('/') || (!skip && PATH_CHARACTER.test(before))) {
      return path;
    }
    const mapping = longestFirst.find(
      ({ from }) => own === from || own.startsWith(`${from}/`),
    );
    const found = mapping
      ? mapping.to + own.slice(mapping.from.length)
      : inImage(own);
    return found === undefined ? path : path.slice(0, skip) + found;
  });
}
