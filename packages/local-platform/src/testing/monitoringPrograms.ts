// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { cacheDirOf } from '../../bootstrap/prepare.mjs';
import {
  MonitoringPrograms,
  ensureMonitoring,
  findMonitoring,
} from '../monitoring/buildMonitoring';
import { PACKAGE_DIR } from '../paths';

const cacheDir = () => cacheDirOf(path.resolve(PACKAGE_DIR, '../..'));

/** Prometheus and Alertmanager, if they have been built or PATH has them. */
export function findMonitoringPrograms(): MonitoringPrograms | undefined {
  const { prometheus, alertmanager } = findMonitoring(cacheDir());
  return prometheus && alertmanager ? { prometheus, alertmanager } : undefined;
}

/** Builds them, which takes minutes, or finds them built. */
export async function buildMonitoringPrograms(): Promise<MonitoringPrograms> {
  return ensureMonitoring({ cacheDir: cacheDir() });
}
