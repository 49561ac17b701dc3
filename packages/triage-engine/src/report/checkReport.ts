// SPDX-License-Identifier: Apache-2.0
import {
  triageReportSchema,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import type { Redactor } from '../redact/types';

/**
 * The report as it may leave: with what was redacted, and of the form it has to have.
 *
 * @throws Error that names the field, where it is not
 */
export function checkReport(
  report: TriageReport,
  redactor: Redactor,
): TriageReport {
  const { success, data, error } = triageReportSchema.safeParse({
    ...report,
    redactions: redactor.counts(),
  });
  if (!success) {
    const [{ path, message }] = error.issues;
    throw new Error(
      `The report is withheld, since ${path.join('.')} is not what it has to be: ${message}`,
    );
  }
  return data;
}
