// SPDX-License-Identifier: Apache-2.0
import { Detection, groupRange } from './detection';
import { isPlaceholderValue } from './isPlaceholderValue';
import { TIME } from './readings';

// A Secret's values are only encoded. The manifest is searched both ways from
// its kind, as keys of YAML and JSON come in any order.
const SECRET_KIND = /["']?kind["']?:\s{0,3}["']?Secret\b/g;
const SECRET_DATA = /(?<![\w.-])["']?(?:string)?data["']?:\s{0,4}[{\s]/gi;
const SECRET_ENTRY =
  /["']?([\w.-]{1,128})["']?:[^\S\n]{0,4}(?:[|>][+-]?\s{1,40})?["']?([^\s"',{}]{4,16384})/dgy;

const BLANK = new RegExp(`^[\\s,]{0,200}(?:(${TIME})([ \\t]{0,100}))?`);

/** Values of a Kubernetes Secret. */
export function findManifests(text: string): Detection[] {
  const found: Detection[] = [];
  const kinds = [...text.matchAll(SECRET_KIND)].map(match => match.index);
  for (const data of text.matchAll(SECRET_DATA)) {
    const near = kinds.some(at => Math.abs(at - data.index) < 2000);
    let at = near ? data.index + data[0].length : text.length;
    while (at < text.length) {
      const [blank, time, indent] = BLANK.exec(text.slice(at, at + 400)) ?? [
        '',
      ];
      SECRET_ENTRY.lastIndex = at + blank.length;
      const entry = SECRET_ENTRY.exec(text);
      // A key at the margin ends the map.
      const margin = time ? indent.length < 2 : /\n$/.test(blank);
      if (!entry || margin) {
        break;
      }
      const [start, end] = groupRange(entry, 2) ?? [0, 0];
      if (!isPlaceholderValue(entry[2])) {
        found.push({
          start,
          end,
          kind: 'kubernetes-secret',
          secret: entry[2],
          certain: false,
        });
      }
      at = SECRET_ENTRY.lastIndex;
      if (/["']/.test(text.charAt(at))) {
        at++;
      }
    }
  }
  return found;
}
