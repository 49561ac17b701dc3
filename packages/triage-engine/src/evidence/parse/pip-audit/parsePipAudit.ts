// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import { advisoriesIn } from '../shared/identifiers';
import { counted, stageError } from '../shared/stageError';
import type { ToolResult } from '../shared/types';

/**
 * Reads pip-audit's `json`: a list of dependencies (before 2.0), or an object
 * with `dependencies` and `fixes`. One finding for each vulnerability of each
 * dependency, as its summary counts them (`Found 2 known vulnerabilities in 1
 * package`). What it could not audit is an error.
 */
export function parsePipAudit(value: unknown, source: string): ToolResult {
  const list = Array.isArray(value)
    ? value
    : new Fields(value).list('dependencies');
  const findings: Finding[] = [];
  const skipped: string[] = [];
  for (const each of list.filter(isRecord)) {
    const dependency = new Fields(each);
    const name = dependency.text('name') ?? '';
    if (dependency.has('skip_reason')) {
      skipped.push(name);
    }
    const version = dependency.text('version');
    for (const vulnerability of dependency.list('vulns').filter(isRecord)) {
      findings.push(pipAuditFinding(name, version, vulnerability));
    }
  }
  const error = () =>
    stageError(
      'pip-audit',
      'dependencies-skipped',
      skippedMessage(skipped),
      source,
    );
  return { findings, errors: skipped.length > 0 ? [error()] : [] };
}

/** `fix_versions` is sorted: the first is the nearest. */
function pipAuditFinding(
  name: string,
  version: string | undefined,
  value: Record<string, unknown>,
): Finding {
  const vulnerability = new Fields(value);
  const id = vulnerability.text('id') ?? '';
  const fixes = vulnerability.texts('fix_versions');
  return createFinding({
    tool: 'pip-audit',
    kind: 'sca',
    rule: id,
    severity: 'unknown',
    message:
      vulnerability.text('description') ??
      pipAuditMessage(name, version, id, fixes),
    package: name,
    version,
    fixedVersion: fixes[0],
    identifiers: [id, ...vulnerability.texts('aliases')],
    url: advisoryUrl(id),
    extra: vulnerability.rest({ fix_versions: fixes }),
  });
}

/** What the table says in a sentence. */
export function pipAuditMessage(
  name: string,
  version: string | undefined,
  id: string,
  fixes: string[],
): string {
  const fixed = fixes.length > 0 ? `, fixed in ${fixes.join(', ')}` : '';
  return `${[name, version].filter(Boolean).join(' ')} has ${id}${fixed}`;
}

/** Where OSV, pip-audit's source, shows an advisory. */
export function advisoryUrl(id: string): string | undefined {
  return /^PYSEC-\d{4}-\d{1,6}$/.test(id) || advisoriesIn(id)[0] === id
    ? `https://osv.dev/vulnerability/${id}`
    : undefined;
}

/** One sentence for all of what was not audited. */
export function skippedMessage(names: string[]): string {
  const count = counted(names.length, 'dependency', 'dependencies');
  return `pip-audit did not audit ${count}: ${names.slice(0, 20).join(', ')}`;
}
