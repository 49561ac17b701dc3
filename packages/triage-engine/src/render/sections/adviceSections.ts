// SPDX-License-Identifier: Apache-2.0
import {
  suspectedCauses,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import type { RenderLimits } from '../renderLimits';
import { codeSpan } from '../markup/codeSpan';
import { markdownProse } from '../markup/markdownProse';
import { andMore, counted } from './andMore';
import { evidencePlaces } from './headSection';

/** Below it, a commit touches nothing that fails. */
const WORTH_A_LOOK = 0.1;

/** The commits since the last green run, the likeliest first. */
export function suspectsSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const { suspects } = report;
  if (suspects.length === 0) {
    return [];
  }
  const likely = suspects.filter(({ score }) => score >= WORTH_A_LOOK);
  const shown = likely.slice(0, limits.suspects);
  const items = shown.map(({ sha, message, author, score, reasons }, index) => {
    const by = author ? ` by ${codeSpan(author, 60)}` : '';
    const why = reasons
      .slice(0, 3)
      .map(reason => `\n   - ${markdownProse(reason, 240)}`);
    return `${index + 1}. ${codeSpan(sha.slice(0, 7))} ${codeSpan(message, 100)}${by}, touches what fails: ${Math.round(score * 100)} %${why.join('')}`;
  });
  return [
    '#### Suspect commits',
    items.length > 0
      ? items.join('\n')
      : `None of the ${counted(suspects.length, 'commit')} since the last green run touches what fails.`,
    ...(items.length > 0
      ? andMore(
          suspects.length,
          shown.length,
          'since the last green run, which touch less of it',
        )
      : []),
  ];
}

/** What a person may do. */
export function nextStepsSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const shown = report.nextSteps.slice(0, limits.nextSteps);
  if (shown.length === 0) {
    return [];
  }
  const items = shown.map(({ text, by, evidence }) => {
    const notes = [
      ...(by === 'model' ? ['suggested by the model'] : []),
      ...(evidence.length > 0 ? [evidencePlaces(evidence, 2)] : []),
    ];
    return `- ${markdownProse(text, 400)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
  });
  return [
    '#### Next steps',
    items.join('\n'),
    ...andMore(report.nextSteps.length, shown.length),
  ];
}

/** What the model said and lines prove, and how much of it nothing proves. */
export function claimsSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const { ai, incident } = report;
  // Those that may be the cause stand in the head.
  const suspects = new Set(suspectedCauses(report));
  const claims = report.claims.filter(each => !suspects.has(each));
  const shown = claims.slice(0, limits.claims);
  const dropped = ai.droppedClaims;
  const isAsked = ai.status === 'answered';
  // Of an alert the rules, too, say what else it may be.
  const isOfRules = incident.kind === 'alert' && !isAsked;
  if (
    !(isAsked || isOfRules) ||
    (shown.length === 0 && (dropped === 0 || isOfRules))
  ) {
    return [];
  }
  const items = shown.map(({ statement, evidence, confidence }) => {
    const proof = evidence
      .slice(0, 3)
      .map(
        each =>
          `\n  - ${codeSpan(each.quote, 160)}, ${evidencePlaces([each], 1)}`,
      );
    return `- ${markdownProse(statement)} (${confidence} confidence)${proof.join('')}`;
  });
  if (isOfRules) {
    return [
      '#### What else it may be',
      items.join('\n'),
      ...andMore(claims.length, shown.length),
    ];
  }
  return [
    `#### What ${ai.model ? codeSpan(ai.model, 60) : 'the model'} adds`,
    ...(items.length > 0 ? [items.join('\n')] : []),
    ...andMore(claims.length, shown.length),
    `Every quote was found in the ${incident.kind === 'pipeline' ? 'log' : 'evidence'}; the words around it are the model’s and can be wrong.${
      dropped > 0
        ? ` ${counted(dropped, 'statement')} that no line proves left out.`
        : ''
    }`,
  ];
}
