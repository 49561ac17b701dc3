// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './Logs.module.css';

/** So many matches are drawn one by one. */
const MAX_MATCHES = 1_000;

/** The lines that hold `search`, whichever case, from the last ones. */
export function findLines(lines: readonly string[], search: string) {
  const wanted = search.toLocaleLowerCase();
  return lines.filter(line => line.toLocaleLowerCase().includes(wanted));
}

function mark(line: string, search: string): ReactNode {
  const start = line.toLocaleLowerCase().indexOf(search.toLocaleLowerCase());
  if (start < 0) {
    return line;
  }
  const end = start + search.length;
  return (
    <>
      {line.slice(0, start)}
      <mark>{line.slice(start, end)}</mark>
      {line.slice(end)}
    </>
  );
}

/** A log in a frame of its own, which stays at its end while a person is there. */
export function LogText(props: {
  lines: readonly string[];
  search: string;
  label: string;
  /** What is shown where there is no line. */
  none: string;
}) {
  const { label, lines, none, search } = props;
  const frame = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);

  useEffect(() => {
    const element = frame.current;
    if (element && isAtEnd.current) {
      element.scrollTop = element.scrollHeight;
    }
  }, [lines, search]);

  const onScroll = () => {
    const element = frame.current;
    if (element) {
      const below =
        element.scrollHeight - element.scrollTop - element.clientHeight;
      isAtEnd.current = below < 24;
    }
  };
  const content = () => {
    if (lines.length === 0) {
      return <span className={styles.none}>{none}</span>;
    }
    return search
      ? lines.slice(-MAX_MATCHES).map((line, index) => (
          // A log's lines have no name but their place.
          // eslint-disable-next-line react/no-array-index-key
          <div key={index}>{mark(line, search)}</div>
        ))
      : lines.join('\n');
  };
  return (
    <pre
      ref={frame}
      className={styles.text}
      onScroll={onScroll}
      // A frame that scrolls is reached by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={label}
    >
      {content()}
    </pre>
  );
}
