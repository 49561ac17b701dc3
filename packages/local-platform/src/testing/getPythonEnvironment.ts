// SPDX-License-Identifier: Apache-2.0
import { ensurePythonEnvironment } from '@greenroom/local-github/testing';

/** The interpreter with mlflow, scikit-learn, pandas and numpy, for seeding a server in tests. */
export async function getPythonEnvironment(): Promise<string> {
  return (await ensurePythonEnvironment()).python;
}
