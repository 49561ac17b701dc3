// SPDX-License-Identifier: Apache-2.0
const MAX_LINES = 300;

const JAVA =
  /^\s{0,12}at ([\w$.<>/@-]{1,400})\(([\w$-]{1,200}\.(?:java|kt|scala|groovy)):(\d{1,7})\)/;
const PYTEST = /^([^\s:][^:]{0,300}\.py):(\d{1,7}): /;
const PYTHON = /^\s{0,8}File "([^"]{1,400})", line (\d{1,7})/;
const SCRIPT =
  /^\s{0,12}(?:at|❯) .{0,300}?\(?([^\s()]{1,400}\.[cm]?[jt]sx?):(\d{1,7}):\d{1,7}\)?$/;
const GO = /^\s{0,12}([\w./-]{1,200}_test\.go):(\d{1,7}):/;
const CHAINED = [
  'The above exception was the direct cause of',
  'During handling of the above exception,',
];
const LIBRARY = /node_modules|site-packages|dist-packages|^node:/;

/** A file of the project, and a line in it, from 1. */
export interface Place {
  file?: string;
  line?: number;
}

/**
 * Where a test failed: the first place in its trace that is the test's own class
 * or file, or the attributes that say where it stands. pytest's `line` counts
 * from 0 and is left out.
 */
export function placeInTrace(
  trace: string,
  attributes: Record<string, string>,
): Place {
  const { file, classname = '' } = attributes;
  const owner = classname.replace(/[$[(].{0,1000}$/, '');
  let fallback: Place | undefined;
  // Of chained exceptions the last one made the test fail.
  const chained = Math.max(0, ...CHAINED.map(said => trace.lastIndexOf(said)));
  for (const line of trace.slice(chained).split('\n', MAX_LINES)) {
    const text = line.slice(0, 1000).trimEnd();
    const java = JAVA.exec(text);
    if (java) {
      if (owner !== '' && java[1].includes(owner)) {
        return { file: file ?? java[2], line: Number(java[3]) };
      }
      continue;
    }
    const other =
      PYTEST.exec(text) ??
      PYTHON.exec(text) ??
      SCRIPT.exec(text) ??
      GO.exec(text);
    if (!other || LIBRARY.test(other[1])) {
      continue;
    }
    const place = { file: other[1], line: Number(other[2]) };
    if (file && other[1].endsWith(file)) {
      return place;
    }
    fallback ??= place;
  }
  if (fallback) {
    return fallback;
  }
  const line = Number(attributes.line);
  if (file === undefined) {
    return {};
  }
  return Number.isSafeInteger(line) && line > 0 && !file.endsWith('.py')
    ? { file, line }
    : { file };
}
