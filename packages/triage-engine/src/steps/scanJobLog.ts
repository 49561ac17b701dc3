// SPDX-License-Identifier: Apache-2.0
import { forEachLine } from '../logs/lines/forEachLine';
import type { LogInput, LogLine } from '../logs/types';
import type { FailureMarker } from '../toolchains/FailureMarker';
import { TravisCommands } from '../toolchains/travis/TravisCommands';
import { isCleanUp, readFailureMarker } from './failureMarkers';

/** A marker and where it stands. */
export interface PlacedMarker extends FailureMarker {
  line: number;
  text: string;
  /** When it was written, for logs with time stamps. */
  time?: string;
}

/** A stretch of a job's log that one step wrote. */
export interface LogSegment {
  first: number;
  last: number;
  /** After the head with command and environment. */
  outputFrom: number;
  command: string;
  name?: string;
  /** Putting away, after the job is decided. */
  isCleanUp: boolean;
  markers: PlacedMarker[];
}

const GROUP_RUN = '##[group]Run ';
const MAX_COMMAND = 2000;
const MAX_HEAD_LINES = 400;
/** A job has at most some hundred steps; composite actions have steps of their own. */
const MAX_SEGMENTS = 5000;
/** Of one segment: the first, and the latest of the rest. */
const MAX_MARKERS = 200;

/** When an `##[error]` was written: lines come without their time stamps. */
const STAMPED_ERROR = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z) ##\[error\]/;

/** Splits a job's log where `##[group]Run` says that another step begins. */
class Segmenter {
  readonly segments: LogSegment[] = [];
  #headLines = -1;
  readonly #travis = new TravisCommands();
  lastLine = 0;
  readonly #bounds: ReadonlyArray<{
    first: number;
    last: number;
    name: string;
  }>;
  readonly #isOneStep: boolean;

  constructor(
    bounds: ReadonlyArray<{
      first: number;
      last: number;
      name: string;
    }>,
    isOneStep: boolean,
  ) {
    this.#bounds = bounds;
    this.#isOneStep = isOneStep;
    this.#start(1, false);
  }

  readonly write = ({ number, text }: LogLine, raw: string): void => {
    this.lastLine = number;
    this.#current.last = number;
    const begins = text.startsWith(GROUP_RUN);
    const bound = this.#bounds.find(each => each.first === number);
    if (bound) {
      this.#start(number, isCleanUp(text), bound.name);
    } else if (this.#bounds.length === 0 && !this.#isOneStep && begins) {
      this.#start(number, this.#current.isCleanUp);
    } else if (isCleanUp(text) && this.#bounds.length === 0) {
      this.#start(number, true);
    }
    if (begins && this.#headLines < 0 && this.#current.command === '') {
      this.#headLines = 0;
      this.#current.command = text.slice(GROUP_RUN.length, MAX_COMMAND);
    } else if (this.#headLines >= 0) {
      this.#readHead(number, text);
    }
    this.#travis.write(number, text);
    this.#readMarker(number, text, raw);
  };

  get #current(): LogSegment {
    return this.segments[this.segments.length - 1];
  }

  #start(line: number, cleanUp: boolean, name?: string): void {
    const previous = this.segments.at(-1);
    if (previous) {
      previous.last = Math.max(previous.first, line - 1);
    }
    if (this.segments.length >= MAX_SEGMENTS) {
      this.segments.splice(0, MAX_SEGMENTS / 2);
    }
    this.#headLines = -1;
    this.segments.push({
      first: line,
      last: line,
      outputFrom: line,
      command: '',
      name,
      isCleanUp: cleanUp,
      markers: [],
    });
  }

  #readHead(number: number, text: string): void {
    this.#headLines += 1;
    if (text === '##[endgroup]' || this.#headLines > MAX_HEAD_LINES) {
      this.#headLines = -1;
      this.#current.outputFrom = number + 1;
    } else if (this.#current.command.length < MAX_COMMAND) {
      this.#current.command = `${this.#current.command}\n${text}`.slice(
        0,
        MAX_COMMAND,
      );
    }
  }

  #readMarker(line: number, text: string, raw: string): void {
    const marker = readFailureMarker(text);
    if (!marker) {
      return;
    }
    const { markers } = this.#current;
    if (markers.length >= MAX_MARKERS) {
      markers.splice(1, 1);
    }
    const time = text.startsWith('##[error]')
      ? STAMPED_ERROR.exec(raw)?.[1]
      : undefined;
    markers.push({ ...marker, line, text: text.slice(0, MAX_COMMAND), time });
    if (marker.command && this.#current.first === 1) {
      this.#current.command = marker.command;
      this.#current.first = this.#travis.startOf(marker.command);
      this.#current.outputFrom = this.#current.first + 1;
    }
  }
}

/**
 * Finds the steps of a log and what the CI system says of their end, in one pass
 * and bounded memory.
 */
export async function scanJobLog(
  log: LogInput,
  options: {
    /** The steps, where they are known. */
    bounds?: Array<{ first: number; last: number; name: string }>;
    /** The log is of one step: groups in it are of composite actions. */
    isOneStep?: boolean;
  } = {},
): Promise<{ segments: LogSegment[]; lastLine: number }> {
  const segmenter = new Segmenter(
    options.bounds ?? [],
    options.isOneStep ?? false,
  );
  await forEachLine(log, segmenter.write);
  return { segments: segmenter.segments, lastLine: segmenter.lastLine };
}
