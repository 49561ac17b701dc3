// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useLocation } from 'react-router-dom';

const KeptLogs = createContext<ReadonlySet<string>>(new Set());

/** Lets the quotes below it open the logs that were kept. */
export function LogLinksProvider(props: {
  logs: readonly { job: string }[];
  children: ReactNode;
}) {
  const { children, logs } = props;
  const names = useMemo(() => new Set(logs.map(({ job }) => job)), [logs]);
  return <KeptLogs.Provider value={names}>{children}</KeptLogs.Provider>;
}

/** The address of a line of a log on this page; none where the log was not kept. */
export function useLineUrl() {
  const kept = useContext(KeptLogs);
  const { pathname } = useLocation();
  return (source: string, line: number) =>
    kept.has(source)
      ? `${pathname}?${new URLSearchParams({ log: source })}#L${line}`
      : undefined;
}
