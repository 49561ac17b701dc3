// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowGateVerdict,
  MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import { useMemo, useRef } from 'react';

/**
 * What the runs shown so far hold. It stays while pages turn, so that columns do
 * not come and go.
 */
export function useSeen(runs: readonly MlflowRun[] | undefined) {
  const seen = useRef({
    metrics: new Set<string>(),
    params: new Set<string>(),
    columns: new Set<string>(),
    gates: new Map<string, MlflowGateVerdict['direction']>(),
    hasChildren: false,
  });
  return useMemo(() => {
    const { columns, gates, metrics, params } = seen.current;
    for (const run of runs ?? []) {
      Object.keys(run.metrics).forEach(name => metrics.add(name));
      Object.keys(run.params).forEach(name => params.add(name));
      if (run.gate) {
        gates.set(run.gate.metric, run.gate.direction);
      }
      const has: Record<string, unknown> = {
        user: run.user,
        commit: run.commit,
        ciRun: run.ciRun,
        gate: run.gate,
        version: run.modelVersions.length,
      };
      Object.keys(has)
        .filter(id => has[id])
        .forEach(id => columns.add(id));
      seen.current.hasChildren ||= run.parentRunId !== undefined;
    }
    return {
      metrics: [...metrics].sort(),
      params: [...params].sort(),
      columns: new Set(columns),
      gates: new Map(gates),
      hasChildren: seen.current.hasChildren,
    };
  }, [runs]);
}

export type Seen = ReturnType<typeof useSeen>;
