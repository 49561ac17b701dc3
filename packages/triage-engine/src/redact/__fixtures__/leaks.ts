/* eslint-disable no-control-regex */

/** Texts that one can get out of a text without knowing the secret. */
function views(text: string): string[] {
  const bare = text.replace(
    /\x1b\[[0-9;]*[A-Za-z]|[\u200b-\u200f\u2060\u00ad]/g,
    '',
  );
  const joined = bare.replace(/\n(?:\d{4}-\d\d-\d\dT[\d:.]+Z )?/g, '');
  const out = [text, bare, joined];
  for (const base of [bare, joined]) {
    out.push(
      base.replace(/%([0-9a-f]{2})/gi, (_, hex) =>
        String.fromCharCode(parseInt(hex, 16)),
      ),
      base.replace(/\\+u([0-9a-f]{4})/gi, (_, hex) =>
        String.fromCharCode(parseInt(hex, 16)),
      ),
      base.replace(/\\+(["/])/g, '$1'),
      base.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
    );
    for (const [run] of base.matchAll(/[A-Za-z0-9+/_-]{12,}/g)) {
      for (const skip of [0, 1, 2, 3]) {
        out.push(Buffer.from(run.slice(skip), 'base64').toString('latin1'));
      }
    }
    for (const [run] of base.matchAll(/[0-9a-f]{16,}/gi)) {
      out.push(Buffer.from(run, 'hex').toString('latin1'));
    }
  }
  return out;
}

/**
 * The part of a secret that is still in a redacted text, in any encoding:
 * more than a third of it, and at least eight characters. This knows nothing
 * of how the redactor works.
 */
export function findLeak(text: string, secrets: string[]): string | undefined {
  const all = views(text);
  for (const secret of secrets) {
    const length = Math.min(
      secret.length,
      Math.max(8, Math.ceil(secret.length / 3)),
    );
    for (let at = 0; at + length <= secret.length; at++) {
      const part = secret.slice(at, at + length);
      if (all.some(view => view.includes(part))) {
        return part;
      }
    }
  }
  return undefined;
}
