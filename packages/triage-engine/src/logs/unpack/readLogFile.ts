import type { LogInput } from '../types';
import { GhFormReader } from './GhFormReader';
import { LineScanner } from './LineScanner';
import { StepFinder } from './StepFinder';
import { toUtf8 } from './toUtf8';
import type { JobLog } from './types';

/**
 * The jobs of one log file: what `gh run view --log` printed has many, each other
 * file is the log of one.
 *
 * @param name of the job, where the file does not say.
 */
export async function readLogFile(
  log: LogInput,
  name: string,
): Promise<JobLog[]> {
  const finder = new StepFinder();
  const gh = new GhFormReader();
  const scanner = new LineScanner(line => {
    if (!gh.write(line)) {
      finder.write(line);
    }
  });
  for await (const piece of toUtf8(log.open())) {
    scanner.write(piece);
  }
  scanner.end();
  return (
    gh.jobs(log, scanner.lines) ?? [
      { name, log, steps: finder.steps(scanner.lines) },
    ]
  );
}
