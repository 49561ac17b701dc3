// SPDX-License-Identifier: Apache-2.0

// Builds the servers of the local cluster, or finds them built.
import { getClusterBinaries } from '@greenroom/local-platform/testing';

console.log(await getClusterBinaries());
