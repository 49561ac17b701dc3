// SPDX-License-Identifier: Apache-2.0
import type { FindingTool } from '@greenroom/plugin-triage-common';
import { parseBandit } from '../bandit/parseBandit';
import { parseFlake8 } from '../flake8/parseFlake8';
import { parseGate } from '../gate/parseGate';
import { parseGitleaks } from '../gitleaks/parseGitleaks';
import { parseHadolint } from '../hadolint/parseHadolint';
import { parsePipAudit } from '../pip-audit/parsePipAudit';
import { parseSarif } from '../sarif/parseSarif';
import type { ToolResult } from '../shared/types';
import { parseSnyk } from '../snyk/parseSnyk';
import { parseTrivy } from '../trivy/parseTrivy';

type Parser = (value: unknown, source: string) => ToolResult;

const PARSERS: Partial<Record<FindingTool, Parser>> = {
  bandit: parseBandit,
  flake8: parseFlake8,
  gate: parseGate,
  gitleaks: parseGitleaks,
  hadolint: parseHadolint,
  'pip-audit': parsePipAudit,
  sarif: parseSarif,
  snyk: parseSnyk,
  trivy: parseTrivy,
};

/** What a JSON report of a tool says; undefined where that tool writes none. */
export function parseJson(
  value: unknown,
  tool: FindingTool,
  source: string,
): ToolResult | undefined {
  return PARSERS[tool]?.(value, source);
}
