// SPDX-License-Identifier: Apache-2.0
import { logWith, PLACES, type Planted } from './places';
import { Draw, ENCODINGS, SECRET_KINDS } from './standIns';

/** A run with secrets in it. */
export interface SecretRun {
  name: string;
  run: Planted;
  secrets: string[];
}

/** Kinds that are tried in each place. */
const IN_PLACES = ['GitHub classic PAT', 'AWS access key id', 'PostgreSQL URL'];
/** No file's name has an address in it. */
const FILE_NAMES = ['job', 'step', 'report file'];

/** All kinds, or every fifth for a test that has to be quick. */
const EVERY = process.env.TRIAGE_CORPUS === 'whole' ? 1 : 5;
/** GitHub puts it before each line, and so does the fake. */
const STAMP = /^2026-11-21T10:15:00\.1234567Z /gm;

/** Each kind of the engine's corpus as a line beside the failure, in one encoding after the other. */
function inLogs(): SecretRun[] {
  const encodings = Object.entries(ENCODINGS);
  return Object.entries(SECRET_KINDS).flatMap(([kind, make], index) => {
    if (index % EVERY > 0) {
      return [];
    }
    const [encoding, encode] = encodings[index % encodings.length];
    const draw = new Draw(7_000 + index);
    const sample = make(draw);
    return [
      {
        name: `${kind} / ${encoding}`,
        run: { log: logWith(encode(sample, draw).replace(STAMP, '')) },
        secrets: sample.secrets,
      },
    ];
  });
}

/** Where the engine's corpus has none: names, messages, reports and what GitHub says of a run. */
function inPlaces(): SecretRun[] {
  return Object.entries(PLACES).flatMap(([place, plant], at) =>
    IN_PLACES.filter(
      kind => kind !== 'PostgreSQL URL' || !FILE_NAMES.includes(place),
    ).map((kind, index) => {
      const { text, secrets } = SECRET_KINDS[kind](
        new Draw(9_000 + 10 * at + index),
      );
      return { name: `${kind} in ${place}`, run: plant(text), secrets };
    }),
  );
}

/** All of them. */
export const SECRET_RUNS: SecretRun[] = [...inLogs(), ...inPlaces()];
