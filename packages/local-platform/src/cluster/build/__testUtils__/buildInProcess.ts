// SPDX-License-Identifier: Apache-2.0

// A build in a process of its own, for tests that kill it or wait for it:
// node --import tsx buildInProcess.ts '{"cacheDir":…,"moduleDir":…,"room":…}'
import { buildCluster } from '../buildCluster';

buildCluster(JSON.parse(process.argv[2])).argocd.catch(error => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
