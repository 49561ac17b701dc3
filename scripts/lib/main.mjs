import path from 'node:path';
import { reportFailure } from './Problem.mjs';
import { killRunning } from './processes.mjs';
import { ensurePythonEnvironment, findPython } from './python.mjs';

/** @param {string[]} args @param {string} root @returns {Promise<number>} */
export async function main(args, root) {
  const cacheDir = path.resolve(
    process.env.GREENROOM_CACHE_DIR ?? path.join(root, '.greenroom', 'cache'),
  );
  const locksDir = path.join(root, 'packages', 'local-platform', 'python');
  try {
    if (args[0] === 'environment') {
      const environment = await ensurePythonEnvironment({
        name: 'mlflow',
        python: findPython(),
        locksDir,
        cacheDir,
      });
      process.stdout.write(`${JSON.stringify({ ...environment, cacheDir })}\n`);
      return 0;
    }
    return 2;
  } catch (error) {
    killRunning();
    return reportFailure(error);
  }
}
