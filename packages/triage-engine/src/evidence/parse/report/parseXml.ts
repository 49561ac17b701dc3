// SPDX-License-Identifier: Apache-2.0
import type { FindingTool } from '@greenroom/plugin-triage-common';
import { banditFinding } from '../bandit/parseBandit';
import { flake8Severity } from '../flake8/flake8Severity';
import { parseGitleaks } from '../gitleaks/parseGitleaks';
import { hadolintUrl } from '../hadolint/parseHadolint';
import { createFinding } from '../shared/createFinding';
import { hadolintSeverity } from '../shared/severity';
import type { ToolResult } from '../shared/types';
import { readXml, type XmlElement, xmlRoot } from './readXml';

/** Which tool wrote XML, by its root: `junit` for any other test suites. */
export function xmlTool(text: string): FindingTool | undefined {
  const head = text.slice(0, 5000);
  const root = xmlRoot(head.replace(/<[?!][^>]{0,1000}>/g, ''));
  if (/^<checkstyle\b/.test(root)) {
    return /\bsource="(?:DL|SC)\d{4}"/.test(text) ? 'hadolint' : 'flake8';
  }
  if (!/^<testsuites?\b/.test(root)) {
    return undefined;
  }
  const name = /<testsuite\b[^>]{0,500}?\bname="(bandit|gitleaks)"/.exec(head);
  return (name?.[1] as 'bandit' | 'gitleaks' | undefined) ?? 'junit';
}

/** Reads bandit's `xml`, gitleaks' `junit` and the `checkstyle` of hadolint and flake8. */
export function parseXml(text: string, tool: FindingTool): ToolResult {
  const result: ToolResult = { findings: [], errors: [] };
  readXml(text, (element, around) => {
    const parent = around.at(-1);
    if (tool === 'bandit' && element.name === 'error' && parent) {
      result.findings.push(banditElement(element, parent));
    } else if (tool === 'gitleaks' && element.name === 'failure') {
      // Its text is what `json` has of a leak.
      const leak: unknown = JSON.parse(element.text);
      result.findings.push(...parseGitleaks(leak).findings);
    } else if (element.name === 'error' && parent?.name === 'file') {
      result.findings.push(checkstyleElement(element, parent, tool));
    }
  });
  return result;
}

/** `Test ID: B404 Severity: LOW Confidence: HIGH`, `CWE: …`, text, `Location path:1`. */
function banditElement(error: XmlElement, test: XmlElement) {
  const { text, attributes } = error;
  const place = /^Location (.{1,1000}):(\d{1,9})$/m.exec(text);
  return banditFinding({
    test_id: /^Test ID: (\w{1,20})/.exec(text.trimStart())?.[1],
    test_name: test.attributes.name,
    issue_severity: attributes.type,
    issue_confidence: /Confidence: (\w{1,20})/.exec(text)?.[1],
    issue_text: attributes.message,
    issue_cwe: { id: /^CWE: CWE-(\d{1,5})/m.exec(text)?.[1] },
    filename: place?.[1] ?? test.attributes.classname,
    line_number: place?.[2],
    more_info: attributes.more_info,
  });
}

function checkstyleElement(
  error: XmlElement,
  file: XmlElement,
  tool: FindingTool,
) {
  const {
    source = '',
    severity,
    message = '',
    line,
    column,
  } = error.attributes;
  const isHadolint = tool === 'hadolint';
  return createFinding({
    tool,
    kind: isHadolint ? 'misconfiguration' : 'lint',
    rule: source,
    severity: isHadolint ? hadolintSeverity(severity) : flake8Severity(source),
    message,
    file: file.attributes.name,
    line: Number(line ?? 0),
    column: Number(column ?? 0),
    url: isHadolint ? hadolintUrl(source) : undefined,
  });
}
