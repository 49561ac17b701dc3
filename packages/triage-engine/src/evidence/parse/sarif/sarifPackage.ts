// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { Fields } from '../shared/Fields';
import { splitPackage } from '../snyk/splitPackage';

type Package = Pick<Finding, 'package' | 'version' | 'fixedVersion'>;

/** The lines of Trivy's messages. */
const TRIVY =
  /^Package: (.{1,300})\nInstalled Version: (.{0,200})\n(?:.{0,300}\n){0,3}?Fixed Version: (.{0,200})(?:\n|$)/;
const LICENSE = /^PkgName: (.{1,300})$/m;

/** Which package a result is about: SARIF has no field for it. */
export function sarifPackage(
  tool: Finding['tool'],
  message: string,
  location: Fields,
): Package {
  if (tool === 'trivy') {
    const [, name, version, fixed] = TRIVY.exec(message) ?? [];
    return {
      package: name ?? LICENSE.exec(message)?.[1],
      version,
      fixedVersion: fixed?.split(',')[0],
    };
  }
  if (tool === 'snyk') {
    const logical = new Fields(location.list('logicalLocations')[0]);
    return splitPackage(logical.text('fullyQualifiedName'));
  }
  return {};
}
