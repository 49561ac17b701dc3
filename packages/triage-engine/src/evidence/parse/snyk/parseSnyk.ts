// SPDX-License-Identifier: Apache-2.0
import type { Finding, StageError } from '@greenroom/plugin-triage-common';
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import { severityOf } from '../shared/severity';
import { stageError } from '../shared/stageError';
import type { ToolResult } from '../shared/types';
import { snykKind } from './snykKind';

/** What packages of an image's operating system are managed by. */
const OS_PACKAGES =
  /^(?:deb|apk|rpm|linux|dpkg|debian|ubuntu|alpine|rhel|centos|amzn|ol|sles|opensuse|wolfi|chainguard|distroless)(?::|$)/;

/**
 * Reads `snyk test --json` (one project, or a list with `--all-projects`),
 * `snyk container test --json` (with `applications`) and `snyk iac test --json`.
 *
 * Snyk counts twice: `uniqueCount` is the number of different issues, and the
 * list `vulnerabilities` has each once for every path by which it comes in; its
 * summary says `41 vulnerable dependency paths`. A finding here is an entry of
 * that list, as in DefectDojo's importer: two paths are two things to mend. With
 * `--group-issues`, Snyk itself joins the paths of an issue into one entry.
 * What a policy ignores is in `filtered` and is no finding.
 */
export function parseSnyk(value: unknown, source: string): ToolResult {
  const findings: Finding[] = [];
  const errors: StageError[] = [];
  for (const project of [value].flat().filter(isRecord)) {
    const parts = [project, ...new Fields(project).list('applications')];
    for (const part of parts.filter(isRecord)) {
      readProject(new Fields(part), source, findings, errors);
    }
  }
  return { findings, errors };
}

function readProject(
  project: Fields,
  source: string,
  findings: Finding[],
  errors: StageError[],
): void {
  const failure = project.text('error');
  const file = project.text('displayTargetFile', 'targetFile');
  if (failure) {
    const path = file ?? project.text('path') ?? 'a project';
    errors.push(
      stageError(
        'snyk',
        'tool-failed',
        `Snyk could not test ${path}: ${failure}`,
        source,
      ),
    );
  }
  const manager = project.text('packageManager') ?? '';
  const image = OS_PACKAGES.test(manager);
  for (const each of project.list('vulnerabilities').filter(isRecord)) {
    findings.push(dependencyFinding(each, file, image));
  }
  for (const each of project
    .list('infrastructureAsCodeIssues')
    .filter(isRecord)) {
    findings.push(configurationFinding(each, file));
  }
}

function dependencyFinding(
  value: Record<string, unknown>,
  file: string | undefined,
  image: boolean,
): Finding {
  const issue = new Fields(value);
  const id = issue.text('id') ?? '';
  const isLicense = issue.text('type') === 'license';
  const manager = issue.text('packageManager') ?? '';
  const identifiers = issue.object('identifiers');
  const known = ['CVE', 'CWE', 'GHSA'].flatMap(each => identifiers.texts(each));
  const isImage = image || OS_PACKAGES.test(manager);
  const byManager = isImage ? 'container-cve' : 'sca';
  const names = issue.texts('packageName', 'moduleName', 'name');
  const fixes = issue.texts('nearestFixedInVersion', 'fixedIn');
  return createFinding({
    tool: 'snyk',
    kind: snykKind(id, isLicense ? 'license' : byManager),
    rule: id,
    // Older versions rate at most `high` and the true word beside it.
    severity: severityOf(issue.text('severityWithCritical', 'severity')),
    message: issue.text('title') ?? id,
    package: names[0],
    version: issue.text('version'),
    fixedVersion: fixes[0],
    file,
    line: issue.number('lineNumber'),
    identifiers: known,
    url: issue.text('url') ?? snykUrl(id),
    extra: issue
      .skip(
        'severity',
        'moduleName',
        'name',
        'description',
        'references',
        'semver',
        'functions',
        'functions_new',
        'credit',
        'patches',
      )
      .rest({ fixedIn: fixes }),
  });
}

function configurationFinding(
  value: Record<string, unknown>,
  file: string | undefined,
): Finding {
  const issue = new Fields(value);
  const id = issue.text('id', 'publicId') ?? '';
  return createFinding({
    tool: 'snyk',
    kind: 'misconfiguration',
    rule: id,
    severity: severityOf(issue.text('severity')),
    message: issue.text('title') ?? id,
    file,
    line: issue.number('lineNumber'),
    url: issue.text('documentation'),
    extra: issue.rest(),
  });
}

/** Where Snyk shows an issue. */
function snykUrl(id: string): string | undefined {
  if (!/^[A-Za-z0-9][\w.:-]{2,200}$/.test(id)) {
    return undefined;
  }
  return id.startsWith('snyk:lic:')
    ? `https://snyk.io/vuln/${id}`
    : `https://security.snyk.io/vuln/${id}`;
}
