import { ensurePythonEnvironment } from '../python/pythonEnvironment';

/** The interpreter with mlflow, scikit-learn, pandas and numpy, for seeding a server in tests. */
export async function getPythonEnvironment(): Promise<string> {
  return (await ensurePythonEnvironment()).python;
}
