// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import type { KserveLogsQuery } from '@greenroom/plugin-kserve-common';
import type { KserveApi, KserveServiceRef } from '../../api';
import { LogBuffer, MAX_LINES } from './LogBuffer';

/** Lines that come quicker are drawn together. */
const DRAWN_APART = 200;

/** What is known of a log. */
export interface LogState {
  lines: readonly string[];
  /** How many older lines are not kept. */
  dropped: number;
  state: 'loading' | 'following' | 'ended' | 'failed';
  error?: Error;
}

/** Reads a log until it ends or the signal aborts; `onChange` is told a few times a second. */
export async function readLog(options: {
  api: KserveApi;
  service: KserveServiceRef;
  query: KserveLogsQuery;
  signal: AbortSignal;
  onChange: (log: LogState) => void;
}) {
  const { api, onChange, query, service, signal } = options;
  const buffer = new LogBuffer();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (state: LogState['state'], error?: Error) => {
    clearTimeout(timer);
    timer = undefined;
    if (!signal.aborted) {
      const { dropped, lines } = buffer;
      onChange({ lines: [...lines], dropped, state, error });
    }
  };

  tell('loading');
  try {
    const asked = { ...query, tailLines: MAX_LINES };
    for await (const piece of api.readLogs(service, asked, { signal })) {
      buffer.append(piece);
      timer ??= setTimeout(
        () => tell(query.follow ? 'following' : 'loading'),
        DRAWN_APART,
      );
    }
    tell('ended');
  } catch (error) {
    tell('failed', toError(error));
  }
}
