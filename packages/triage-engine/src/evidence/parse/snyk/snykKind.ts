// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';

/** Operating systems in the ids of their packages' issues: `SNYK-DEBIAN12-ZLIB-6008963`. */
const SYSTEM =
  /^SNYK-(?:ALMALINUX|ALPINE|AMZN|AMAZONLINUX|BUSYBOX|CENTOS|CHAINGUARD|DEBIAN|FEDORA|LINUX|MINIMOS|ORACLE|OPENSUSE|PHOTON|RHEL|ROCKY|SLES|UBUNTU|UPSTREAM|WOLFI)[A-Z0-9_]{0,30}-/;

/** What an issue of Snyk is about, by its id; `kind` where that does not tell. */
export function snykKind(id: string, kind: Finding['kind']): Finding['kind'] {
  if (id.startsWith('snyk:lic:')) {
    return 'license';
  }
  if (id.startsWith('SNYK-CC-')) {
    return 'misconfiguration';
  }
  return kind === 'sca' && SYSTEM.test(id) ? 'container-cve' : kind;
}
