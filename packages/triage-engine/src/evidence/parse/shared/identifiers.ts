// SPDX-License-Identifier: Apache-2.0
const ADVISORY =
  /\b(?:CVE-\d{4}-\d{4,10}|GHSA(?:-[0-9a-z]{4}){3}|CWE-\d{1,5})\b/gi;
/** CodeQL's way to tag: `external/cwe/cwe-079`. */
const CWE_TAG = /^(?:external\/cwe\/)?cwe-0{0,4}(\d{1,5})$/i;

/** CVE, GHSA and CWE numbers that stand in a text, without repetition. */
export function advisoriesIn(text: string): string[] {
  const found = text.slice(0, 20_000).match(ADVISORY) ?? [];
  return [...new Set(found.map(canonical))];
}

/** A CWE of a tag or number: `external/cwe/cwe-079` and `79` are `CWE-79`. */
export function cweOf(text: string): string | undefined {
  const number = /^\d{1,5}$/.test(text) ? text : CWE_TAG.exec(text)?.[1];
  return number && Number(number) > 0 ? `CWE-${Number(number)}` : undefined;
}

function canonical(id: string): string {
  return /^ghsa/i.test(id)
    ? `GHSA${id.slice(4).toLowerCase()}`
    : id.toUpperCase();
}
