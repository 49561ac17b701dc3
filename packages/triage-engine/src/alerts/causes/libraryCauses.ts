// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import type { ContainerLog } from '../read/readLogs';
import {
  distinct,
  lineEvidence,
  linesLike,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

/** What Python says where a call, a name or a class is not as its caller knows it. */
const MISFIT =
  /^(?:[\w:.,\s[\]()-]{0,80} )?(?:TypeError: [^\n]{1,200}(?:unexpected keyword argument|takes \d{1,3} positional|missing \d{1,3} required)|AttributeError: (?:module|type object|'\w{1,60}' object) [^\n]{1,200}has no attribute|ImportError: cannot import name)/;
const FRAME =
  /File "[^"\n]{0,300}\/(?:site|dist)-packages\/(?<name>[\w.-]{1,80})[/.]/;
const FRAMES = 24;

/** Packages of the traceback above a line, the one that failed first. */
function packagesAbove({ lines }: ContainerLog, number: number): string[] {
  const end = lines.findIndex(each => each.number === number);
  const names = lines
    .slice(Math.max(0, end - FRAMES), end)
    .flatMap(({ text }) => FRAME.exec(text)?.groups?.name ?? [])
    .reverse();
  return [...new Set(names)];
}

/** An exception within installed libraries, which says that one of them is of another version than the other needs. */
export function libraryCauses(situation: Situation): Candidate[] {
  const found = linesLike(situation, MISFIT)
    .map(group => ({
      group,
      packages: packagesAbove(group.log, group.line.number),
    }))
    .find(({ packages }) => packages.length > 0);
  if (!found) {
    return [];
  }
  const { group, packages } = found;
  const pins = group.log.lines.filter(({ text }) =>
    /\b[\w.-]{2,60}==\d[\w.]{0,30}/.test(text),
  );
  const versions = pins.flatMap(
    ({ text }) => /\b[\w.-]{2,60}==\d[\w.]{0,30}/.exec(text)?.[0] ?? [],
  );
  const [rollout] = ownRollouts(situation);
  return [
    {
      rule: 'library-misfit',
      type: 'model-loading',
      score: 6.5 + (group.isOfSubject ? 1 : 0) + (rollout ? 0.5 : 0),
      isProven: true,
      statement: `Libraries of the image do not fit together: ${quoted(group.line.text)} is raised within ${packages.slice(0, 3).join(', ')}, so that a dependency is of a newer (or older) version than its caller can use, as where versions are not pinned and the image was built again${versions.length > 0 ? ` (its log names ${versions.slice(0, 6).join(', ')})` : ''}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        lineEvidence(group.log, group.line),
        ...pins.slice(0, 2).map(line => lineEvidence(group.log, line)),
        ...(rollout?.evidence ?? []),
      ]),
      steps: [
        `Pin the versions that worked (compare pip freeze of both images), or upgrade ${packages[0]} to a version that knows the other; roll back to the previous image until then.`,
      ],
    },
  ];
}
