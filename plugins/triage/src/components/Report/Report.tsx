// SPDX-License-Identifier: Apache-2.0
import type {
  FailureType,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import type { ComponentType } from 'react';
import { Changes, Champion } from './Changes';
import { Considered } from './Considered';
import { FailingTests } from './FailingTests';
import { Findings, Gate } from './Findings';
import { HowMade } from './HowMade';
import { Metrics } from './Metrics';
import { NextSteps } from './NextSteps';
import { Suspects } from './Suspects';
import { Verdict } from './Verdict';
import { WhatHappened } from './WhatHappened';

type Part = ComponentType<{ report: TriageReport }>;

const REST: Part[] = [
  Gate,
  FailingTests,
  Findings,
  NextSteps,
  Metrics,
  WhatHappened,
  Champion,
  Changes,
  Suspects,
  Considered,
  HowMade,
];

/** What a reader of that type of failure looks at first; the rest follows. */
const FIRST: Partial<Record<FailureType, Part[]>> = {
  gate: [Gate, Champion],
  lint: [Findings],
  sast: [Findings],
  sca: [Findings],
  secret: [Findings],
  'container-cve': [Findings],
  license: [Findings],
  manifest: [Findings],
  'unit-test': [FailingTests],
  flaky: [FailingTests],
};

const DEFAULT: Part[] = [NextSteps];

/** A whole report: why, what proves it, what to do, what changed, how it was made. */
export function Report(props: {
  report: TriageReport;
  /** Whether a model is being asked now. */
  isAsking: boolean;
}) {
  const { isAsking, report } = props;
  const first = FIRST[report.failure.type] ?? DEFAULT;
  const parts = [...new Set([...first, ...REST])];
  return (
    <>
      <Verdict report={report} isAsking={isAsking} />
      {parts.map(ReportPart => (
        <ReportPart key={REST.indexOf(ReportPart)} report={report} />
      ))}
    </>
  );
}
