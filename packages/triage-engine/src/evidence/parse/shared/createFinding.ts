// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { ellipsis } from '../../../text/cutText';
import { repositoryPath } from './repositoryPath';

const MAX_MESSAGE = 2000;
const MAX_NAME = 300;
const MAX_PATH = 1000;
const MAX_IDENTIFIERS = 20;

/**
 * A finding from what a report says, whatever that is: texts are cut, numbers
 * that are no lines are left out, empty fields too, and only web addresses are
 * addresses. The result holds `findingSchema`.
 */
export function createFinding(input: Finding): Finding {
  const { tool, kind, severity, evidence, extra } = input;
  const identifiers = [...new Set(input.identifiers ?? [])]
    .filter(each => each !== '')
    .slice(0, MAX_IDENTIFIERS)
    .map(each => ellipsis(each, MAX_NAME));
  const optional = {
    file: input.file
      ? ellipsis(repositoryPath(input.file), MAX_PATH)
      : undefined,
    line: lineNumber(input.line),
    endLine: lineNumber(input.endLine),
    column: lineNumber(input.column),
    package: name(input.package),
    version: name(input.version),
    fixedVersion: name(input.fixedVersion),
    identifiers: identifiers.length > 0 ? identifiers : undefined,
    url: webAddress(input.url),
    evidence,
    extra,
  };
  return {
    tool,
    kind,
    rule: ellipsis(input.rule.trim(), MAX_NAME),
    message: ellipsis(input.message.trim(), MAX_MESSAGE),
    severity,
    ...Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ),
  };
}

function lineNumber(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= 1
    ? value
    : undefined;
}

function name(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed ? ellipsis(trimmed, MAX_NAME) : undefined;
}

function webAddress(value: string | undefined): string | undefined {
  return value &&
    value.length <= MAX_PATH &&
    /^https?:\/\/[^\s<>"]+$/i.test(value.trim())
    ? value.trim()
    : undefined;
}
