// SPDX-License-Identifier: Apache-2.0
import { Problem } from '../../bootstrap/Problem.mjs';
import { ClusterReport } from '../cluster/runCluster';
import { Part } from '../supervisor/Part';
import { PartDescription } from '../supervisor/platformParts';
import { ensureMonitoring } from './buildMonitoring';
import {
  Monitoring,
  MonitoringOptions,
  startMonitoring,
} from './startMonitoring';

/** What monitoring is run with. */
export interface RunMonitoringOptions extends Omit<
  MonitoringOptions,
  'programs' | 'addPart'
> {
  cacheDir: string;
  /** Holds the parts' pid records. */
  stateDir: string;
  report: (report: ClusterReport) => void;
  signal: AbortSignal;
}

/**
 * Builds Prometheus and Alertmanager unless they are there, and starts them.
 *
 * @throws Problem when they cannot be built or started; what runs already is ended
 */
export async function runMonitoring(
  options: RunMonitoringOptions,
): Promise<Pick<Monitoring, 'stop'>> {
  const { cacheDir, stateDir, signal, report, tell } = options;
  const parts: Part[] = [];
  const addPart = (description: PartDescription) => {
    signal.throwIfAborted();
    const part = new Part({ ...description, stateDir, tell });
    part.failed.then((problem: Problem) => tell(problem.format()));
    parts.push(part);
    return part;
  };
  const stopParts = () => Promise.all(parts.map(part => part.stop()));
  const onAbort = () => {
    stopParts().catch(() => {});
  };
  signal.addEventListener('abort', onAbort);
  try {
    const programs = await ensureMonitoring({
      cacheDir,
      signal,
      onProgress: report,
      onWait: () => report({ detail: 'another start is building it' }),
    });
    report({ detail: 'starting' });
    const monitoring = await startMonitoring({ ...options, programs, addPart });
    // The line of the list is short.
    report({
      detail: `${monitoring.prometheusUrl} and :${new URL(monitoring.alertmanagerUrl).port}`,
    });
    return {
      stop: async () => {
        await monitoring.stop();
        await stopParts();
      },
    };
  } catch (error) {
    await stopParts();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
