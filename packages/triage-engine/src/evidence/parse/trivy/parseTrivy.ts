// SPDX-License-Identifier: Apache-2.0
import type { Finding, StageError } from '@greenroom/plugin-triage-common';
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import { severityOf } from '../shared/severity';
import { counted, stageError } from '../shared/stageError';
import type { ToolResult } from '../shared/types';
import { trivyKind } from './trivyKind';

/** Where a result was found: what Trivy says of the target. */
interface Target {
  file?: string;
  kind: 'sca' | 'container-cve';
  /** The resource, in a report of a cluster. */
  more: Record<string, unknown>;
}

/**
 * Reads Trivy's `json`: a list of results (before 0.20), schema 2, and reports of
 * `trivy kubernetes`. A finding is a vulnerability, a misconfiguration that
 * failed, a secret or a licence, as Trivy's own `Total` and `Failures` count
 * them; checks that passed or are excepted (`--include-non-failures`) and
 * `ExperimentalModifiedFindings`, which someone suppressed, are none.
 */
export function parseTrivy(value: unknown, source: string): ToolResult {
  const result: ToolResult = { findings: [], errors: [] };
  if (Array.isArray(value)) {
    readResults(value, '', {}, result);
    return result;
  }
  const report = new Fields(value);
  const artifact = report.text('ArtifactType') ?? '';
  readResults(report.list('Results'), artifact, {}, result);
  const resources = [
    'Resources',
    'Findings',
    'Vulnerabilities',
    'Misconfigurations',
  ];
  for (const each of resources.flatMap(name => report.list(name))) {
    const resource = new Fields(each);
    const place = ['Namespace', 'Kind', 'Name'].map(name =>
      resource.text(name),
    );
    const more = { Resource: place.filter(Boolean).join('/') };
    readResults(resource.list('Results'), 'container_image', more, result);
    const failure = resource.text('Error');
    if (failure) {
      result.errors.push(toolFailed(more.Resource, failure, source));
    }
  }
  return result;
}

function toolFailed(what: string, why: string, source: string): StageError {
  const message = `Trivy could not scan ${what}: ${why}`;
  return stageError('trivy', 'tool-failed', message, source);
}

function readResults(
  results: unknown[],
  artifact: string,
  more: Record<string, unknown>,
  { findings, errors }: ToolResult,
): void {
  for (const each of results.filter(isRecord)) {
    const result = new Fields(each);
    const type = result.text('Type') ?? '';
    const kind = trivyKind(artifact, result.text('Class') ?? '', type);
    const target = { file: result.text('Target'), kind, more };
    const read = (
      name: string,
      make: (value: object, target: Target) => Finding,
    ) =>
      result
        .list(name)
        .filter(isRecord)
        .map(value => make(value, target));
    const checks = result.list('Misconfigurations').filter(isRecord);
    const failed = checks.filter(check => (check.Status ?? 'FAIL') === 'FAIL');
    findings.push(
      ...read('Vulnerabilities', vulnerability),
      ...failed.map(check => misconfiguration(check, target)),
      ...read('Secrets', secret),
      ...read('Licenses', license),
    );
    const summary = result.object('MisconfSummary').number('Failures');
    if (summary !== undefined && summary > failed.length && !checks.length) {
      errors.push(
        stageError(
          'trivy',
          'findings-not-reported',
          `Trivy counts ${counted(summary, 'misconfiguration')} in ${target.file} and reports none`,
        ),
      );
    }
  }
}

function vulnerability(value: object, target: Target): Finding {
  const found = new Fields(value);
  const id = found.text('VulnerabilityID') ?? '';
  const path = found.text('PkgPath');
  return createFinding({
    tool: 'trivy',
    kind: target.kind,
    rule: id,
    severity: severityOf(found.text('Severity')),
    message: found.text('Title') ?? found.text('Description') ?? id,
    package: found.text('PkgName'),
    version: found.text('InstalledVersion'),
    // `1.2.3, 2.0.1`: one for each branch that is mended.
    fixedVersion: found.texts('FixedVersion')[0],
    file: path ?? target.file,
    identifiers: [id, ...found.texts('CweIDs'), ...found.texts('VendorIDs')],
    url: found.text('PrimaryURL'),
    extra: found
      .skip('Description', 'References', 'DataSource', 'PkgIdentifier', 'Layer')
      .rest({ ...target.more, Target: path ? target.file : undefined }),
  });
}

function misconfiguration(value: object, target: Target): Finding {
  const check = new Fields(value);
  const cause = check.object('CauseMetadata');
  const title = check.text('Title') ?? '';
  return createFinding({
    tool: 'trivy',
    kind: 'misconfiguration',
    rule: check.text('ID', 'AVDID') ?? '',
    severity: severityOf(check.text('Severity')),
    message: check.text('Message') ?? title,
    file: target.file,
    line: cause.number('StartLine'),
    endLine: cause.number('EndLine'),
    url: check.text('PrimaryURL'),
    extra: check
      .skip('Description', 'References', 'Traces', 'Layer', 'Query', 'Status')
      .rest({
        ...target.more,
        Title: title,
        Cause: cause.text('Resource'),
      }),
  });
}

/** Trivy masks the secret itself; the line around it stays out all the same. */
function secret(value: object, target: Target): Finding {
  const found = new Fields(value);
  const rule = found.text('RuleID') ?? '';
  return createFinding({
    tool: 'trivy',
    kind: 'secret',
    rule,
    severity: severityOf(found.text('Severity')),
    message: found.text('Title') ?? rule,
    file: target.file,
    line: found.number('StartLine'),
    endLine: found.number('EndLine'),
    extra: found.skip('Match', 'Code', 'Layer').rest(target.more),
  });
}

function license(value: object, target: Target): Finding {
  const found = new Fields(value);
  const name = found.text('Name') ?? '';
  const owner = found.text('PkgName');
  const category = found.text('Category');
  const path = found.text('FilePath');
  return createFinding({
    tool: 'trivy',
    kind: 'license',
    rule: name,
    severity: severityOf(found.text('Severity')),
    message: `${name}${category ? ` (${category})` : ''} in ${owner ?? path ?? target.file}`,
    package: owner,
    file: path ?? target.file,
    url: found.text('Link'),
    extra: found.skip('Text').rest({ ...target.more, Category: category }),
  });
}
