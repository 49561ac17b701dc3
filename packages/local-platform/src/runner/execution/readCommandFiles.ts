import { readFile } from 'node:fs/promises';

/** Bytes that a file command may have. */
const maxBytes = 1024 * 1024;

/**
 * Reads a file of `NAME=value` and `NAME<<DELIMITER` blocks, the format of `GITHUB_ENV`, `GITHUB_OUTPUT` and
 * `GITHUB_STATE`.
 * @throws with the line that does not fit, in the words of GitHub's runner.
 */
export async function readKeyValueFile(
  file: string,
): Promise<[name: string, value: string][]> {
  const lines = (await readLimited(file)).split(/\r?\n/);
  const pairs: [string, string][] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === '') {
      continue;
    }
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const name = line.slice(0, heredoc);
      const delimiter = line.slice(heredoc + 2);
      const end = lines.indexOf(delimiter, index + 1);
      if (name === '' || delimiter === '') {
        throw new Error(`Invalid format '${line}'`);
      }
      if (end < 0) {
        throw new Error(
          `Invalid value. Matching delimiter not found '${delimiter}'`,
        );
      }
      pairs.push([name, lines.slice(index + 1, end).join('\n')]);
      index = end;
    } else if (equals > 0) {
      pairs.push([line.slice(0, equals), line.slice(equals + 1)]);
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return pairs;
}

/** Reads a file of one entry a line, the format of `GITHUB_PATH`. */
export async function readLinesFile(file: string): Promise<string[]> {
  return (await readLimited(file)).split(/\r?\n/).filter(line => line !== '');
}

/** The content of a file command; a file that a step removed is empty. */
export async function readLimited(file: string): Promise<string> {
  const content = await readFile(file).catch(() => Buffer.alloc(0));
  if (content.length > maxBytes) {
    throw new Error(
      `${content.length} bytes were written where at most ${maxBytes} are allowed`,
    );
  }
  return content.toString('utf8');
}
