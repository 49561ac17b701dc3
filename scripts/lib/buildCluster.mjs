// SPDX-License-Identifier: Apache-2.0

// Builds the servers of the local cluster and those that watch it, or finds them built.
import {
  buildMonitoringPrograms,
  getClusterBinaries,
} from '@greenroom/local-platform/testing';

console.log(await getClusterBinaries());
console.log(await buildMonitoringPrograms());
