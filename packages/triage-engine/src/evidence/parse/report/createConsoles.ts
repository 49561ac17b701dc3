// SPDX-License-Identifier: Apache-2.0
import type { FindingTool } from '@greenroom/plugin-triage-common';
import { BanditConsole } from '../bandit/BanditConsole';
import { Flake8Console } from '../flake8/Flake8Console';
import { GateConsole } from '../gate/GateConsole';
import { GitleaksConsole } from '../gitleaks/GitleaksConsole';
import { HadolintConsole } from '../hadolint/HadolintConsole';
import { PipAuditConsole } from '../pip-audit/PipAuditConsole';
import type { FindingCollector } from '../shared/FindingCollector';
import type { ToolConsole } from '../shared/types';
import { SnykConsole } from '../snyk/SnykConsole';
import { TrivyConsole } from '../trivy/TrivyConsole';

const CONSOLES: Partial<
  Record<FindingTool, new (into: FindingCollector) => ToolConsole>
> = {
  bandit: BanditConsole,
  flake8: Flake8Console,
  gate: GateConsole,
  gitleaks: GitleaksConsole,
  hadolint: HadolintConsole,
  'pip-audit': PipAuditConsole,
  snyk: SnykConsole,
  trivy: TrivyConsole,
};

/** What reads the printed form of a tool, or of all of them. */
export function createConsoles(
  into: FindingCollector,
  tool?: FindingTool,
): ToolConsole[] {
  return Object.entries(CONSOLES)
    .filter(([name]) => tool === undefined || name === tool)
    .map(([, Console]) => new Console(into));
}
