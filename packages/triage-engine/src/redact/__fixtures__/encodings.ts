import { Draw, Sample } from './Draw';

const STAMP = '2026-11-21T10:15:00.1234567Z ';

/** Positions within a secret, so that no part of it is left whole. */
function split(sample: Sample, draw: Draw, separators: string[]): string {
  let { text } = sample;
  for (const secret of sample.secrets) {
    let broken = '';
    let at = 0;
    while (at < secret.length) {
      const length = 2 + draw.below(5);
      broken += secret.slice(at, at + length);
      at += length;
      if (at < secret.length) {
        broken += separators[draw.below(separators.length)];
      }
    }
    text = text.replace(secret, () => broken);
  }
  return text;
}

/** Lines of a width, such that a break falls into the first secret. */
function wrapAt(sample: Sample, draw: Draw, columns: number): string[] {
  const [secret] = sample.secrets;
  return sample.text.split('\n').flatMap(line => {
    let filled = line;
    const start = line.indexOf(secret);
    if (start >= 0) {
      // No other break before it, where the line is short enough.
      const room = columns - start > 9 ? columns - start : columns;
      const inside =
        3 + draw.below(Math.max(1, Math.min(secret.length, room) - 6));
      const fill = columns - ((start + inside) % columns);
      // Deeper, where the indentation has a meaning.
      const char = line.startsWith(' ') ? ' ' : 'x';
      filled = `${char.repeat(Math.max(0, fill - 1))} ${line}`;
    }
    return filled.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [''];
  });
}

/** What programs and people make of a line, and attackers of a secret. */
export const ENCODINGS: Record<string, (sample: Sample, draw: Draw) => string> =
  {
    plain: ({ text }) => `step 3: ${text}\nnext line`,
    base64: ({ text }) =>
      `payload ${Buffer.from(text).toString('base64')} sent`,
    URL: ({ text }) => `GET /log?line=${encodeURIComponent(text)} 200`,
    JSON: ({ text }) =>
      JSON.stringify({ level: 'error', log: `said: ${text}\n` }),
    'ANSI-split': (sample, draw) =>
      split(sample, draw, ['\x1b[31m', '\x1b[0m', '\x1b[1;32m', '\x1b[K']),
    wrapped: (sample, draw) => wrapAt(sample, draw, 76).join('\n'),
    hex: ({ text }) => `dump ${Buffer.from(text).toString('hex')}`,
    'zero-width': (sample, draw) =>
      split(sample, draw, ['\u200b', '\u200d', '\u2060', '\u00ad']),
    timestamped: (sample, draw) =>
      wrapAt(sample, draw, 100)
        .map(line => STAMP + line)
        .join('\n'),
    'base64 of MIME': ({ text }) =>
      `attachment:\n${Buffer.from(`line: ${text}`)
        .toString('base64')
        .replace(/.{76}/g, '$&\n')}\n`,
    'base64url in JSON': ({ text }) =>
      JSON.stringify({ data: Buffer.from(text).toString('base64url') }),
    'JSON in JSON': ({ text }) =>
      JSON.stringify({ body: JSON.stringify({ message: text }) }),
    HTML: ({ text }) =>
      `<pre>${text.replace(/[&<>"'/=+]/g, char => `&#${char.charCodeAt(0)};`)}</pre>`,
    'unicode escapes': ({ text }) =>
      [...text]
        .map(char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
  };
