import { scanLineHeads } from '../lines/LineHeadScanner';
import type { LogInput } from '../types';
import { GhFormReader } from './GhFormReader';
import { StepFinder } from './StepFinder';
import type { JobLog } from './types';

/**
 * The jobs of one log file: what `gh run view --log` printed has many, each other
 * file is the log of one.
 *
 * @param name of the job, where its log does not say.
 */
export async function readLogFile(
  log: LogInput,
  name: string,
): Promise<JobLog[]> {
  const finder = new StepFinder();
  const gh = new GhFormReader();
  const lines = await scanLineHeads(log, line => {
    if (!gh.write(line)) {
      finder.write(line);
    }
  });
  return (
    gh.jobs(log, lines) ?? [
      { name: finder.jobName ?? name, log, steps: finder.steps(lines) },
    ]
  );
}
