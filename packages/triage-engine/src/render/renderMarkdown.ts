// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { sectionOrder, type SectionId } from './failureLabels';
import { fitParts } from './fitParts';
import {
  MAX_LENGTHS,
  RENDER_LIMITS,
  type MarkdownTarget,
  type RenderLimits,
} from './renderLimits';
import { reportMarker } from './reportMarker';
import {
  claimsSection,
  nextStepsSection,
  suspectsSection,
} from './sections/adviceSections';
import { championSection, changesSection } from './sections/changesSection';
import { distributionsSection } from './sections/distributionsSection';
import { findingsSection } from './sections/findingsSection';
import { gateSection } from './sections/gateSection';
import { headSection } from './sections/headSection';
import { proofSection } from './sections/proofSection';
import { smallPrintSection } from './sections/smallPrintSection';
import { timelineSection } from './sections/timelineSection';
import { testsSection } from './sections/testsSection';

type Section = (report: TriageReport, limits: RenderLimits) => string[];

/** Title and rank, by which a report that is too long loses its parts. */
const SECTIONS: Record<
  SectionId,
  { title: string; rank: number; render: Section }
> = {
  gate: { title: 'gate', rank: 0, render: gateSection },
  proof: { title: 'proof', rank: 1, render: proofSection },
  distributions: {
    title: 'distributions',
    rank: 1.5,
    render: distributionsSection,
  },
  nextSteps: { title: 'next steps', rank: 2, render: nextStepsSection },
  tests: { title: 'failing tests', rank: 3, render: testsSection },
  findings: { title: 'findings', rank: 4, render: findingsSection },
  timeline: { title: 'timeline', rank: 5, render: timelineSection },
  suspects: { title: 'suspect commits', rank: 5, render: suspectsSection },
  champion: {
    title: 'comparison with the champion',
    rank: 6,
    render: championSection,
  },
  claims: { title: 'what the model adds', rank: 7, render: claimsSection },
  changes: { title: 'changes', rank: 8, render: changesSection },
};

/** So short that nothing but the head fits. */
const MIN_LENGTH = 200;

function lengthFor(target: MarkdownTarget): (text: string) => number {
  return target === 'summary'
    ? text => Buffer.byteLength(text)
    : text => text.length;
}

/**
 * A report as Markdown for a pull request's comment, an issue, or the summary of
 * a step. All of its words are ours; whatever comes from logs, commits, reports or
 * a model stands in code spans and fences that it cannot leave, so that GitHub
 * makes no link, mention, reference, image, formula or markup of it. The only link
 * is the run's own. What the target does not hold is left out by whole parts, and
 * said.
 *
 * @param options - `maxLength` in UTF-16 code units, of a summary in bytes;
 * GitHub's own limits unless told, 200 at least
 * @throws RangeError when `maxLength` is below 200
 * @public
 */
export function renderMarkdown(
  report: TriageReport,
  options: { target: 'comment' | 'issue' | 'summary'; maxLength?: number },
): string {
  const { target, maxLength = MAX_LENGTHS[target] } = options;
  if (!(maxLength >= MIN_LENGTH)) {
    throw new RangeError(
      `maxLength is ${maxLength}; a report needs at least ${MIN_LENGTH}`,
    );
  }
  const limits = RENDER_LIMITS[target];
  const marker =
    target === 'summary' ? [] : [reportMarker(report.failure.signature)];
  const [headline, cause, facts] = headSection(report);
  const ids = sectionOrder(report.failure.type, report.incident.kind);
  const parts = [
    { title: 'root cause', rank: -1, blocks: [cause] },
    { title: 'facts', rank: 0.5, blocks: [facts] },
    ...ids.map(id => ({
      ...SECTIONS[id],
      blocks: SECTIONS[id].render(report, limits),
    })),
    {
      title: 'how this was made',
      rank: 9,
      blocks: smallPrintSection(report, limits),
    },
  ].filter(({ blocks }) => blocks.length > 0);
  const lengthOf = lengthFor(target);
  const text = fitParts({
    head: [...marker, headline].join('\n'),
    parts,
    max: maxLength,
    lengthOf,
  });
  return lengthOf(text) <= maxLength
    ? text
    : `${[
        ...marker,
        report.incident.kind === 'alert'
          ? '### An alert fired; the report is too long for this place'
          : '### Pipeline failed; the report is too long for this place',
      ].join('\n')}\n`;
}
