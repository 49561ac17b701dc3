// SPDX-License-Identifier: Apache-2.0
import type { IncidentKind } from '@greenroom/plugin-triage-common';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useLocation } from 'react-router-dom';

const KeptLogs = createContext<{
  kind: IncidentKind;
  names: ReadonlySet<string>;
}>({ kind: 'pipeline', names: new Set() });

/** Lets the quotes below it open the logs that were kept, and say what they are of. */
export function LogLinksProvider(props: {
  kind: IncidentKind;
  logs: readonly { job: string }[];
  children: ReactNode;
}) {
  const { children, kind, logs } = props;
  const value = useMemo(
    () => ({ kind, names: new Set(logs.map(({ job }) => job)) }),
    [kind, logs],
  );
  return <KeptLogs.Provider value={value}>{children}</KeptLogs.Provider>;
}

/** What the incident that is shown is of. */
export function useIncidentKind() {
  return useContext(KeptLogs).kind;
}

/** The address of a line of a log on this page; none where the log was not kept. */
export function useLineUrl() {
  const { names } = useContext(KeptLogs);
  const { pathname } = useLocation();
  return (source: string, line: number) =>
    names.has(source)
      ? `${pathname}?${new URLSearchParams({ log: source })}#L${line}`
      : undefined;
}
