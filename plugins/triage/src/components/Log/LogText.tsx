// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { IncidentLog } from '@greenroom/plugin-triage-common';
import { Fragment, useEffect, useRef } from 'react';
import { useLocation } from 'react-router-dom';
import { triageTranslationRef } from '../../translations';
import styles from './Log.module.css';
import { LogLine } from './LogLine';
import { useLogWords } from './useLogWords';

/** The lines of a log in a frame of its own, which shows the one that matters. */
export function LogText(props: {
  job: string;
  lines: IncidentLog['lines'];
  quoted: ReadonlySet<number>;
  /** The line that the address names. */
  target: number | undefined;
  /** The line that is shown when the address names none. */
  first: number;
  search: string;
  match: number | undefined;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { nameFrame } = useLogWords();
  const { pathname, key } = useLocation();
  const { first, job, lines, match, quoted, search, target } = props;
  const frame = useRef<HTMLDivElement>(null);
  const hasLines = lines.length > 0;
  const focusedFor = useRef<string>();

  useEffect(() => {
    const shown = match ?? target ?? first;
    const line = frame.current?.querySelector<HTMLElement>(
      `[data-line="${shown}"]`,
    );
    if (!frame.current || !line) {
      return;
    }
    frame.current.scrollTop =
      line.offsetTop - (frame.current.clientHeight - line.clientHeight) / 2;
    // Once for each time that a person goes to an address.
    if (match === undefined && target && focusedFor.current !== key) {
      focusedFor.current = key;
      frame.current.scrollIntoView({ block: 'nearest' });
      line.querySelector('a')?.focus({ preventScroll: true });
    }
  }, [first, hasLines, key, match, target]);

  const base = `${pathname}?${new URLSearchParams({ log: job })}`;
  return (
    <div
      ref={frame}
      className={styles.frame}
      // A frame that scrolls is reached by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label={nameFrame(job)}
    >
      {lines.map(({ number, text }, index) => {
        const gap = index > 0 ? number - lines[index - 1].number - 1 : 0;
        return (
          <Fragment key={number}>
            {gap > 0 && (
              <div className={styles.gap}>{t('log.gap', { count: gap })}</div>
            )}
            <LogLine
              number={number}
              text={text}
              to={`${base}#L${number}`}
              search={search}
              isTarget={number === target}
              isQuoted={quoted.has(number)}
              isCurrentMatch={number === match}
            />
          </Fragment>
        );
      })}
    </div>
  );
}
