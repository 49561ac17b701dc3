// SPDX-License-Identifier: Apache-2.0
import { constants, gunzipSync } from 'node:zlib';

/** A run of characters that may be text in another alphabet. */
export interface EncodedRun {
  start: number;
  end: number;
  /** What it may say. */
  texts: string[];
}

// 20 characters of base64 hold 15 bytes: shorter ones hold no token. Lines of
// MIME, PEM and `base64` end at 64 or 76 characters.
const BASE64 =
  /[A-Za-z0-9+/_-]{20,65536}(?:\r?\n[ \t]{0,20}[A-Za-z0-9+/_-]{4,128}(?=={0,2}["',]?[ \t]{0,5}(?:\r?\n|$))){0,400}={0,2}/g;
const HEX = /(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){10,32768}(?![0-9a-fA-F])/g;
const BASE32 = /(?<![A-Z0-9])[A-Z2-7]{24,4096}={0,6}(?![A-Z0-9=])/g;

/** What unpacks to more holds no secret that anybody could see. */
const UNPACKED = 1024 * 1024;

/** Gzip (RFC 1952) as Helm and Terraform keep it; one that was cut, as far as it goes. */
function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    return bytes;
  }
  try {
    return gunzipSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: UNPACKED,
    });
  } catch {
    return bytes;
  }
}

/** Text, but for a few bytes of what stands around it. */
function isReadable(text: string): boolean {
  let readable = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code >= 0x20 && code < 0x7f) || (code >= 9 && code <= 13)) {
      readable++;
    }
  }
  return text.length >= 8 && readable >= text.length * 0.75;
}

function base64Texts(run: string): string[] {
  const bare = run.replace(/[\s=]+/g, '');
  // What stands before it may be of the same alphabet.
  return [0, 1, 2, 3].map(skip =>
    unpacked(Buffer.from(bare.slice(skip), 'base64')).toString('latin1'),
  );
}

const BASE32_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32Text(run: string): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const char of run.replace(/(?<!=)=+$/, '')) {
    held = ((held << 5) | BASE32_ALPHABET.indexOf(char)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      text += String.fromCharCode((held >> bits) & 0xff);
    }
  }
  return text;
}

/** Runs of base64 (RFC 4648, both alphabets), hex and base32 that read as text. */
export function findEncoded(text: string): EncodedRun[] {
  const runs: EncodedRun[] = [];
  const add = (pattern: RegExp, decode: (run: string) => string[]) => {
    for (const match of text.matchAll(pattern)) {
      const texts = decode(match[0]).filter(isReadable);
      if (texts.length > 0) {
        const start = match.index;
        runs.push({ start, end: start + match[0].length, texts });
      }
    }
  };
  add(BASE64, base64Texts);
  add(HEX, run => [Buffer.from(run, 'hex').toString('latin1')]);
  add(BASE32, run => [base32Text(run)]);
  return runs;
}
