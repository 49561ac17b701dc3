// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../logs/types';
import { withoutMoves } from '../../text/escapes';
import { GradleReader } from '../../toolchains/jvm/GradleReader';
import { JUnitConsoleReader } from '../../toolchains/jvm/JUnitConsoleReader';
import { SurefireReader } from '../../toolchains/jvm/SurefireReader';
import { JestReader } from '../../toolchains/node/JestReader';
import { MochaReader } from '../../toolchains/node/MochaReader';
import { PytestReader } from '../../toolchains/python/PytestReader';
import { UnittestReader } from '../../toolchains/python/UnittestReader';
import { splitChannel } from '../../toolchains/testing/channel';
import type { FrameworkReader } from '../../toolchains/testing/FrameworkReader';
import { TestRuns } from '../../toolchains/testing/TestRuns';
import type { ConsoleReader, ParseResult } from './types';

const MAX_LINE = 2000;
const MAX_CHANNELS = 32;

/**
 * Reads what test frameworks print on a console: one summary for each run, with
 * the names of the tests that failed. Knows pytest, unittest (nose, Django,
 * trial), Surefire and Failsafe, Gradle, JUnit 5's console launcher, Jest and
 * Mocha; of any other framework, a JUnit file says the same.
 *
 * Lines come without time stamps and colours. A new step of GitHub Actions closes
 * the runs of the one before.
 */
export class TestConsoleReader implements ConsoleReader {
  readonly #runs: TestRuns;
  readonly #channels = new Map<string, FrameworkReader[]>();

  constructor(options: { source: string }) {
    this.#runs = new TestRuns(options.source);
  }

  write(line: LogLine): void {
    if (line.text.startsWith('##[group]Run ')) {
      this.#close();
    }
    const cut = line.text.slice(0, MAX_LINE);
    const { channel, text } = splitChannel(withoutMoves(cut).trimEnd());
    for (const reader of this.#readers(channel)) {
      reader.write({ number: line.number, text });
    }
  }

  end(): ParseResult {
    this.#close();
    const { tests, errors } = this.#runs.end();
    const findings = tests
      .filter(run => run.framework === 'pytest')
      .flatMap(run => run.failedTests)
      .map((test): Finding => ({
        tool: 'pytest',
        kind: 'test',
        rule: test.name,
        message: test.message ?? '',
        severity: 'unknown',
        file: test.file,
        line: test.line,
        evidence: test.evidence,
      }));
    return { findings, tests, errors };
  }

  #close(): void {
    for (const readers of this.#channels.values()) {
      for (const reader of readers) {
        reader.end();
      }
    }
    this.#channels.clear();
  }

  #readers(channel: string): FrameworkReader[] {
    const known = this.#channels.get(channel);
    if (known) {
      return known;
    }
    if (this.#channels.size >= MAX_CHANNELS) {
      return [];
    }
    const runs = this.#runs;
    const readers = [
      new PytestReader(runs),
      new UnittestReader(runs),
      new SurefireReader(runs),
      new GradleReader(runs),
      new JUnitConsoleReader(runs),
      new JestReader(runs),
      new MochaReader(runs),
    ];
    this.#channels.set(channel, readers);
    return readers;
  }
}
