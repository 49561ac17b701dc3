// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../../logs/types';
import { evidenceOf } from '../shared/evidenceOf';
import type { FindingCollector } from '../shared/FindingCollector';
import { severityOf } from '../shared/severity';
import type { ToolConsole } from '../shared/types';
import { snykKind } from './snykKind';
import { splitPackage } from './splitPackage';

/** `  ✗ Title (new) [High Severity][https://…/vuln/ID] in name@version`, also of `iac`: `[id]`. */
const ISSUE =
  /^ {0,4}✗ (.{1,500}?)(?: \(new\))? \[(Critical|High|Medium|Low) Severity[^\]]{0,40}\] ?\[([^\]\s]{1,400})\](?: in (.{1,300}))?$/;
/** `✗ High severity vulnerability found in name`, of licences `issue`. */
const OLD_ISSUE =
  /^ {0,4}✗ (Critical|High|Medium|Low) severity(?: \(originally \w{1,10}\))? (vulnerability|issue) found in (\S{1,300})/;
/** ` ✗ [High] Title`, of `snyk code test`; of `iac` without the sign. */
const CODE_ISSUE = /^ {1,4}(✗ )?\[(Critical|High|Medium|Low)\] (.{1,500})$/i;
const SIGN = /^ {0,4}(?:✗|\[)/;
/** What its lines start with: a cheap test that most lines of a log fail. */
const STARTS = new Set([...' ✗✔✓TLIP'].map(each => each.charCodeAt(0)));
const DETAIL =
  /^ {2,6}(Description|Info|From|Fixed in|Path|File|Rule|Finding ID): {1,8}(\S.{0,1000})$/;
const FIXED = /^ {1,4}This issue was fixed in versions: (.{1,500})$/;
const UPGRADE = /^ {1,4}(?:Upgrade|Pin) (\S{1,300}) to (\S{1,300}) to fix/;
const TESTED =
  /^(?:✔ |✓ )?Tested .{1,500} for known (?:issues|vulnerabilities), (?:found (\d{1,9})|no vulnerable|none)/;
const CODE_PLACE = /^(.{1,1000}?)(?:, line (\d{1,9})|:(\d{1,9}))?$/;

/** Reads what `snyk test`, `container test`, `code test` and `iac test` print. */
export class SnykConsole implements ToolConsole {
  recognised = false;
  #issue: Finding | undefined;
  #upgrade: [string, string] | undefined;
  #licenses = false;
  /** What was printed of a project: an issue stands below every upgrade that mends it. */
  readonly #printed = new Set<string>();
  #expected = 0;
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (!STARTS.has(text.charCodeAt(0)) || text.length > 4000) {
      return;
    }
    if (SIGN.test(text)) {
      this.#start(line);
    } else if (text.startsWith('License issues:')) {
      this.#licenses = true;
    } else if (text.startsWith('Testing ')) {
      // Another project may have the same issues.
      this.#flush();
      this.#printed.clear();
    } else if (text.startsWith('Issues ') || text.startsWith('Patchable ')) {
      this.#licenses = false;
      this.#upgrade = undefined;
    } else if (TESTED.test(text)) {
      this.#summary(text);
    } else if (text.startsWith(' ')) {
      this.#detail(text);
    }
  }

  end(): void {
    this.#flush();
    this.#into.expect('snyk', this.#expected, '');
  }

  #start(line: LogLine): void {
    const finding = this.#read(line.text);
    if (finding) {
      this.#flush();
      this.recognised = true;
      this.#issue = {
        ...finding,
        evidence: evidenceOf(this.#into.source, line),
      };
    }
  }

  #read(text: string): Finding | undefined {
    const issue = ISSUE.exec(text);
    if (issue) {
      const [, message, severity, address, name] = issue;
      const rule = address.slice(address.lastIndexOf('/') + 1);
      return {
        tool: 'snyk',
        kind: snykKind(rule, this.#licenses ? 'license' : 'sca'),
        rule,
        severity: severityOf(severity),
        message,
        url: address,
        ...splitPackage(name, this.#upgrade),
      };
    }
    const old = OLD_ISSUE.exec(text);
    if (old) {
      const [, severity, what, name] = old;
      const kind = what === 'issue' ? 'license' : 'sca';
      const message = `${what} found in ${name}`;
      return {
        tool: 'snyk',
        kind,
        rule: '',
        severity: severityOf(severity),
        message,
        ...splitPackage(name),
      };
    }
    const code = CODE_ISSUE.exec(text);
    return code
      ? {
          tool: 'snyk',
          kind: code[1] ? 'sast' : 'misconfiguration',
          rule: code[3],
          severity: severityOf(code[2]),
          message: code[3],
        }
      : undefined;
  }

  #detail(text: string): void {
    const upgrade = UPGRADE.exec(text);
    if (upgrade) {
      this.#flush();
      this.#upgrade = [upgrade[1], upgrade[2]];
      return;
    }
    const issue = this.#issue;
    const fixed = FIXED.exec(text);
    const detail = DETAIL.exec(text);
    if (issue && fixed) {
      issue.fixedVersion = fixed[1].split(',')[0];
    } else if (issue && detail) {
      this.#fill(issue, detail[1], detail[2]);
    }
  }

  #fill(issue: Finding, key: string, value: string): void {
    const isDependency = issue.kind === 'sca' || issue.kind === 'license';
    if (key === 'Description' && isDependency) {
      issue.message = value;
    } else if (key === 'Info' && isDependency) {
      issue.url = value;
      issue.rule ||= value.slice(value.lastIndexOf('/') + 1);
      issue.kind = snykKind(issue.rule, issue.kind);
    } else if (key === 'Info' || (key === 'Description' && !isDependency)) {
      issue.message = `${issue.message}: ${value}`;
    } else if (key === 'Rule') {
      issue.url = value;
    } else if (key === 'Fixed in') {
      issue.fixedVersion = value.split(',')[0];
    } else if (key === 'From' && isDependency) {
      const last = value.split(' > ').at(-1) ?? '';
      issue.version ??= splitPackage(last).version;
    } else if ((key === 'Path' || key === 'File') && !isDependency) {
      const [, file, comma, colon] = CODE_PLACE.exec(value) ?? [];
      if (key === 'File' || issue.kind === 'sast') {
        issue.file = file;
        issue.line = Number(comma ?? colon ?? 0);
      }
    }
  }

  #summary(text: string): void {
    const match = TESTED.exec(text);
    if (match) {
      this.recognised = true;
      this.#expected += Number(match[1] ?? 0);
    }
  }

  #flush(): void {
    const issue = this.#issue;
    this.#issue = undefined;
    if (!issue) {
      return;
    }
    const { rule, file, line } = issue;
    const key = [rule, issue.package, issue.version, file, line].join(' ');
    if (!this.#printed.has(key)) {
      this.#printed.add(key);
      this.#into.add(issue);
    }
  }
}
