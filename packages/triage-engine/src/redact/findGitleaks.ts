// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, groupRange, runBefore } from './detection';
import gitleaks from './gitleaks.json';
import { KeywordFinder } from './KeywordFinder';
import { entropy, isIdentifier } from './randomness';

interface Allowlist {
  target: string;
  regexes?: string[][];
  stopwords?: string[];
}

interface Rule {
  id: string;
  source: string;
  flags: string;
  keywords: string[];
  /** The name before the value makes it a secret, not its form. */
  named?: boolean;
  entropy?: number;
  secretGroup?: number;
  allowlists?: Allowlist[];
}

const RULES: Rule[] = gitleaks.rules;
const GLOBAL: Allowlist = gitleaks.allowlist;

/** Ids of the rules, which are the kinds of their placeholders. */
export const GITLEAKS_KINDS = RULES.map(rule => rule.id);

/** gitleaks looks at fragments of a file: what is further away says nothing. */
const NEAR = 120;

const compiled = new Map<string, RegExp>();

function compile(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  let pattern = compiled.get(key);
  if (!pattern) {
    pattern = new RegExp(source, flags);
    compiled.set(key, pattern);
  }
  return pattern;
}

interface Match {
  secret: string;
  match: string;
  line: string;
}

function allows(list: Allowlist, found: Match): boolean {
  const target = found[list.target as keyof Match] ?? found.secret;
  return (
    (list.regexes ?? []).some(([source, flags]) =>
      compile(source, flags).test(target),
    ) ||
    (list.stopwords ?? []).some(word =>
      found.secret.toLowerCase().includes(word),
    )
  );
}

function lineAround(text: string, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - 500), start);
  const after = text.slice(start, end + 500);
  const from = before.lastIndexOf('\n') + 1;
  const to = after.indexOf('\n', end - start);
  return before.slice(from) + (to < 0 ? after : after.slice(0, to));
}

function secretRange(
  rule: Rule,
  match: RegExpMatchArray,
): [number, number] | undefined {
  if (rule.secretGroup) {
    return groupRange(match, rule.secretGroup);
  }
  for (let group = 1; group < match.length; group++) {
    if (match[group]) {
      return groupRange(match, group);
    }
  }
  return groupRange(match, 0);
}

// The digest of a cache's key or an object's, not a credential's.
function isDigest({ secret, match }: Match): boolean {
  const [name] = match.split(secret);
  return (
    (!/secret|token|passw|api.?key|access.?key|auth|cred/i.test(match) ||
      (/cert|digest|checksum|fingerprint/i.test(name) &&
        !/passw/i.test(name))) &&
    secret.split(/[-:/.@_=]/).some(isIdentifier)
  );
}

function apply(rule: Rule, text: string, lower: string): Detection[] {
  const found: Detection[] = [];
  const pattern = compile(rule.source, `${rule.flags}gd`);
  for (const match of text.matchAll(pattern)) {
    const [start, end] = secretRange(rule, match) ?? [0, 0];
    const secret = text.slice(start, end);
    const near = lower.slice(
      Math.max(0, start - NEAR),
      Math.min(lower.length, end + NEAR),
    );
    const candidate = {
      // gitleaks' own match begins with the name.
      secret,
      match: runBefore(text, match.index, /[\w.-]/, 50) + match[0],
      line: lineAround(text, start, end),
    };
    if (
      rule.keywords.some(keyword => near.includes(keyword)) &&
      (rule.entropy === undefined || entropy(secret) > rule.entropy) &&
      // Without a bound on entropy a name before it would make any word one.
      (!rule.named || rule.entropy !== undefined || /\d/.test(secret)) &&
      !(rule.id === 'generic-api-key' && isDigest(candidate)) &&
      ![GLOBAL, ...(rule.allowlists ?? [])].some(list =>
        allows(list, candidate),
      )
    ) {
      found.push({
        start,
        end,
        kind: rule.id,
        secret,
        certain: !rule.named,
        guessed: rule.named,
      });
    }
  }
  return found;
}

let finder: KeywordFinder | undefined;

/** Secrets as gitleaks finds them: by keyword, expression and entropy. */
export const findGitleaks: Detector = (text, lower) => {
  finder ??= new KeywordFinder(RULES.flatMap(rule => rule.keywords));
  const words = finder.in(text);
  return words.size === 0
    ? []
    : RULES.filter(rule => rule.keywords.some(word => words.has(word))).flatMap(
        rule => apply(rule, text, lower),
      );
};
