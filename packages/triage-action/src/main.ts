// SPDX-License-Identifier: Apache-2.0
import { run } from './run';

run({
  env: process.env,
  write: line => process.stdout.write(`${line}\n`),
}).then(code => {
  process.exitCode = code;
});
