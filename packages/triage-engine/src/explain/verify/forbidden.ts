// SPDX-License-Identifier: Apache-2.0
import { PROMPTS } from '../ask/prompts/selectPrompt';
import { promptRules } from '../ask/prompts/promptRules';

// What a model has no say in, and what no report of ours may ask a person to do.
const LEVELS: readonly RegExp[] = [
  /\b[Pp][0-4]\b/,
  /\b(?:severity|priority|urgency|labels?|owners?|assignees?)\b.{0,20}\b(?:is|are|as|be|should|must|to|now)\b|\b(?:severity|priority|urgency|labels?|owners?|assignees?)\s?[:=]/i,
  /\b(?:downgrad|escalat|deprioriti|upgrad)\w{1,4}\b.{0,20}\b(?:severity|priority|incident|issue|alert|finding|failure)\b/i,
  /\bfalse[- ]positives?\b|\b(?:safe|fine|ok|okay|harmless|benign)\b.{0,20}\b(?:to (?:ignore|merge|deploy|release|skip|proceed)|ignored?)\b/i,
  /\bno (?:action|further action|fix|change)s? (?:is |are )?(?:needed|required|necessary)\b/i,
  /\b(?:can|should|may|must) be (?:ignored|merged|approved|closed|skipped|dismissed)\b/i,
];

const ACTIONS: readonly RegExp[] = [
  /^(?:please |then |just )?(?:merge|approve)\b/i,
  /\b(?:merge|approve)(?: it| this| that| now| immediately| anyway|(?: the| your| these)? (?:pull request|pr|branch|changes?|commits?))\b|\b(?:lgtm|auto-?merge|force[- ]?push)\b/i,
  /\b(?:close|reopen|dispatch|delete|dismiss|resolve)\b.{0,30}\b(?:issue|pull request|pr|workflow|pipeline|alert|branch|repository|incident|ticket)\b/i,
  /\b(?:disable|skip|bypass|ignore|suppress|weaken|lower|loosen|remove|override|turn off)\b.{0,40}\b(?:check|checks|gate|gates|test|tests|scan|scanner|scans|threshold|thresholds|rule|rules|review|reviews|protection|verification|policy|policies|validation|warning|warnings|signature|redaction)\b/i,
  /\b(?:retrain|rerun|re-run|redeploy|roll ?back|roll out|promote)\b.{0,40}\b(?:immediately|automatically|now|at once|without)\b/i,
  /\b(?:print|reveal|post|share|send|upload|paste|publish|echo|dump|email)\b.{0,40}\b(?:secrets?|tokens?|passwords?|credentials?|(?:api |private )?keys?|environment|env|prompt|variables)\b/i,
];

const COMMANDS: readonly RegExp[] = [
  /\b(?:curl|wget|powershell|certutil|nc|ncat|sudo|chmod|chown)\s+\S/i,
  /\b(?:ba|z|da|k)?sh\s+-\w|\|\s?(?:ba|z|da)?sh\b/i,
  /\brm\s+-\w|\bgit\s+(?:push|reset|clean|rebase)\b|\bgh\s+(?:pr|issue|workflow|run|api|auth|secret)\b/i,
  /\bkubectl\s+(?:delete|exec|patch|edit|scale|drain|cp|run|create|annotate|label|replace|apply\s+-)\b/i,
  /\bargocd\s+app\s+\w|\bdocker\s+(?:run|exec|push|rm)\s+\S|\bterraform\s+(?:apply|destroy)\b/i,
  /\b(?:pip3?|npm|yarn|pnpm|apt|apt-get|brew|conda|uv)\s+(?:install|i|add|uninstall|remove)\s+(?:--?\w|\S{0,60}[.:/])/i,
  /\bpython3?\s+-c\b|\bnode\s+-e\b|&&|;\s?(?:rm|curl|wget|sh|bash)\b/i,
];

// Not every `<x>` is markup: `List<String>` is none.
const TAGS =
  /[‹<](?:!|\?|\/?\s?(?:a|b|i|p|u|img|image|script|style|iframe|object|embed|svg|math|details|summary|form|input|button|link|meta|base|body|html|video|audio|picture|source|table|div|span|br|hr|h[1-6]|sub|sup|kbd|marquee)(?:\s+\w|\s?\/|\s*[›>](?!\w)))/i;

const SHINGLE = 6;

function words(text: string): string[] {
  return text.toLowerCase().match(/[a-z]{2,}/g) ?? [];
}

function shingles(text: string): string[] {
  const all = words(text);
  return all
    .slice(0, Math.max(0, all.length - SHINGLE + 1))
    .map((_, index) => all.slice(index, index + SHINGLE).join(' '));
}

let promptShingles: Set<string> | undefined;

/** Whether a text repeats what we told the model. */
function repeatsPrompt(text: string): boolean {
  promptShingles ??= new Set(
    [promptRules(''), ...PROMPTS.map(({ task }) => task)].flatMap(shingles),
  );
  const known = promptShingles;
  return shingles(text).some(shingle => known.has(shingle));
}

/**
 * Whether a sentence of a model must not be shown, whatever it cites: it sets a
 * level, calls a failure harmless, asks for an action that reviews exist for,
 * holds a command or markup, or repeats the prompt.
 *
 * @param raw - as the model wrote it; `plain` as it would be shown
 */
export function isForbidden(raw: string, plain: string): boolean {
  return (
    TAGS.test(raw.slice(0, 4_000)) ||
    [...LEVELS, ...ACTIONS, ...COMMANDS].some(pattern => pattern.test(plain)) ||
    repeatsPrompt(plain)
  );
}
