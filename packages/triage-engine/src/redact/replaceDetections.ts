// SPDX-License-Identifier: Apache-2.0
import { Detection } from './detection';
import { Placeholders } from './Placeholders';
import { lineStartLength } from './readings';

interface Piece {
  start: number;
  end: number;
  placeholder: string;
}

/** The parts of a range that are on one line each and hold no placeholder. */
function piecesOf(
  text: string,
  { start, end }: Detection,
  taken: Array<[number, number]>,
): Array<[number, number]> {
  const pieces: Array<[number, number]> = [];
  let at = start;
  for (const line of text.slice(start, end).split(/(\r\n|\r|\n)/)) {
    const first = at === start;
    let from = at + (first ? 0 : lineStartLength(text.slice(at, at + 600)));
    const to = at + line.length;
    at = to;
    for (const [open, close] of taken) {
      if (open < to && close > from) {
        pieces.push([from, Math.max(from, open)]);
        from = Math.max(from, close);
      }
    }
    pieces.push([from, to]);
  }
  return pieces.filter(
    ([from, to]) => from < to && text.slice(from, to).trim() !== '',
  );
}

/**
 * A text with placeholders in place of what was detected; what stands on
 * several lines has one on each. Undefined where nothing was to be replaced.
 */
export function replaceDetections(
  text: string,
  detections: Detection[],
  placeholders: Placeholders,
): string | undefined {
  const taken = placeholders.within(text);
  const ordered = detections
    .map((detection, rank) => ({ detection, rank }))
    .sort((a, b) => a.detection.start - b.detection.start || a.rank - b.rank);

  // What overlaps is one secret, named by the most telling of its detections.
  const merged: Array<{ detection: Detection; rank: number }> = [];
  for (const { detection, rank } of ordered) {
    const last = merged.at(-1);
    if (last && detection.start < last.detection.end) {
      const named = rank < last.rank ? detection : last.detection;
      last.rank = Math.min(rank, last.rank);
      last.detection = {
        ...named,
        start: last.detection.start,
        end: Math.max(last.detection.end, detection.end),
      };
    } else {
      merged.push({ detection, rank });
    }
  }

  const pieces: Piece[] = [];
  for (const { detection } of merged) {
    const ranges = piecesOf(text, detection, taken);
    if (ranges.length > 0) {
      placeholders.count(detection.kind);
      const placeholder = placeholders.of(detection.kind, detection.secret);
      ranges.forEach(([start, end]) =>
        pieces.push({ start, end, placeholder }),
      );
    }
  }
  if (pieces.length === 0) {
    return undefined;
  }
  let out = '';
  let done = 0;
  for (const { start, end, placeholder } of pieces) {
    out += text.slice(done, start) + placeholder;
    done = end;
  }
  return out + text.slice(done);
}
