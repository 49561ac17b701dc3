// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { severityOf } from '../shared/severity';
import { trivyKind } from './trivyKind';
import type { TrivyRow } from './TrivyTable';

/** The type may have a name in brackets of its own: `amazon 2 (Karoo)`. */
const TARGET = /^(.{0,1000}?) \(([^()]{1,100}(?: \([^()]{1,60}\))?)\)$/;
/** `package (path in the image)`. */
const LIBRARY = /^(\S{1,300}) \((.{1,600})\)$/;
/** Before 0.22 with an arrow and without the scheme. */
const ADDRESS = /(?: -->(?:https:\/\/)?| |^)((?:https?:\/\/|avd\.)\S{1,500})$/;

/** A row of a table of vulnerabilities or licences; undefined for other tables. */
export function readTrivyRow(
  row: TrivyRow,
  title: string,
): Finding | undefined {
  const { cells } = row;
  const [, name = title, type = ''] = TARGET.exec(title) ?? [];
  const id = cells.get('vulnerability') ?? cells.get('vulnerability id');
  // Those that someone suppressed are listed with a statement.
  if (cells.has('statement')) {
    return undefined;
  }
  if (id && cells.has('installed version')) {
    return vulnerability(cells, id, name, type);
  }
  const license = cells.get('license');
  return license && cells.has('classification')
    ? licenseFinding(cells, license, name)
    : undefined;
}

function vulnerability(
  cells: Map<string, string>,
  id: string,
  file: string,
  type: string,
): Finding {
  const library = cells.get('library') ?? '';
  const [, name = library, path] = LIBRARY.exec(library) ?? [];
  const title = cells.get('title') ?? '';
  const url = ADDRESS.exec(title)?.[1]?.replace(/^avd\./, 'https://avd.');
  const [system] = type.split(' ');
  const message = title.replace(ADDRESS, '').trim();
  const status = cells.get('status');
  return {
    tool: 'trivy',
    kind: trivyKind('', '', system),
    rule: id,
    severity: severityOf(cells.get('severity')),
    message: message || `${name} has ${id}`,
    package: name,
    version: cells.get('installed version'),
    fixedVersion: cells.get('fixed version')?.split(',')[0],
    file,
    identifiers: [id],
    url,
    extra: {
      ...(status ? { Status: status } : {}),
      ...(path ? { PkgPath: path } : {}),
    },
  };
}

function licenseFinding(
  cells: Map<string, string>,
  rule: string,
  target: string,
): Finding {
  const owner = cells.get('package');
  const path = cells.get('file location');
  const category = cells.get('classification') ?? '';
  return {
    tool: 'trivy',
    kind: 'license',
    rule,
    severity: severityOf(cells.get('severity')),
    message: `${rule} (${category}) in ${owner ?? path ?? target}`,
    package: owner,
    file: path ?? target,
  };
}
