import type { Finding } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../logs/types';
import { AntReader } from './tests/AntReader';
import { AvaReader } from './tests/AvaReader';
import { CargoReader } from './tests/CargoReader';
import { splitChannel } from './tests/channel';
import { DotnetReader } from './tests/DotnetReader';
import type { FrameworkReader } from './tests/FrameworkReader';
import { GoogleTestReader } from './tests/GoogleTestReader';
import { GoTestJsonReader } from './tests/GoTestJsonReader';
import { GoTestReader } from './tests/GoTestReader';
import { GradleReader } from './tests/GradleReader';
import { JestReader } from './tests/JestReader';
import { JUnitConsoleReader } from './tests/JUnitConsoleReader';
import { KarmaMochaReader } from './tests/KarmaMochaReader';
import { KarmaReader } from './tests/KarmaReader';
import { MochaReader } from './tests/MochaReader';
import { NodeTapReader } from './tests/NodeTapReader';
import { NodeTestReader } from './tests/NodeTestReader';
import { PhpUnitReader } from './tests/PhpUnitReader';
import { PlaywrightReader } from './tests/PlaywrightReader';
import { PytestReader } from './tests/PytestReader';
import { RubyReader } from './tests/RubyReader';
import { ScalaReader } from './tests/ScalaReader';
import { SurefireReader } from './tests/SurefireReader';
import { TapReader } from './tests/TapReader';
import { TestNgReader } from './tests/TestNgReader';
import { TestRuns } from './tests/TestRuns';
import { UnittestReader } from './tests/UnittestReader';
import { VitestReader } from './tests/VitestReader';
import type { ConsoleReader, ParseResult } from './types';

const MAX_LINE = 2000;
const MAX_CHANNELS = 32;
// eslint-disable-next-line no-control-regex
const MOVES = /\x1b\[[0-9;?]{0,20}[A-Za-z]/g;

/**
 * Reads what test frameworks print on a console: one summary for each run, with
 * the names of the tests that failed. Knows pytest, unittest (nose, Django,
 * trial), Surefire and Failsafe, Gradle, Ant, TestNG, JUnit, `go test`, gotestsum,
 * Jest, Vitest, Mocha, Karma, Jasmine, Playwright, AVA, Node's runner, TAP, RSpec, minitest,
 * PHPUnit, Rust's harness, .NET, GoogleTest, CTest, ScalaTest and sbt.
 *
 * Lines come without time stamps and colours. A new step of GitHub Actions closes
 * the runs of the one before.
 *
 * @public
 */
export class TestConsoleReader implements ConsoleReader {
  private readonly runs: TestRuns;
  private readonly channels = new Map<string, FrameworkReader[]>();

  constructor(options: { source: string }) {
    this.runs = new TestRuns(options.source);
  }

  write(line: LogLine): void {
    if (line.text.startsWith('##[group]Run ')) this.close();
    const whole = line.text;
    const cut = whole.length > MAX_LINE ? whole.slice(0, MAX_LINE) : whole;
    const { channel, text } = splitChannel(withoutMoves(cut).trimEnd());
    const json = text.startsWith('{"');
    const said = {
      number: line.number,
      text: json ? whole.slice(cut.length - cut.trimStart().length) : text,
    };
    for (const reader of this.readers(channel)) reader.write(said);
  }

  end(): ParseResult {
    this.close();
    const { tests, errors } = this.runs.end();
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

  private close(): void {
    for (const readers of this.channels.values()) {
      for (const reader of readers) reader.end();
    }
    this.channels.clear();
  }

  private readers(channel: string): FrameworkReader[] {
    const known = this.channels.get(channel);
    if (known) return known;
    if (this.channels.size >= MAX_CHANNELS) return [];
    const { runs } = this;
    const readers = [
      new PytestReader(runs),
      new UnittestReader(runs),
      channel.startsWith('ant junit')
        ? new AntReader(runs)
        : new SurefireReader(runs),
      new GradleReader(runs),
      new JUnitConsoleReader(runs),
      new TestNgReader(runs),
      new GoTestReader(runs),
      new GoTestJsonReader(runs),
      new JestReader(runs),
      new VitestReader(runs),
      new MochaReader(runs),
      new KarmaReader(runs),
      new KarmaMochaReader(runs),
      new PlaywrightReader(runs),
      new AvaReader(runs),
      new NodeTestReader(runs),
      new TapReader(runs),
      new NodeTapReader(runs),
      new RubyReader(runs),
      new PhpUnitReader(runs),
      new CargoReader(runs),
      new DotnetReader(runs),
      new GoogleTestReader(runs),
      new ScalaReader(runs),
    ];
    this.channels.set(channel, readers);
    return readers;
  }
}

/** Reporters that redraw their last line move up first. */
function withoutMoves(text: string): string {
  return text.includes('\x1b') ? text.replace(MOVES, '') : text;
}
