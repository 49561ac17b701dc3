// SPDX-License-Identifier: Apache-2.0
import type {
  Claim,
  Evidence,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { MISSING_INFORMATION, type ModelAnswer } from '../ask/modelAnswer';
import { promptSuspects } from '../ask/promptIds';
import type { Redactor } from '../../redact/types';
import { checkEvidence } from './checkEvidence';
import { isForbidden } from './forbidden';
import { citedLine, Grounding } from './grounding';
import { isHostileText } from './hostileText';
import { plainStatement } from './plainStatement';
import { Taint } from './Taint';

const MAX_CLAIMS = 8;
const MAX_STEPS = 6;
const MAX_EVIDENCE = 4;
const MAX_STATEMENT_CHARACTERS = 400;
const MAX_STEP_CHARACTERS = 300;
const MAX_MISSING = 5;
const MIN_WORDS = 4;
const MAX_WORD_CHARACTERS = 160;

interface Said {
  evidence: ModelAnswer['rootCause']['evidence'];
  text: string;
}

interface Proven {
  text: string;
  evidence: Evidence[];
  /** Whether something that it cited was not found. */
  partly: boolean;
  /** Whether something in the draft speaks to the model. */
  isSteered: boolean;
}

class Verifier {
  /** What was said and not proven. */
  dropped = 0;
  readonly #grounding: Grounding;
  readonly taint: Taint;
  readonly #draft: TriageReport;
  readonly #redactor: Redactor;

  constructor(draft: TriageReport, redactor: Redactor) {
    this.#draft = draft;
    this.#redactor = redactor;
    this.#grounding = new Grounding(draft);
    this.taint = new Taint(draft);
  }

  /** What a model said, if its quotes prove it; counted if they do not. */
  prove(said: Said, maxCharacters: number): Proven | undefined {
    const proven = this.#check(said, maxCharacters);
    this.dropped += proven ? 0 : 1;
    return proven;
  }

  #check({ evidence, text }: Said, maxCharacters: number): Proven | undefined {
    const found = unique(
      evidence.flatMap(cited => checkEvidence(this.#draft, cited) ?? []),
    );
    if (found.length === 0) {
      return undefined;
    }
    const redacted = this.#redactor.redact(text);
    const plain = this.#redactor.redact(
      plainStatement(redacted, maxCharacters),
    );
    const lines = found.flatMap(cited => citedLine(this.#draft, cited) ?? []);
    if (
      !isSentence(plain) ||
      isHostileText(text) ||
      this.taint.isIn(plain) ||
      isForbidden(text, plain) ||
      !this.#grounding.supports(plain, lines)
    ) {
      return undefined;
    }
    return {
      text: plain,
      evidence: found.slice(0, MAX_EVIDENCE).map(cited => ({
        ...cited,
        quote: this.#redactor.redact(cited.quote),
      })),
      partly: found.length < evidence.length,
      isSteered: this.taint.isPresent,
    };
  }
}

function unique(evidence: Evidence[]): Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ source, line }) => {
    const key = `${line} ${source}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

// A name or a heap of letters explains nothing.
function isSentence(text: string): boolean {
  const words = text.split(' ');
  return (
    words.filter(word => /\p{L}{2}/u.test(word)).length >= MIN_WORDS &&
    words.every(word => word.length <= MAX_WORD_CHARACTERS)
  );
}

// A model's own confidence counts only as far as its citations hold.
function confidence(
  said: Claim['confidence'],
  { evidence, partly, isSteered }: Proven,
): Claim['confidence'] {
  if (isSteered) {
    return 'low';
  }
  const atMost = partly || evidence.length < 2 ? 'medium' : 'high';
  return said === 'high' ? atMost : said;
}

function toClaim(said: Claim['confidence'], proven: Proven): Claim {
  return {
    statement: proven.text,
    evidence: proven.evidence,
    confidence: confidence(said, proven),
  };
}

function rootCause(
  draft: TriageReport,
  answer: ModelAnswer,
  verifier: Verifier,
): TriageReport['rootCause'] {
  const { evidence, outcome, statement } = answer.rootCause;
  const proven =
    outcome === 'identified'
      ? verifier.prove({ evidence, text: statement }, MAX_STATEMENT_CHARACTERS)
      : undefined;
  // Where something steers the model, what rules found is the safer cause.
  const isKept =
    draft.rootCause.outcome === 'identified' && verifier.taint.isPresent;
  if (proven && !isKept) {
    return {
      outcome: 'identified',
      ...toClaim(answer.rootCause.confidence, proven),
    };
  }
  if (draft.rootCause.outcome === 'identified') {
    return draft.rootCause;
  }
  return {
    ...draft.rootCause,
    missing: [
      ...new Set([
        ...draft.rootCause.missing,
        ...answer.missing
          .slice(0, MAX_MISSING)
          .map(id => MISSING_INFORMATION[id]),
        ...(outcome === 'identified'
          ? ['The model named a cause that none of the kept lines proves.']
          : []),
      ]),
    ],
  };
}

// A commit whose message speaks to the model keeps its place.
function suspects(
  draft: TriageReport,
  answer: ModelAnswer,
): TriageReport['suspects'] {
  const known = promptSuspects(draft);
  const chosen = [...new Set(answer.suspects)].flatMap(id => {
    const suspect = known.find(entry => entry.id === id)?.suspect;
    return suspect && suspect.score > 0 ? [suspect] : [];
  });
  const steered = known.some(({ suspect }) => isHostileText(suspect.message));
  return steered
    ? draft.suspects
    : [
        ...chosen,
        ...draft.suspects.filter(suspect => !chosen.includes(suspect)),
      ];
}

/**
 * A draft with what a model said of it, as far as its quotes stand in the kept
 * lines. Type, signature, severity, priority, labels, owner, findings and the
 * list of suspects are the draft's, whatever the model said.
 *
 * @param options - `draft`: made by rules, with `ai` of this answer
 * @returns the draft with root cause, claims and next steps; what was not proven
 * is counted in `ai.droppedClaims`
 */
export function verifyAnswer(options: {
  draft: TriageReport;
  answer: ModelAnswer;
  redactor: Redactor;
}): TriageReport {
  const { draft, answer, redactor } = options;
  const verifier = new Verifier(draft, redactor);
  const cause = rootCause(draft, answer, verifier);
  const claims = answer.claims.flatMap(({ evidence, statement, ...claim }) => {
    const proven = verifier.prove(
      { evidence, text: statement },
      MAX_STATEMENT_CHARACTERS,
    );
    return proven ? [toClaim(claim.confidence, proven)] : [];
  });
  const steps = answer.nextSteps.flatMap(({ evidence, text }) => {
    const proven = verifier.prove({ evidence, text }, MAX_STEP_CHARACTERS);
    return proven
      ? [{ text: proven.text, by: 'model' as const, evidence: proven.evidence }]
      : [];
  });
  return {
    ...draft,
    rootCause: cause,
    claims: [...draft.claims, ...claims.slice(0, MAX_CLAIMS)],
    nextSteps: [...draft.nextSteps, ...steps.slice(0, MAX_STEPS)],
    suspects: suspects(draft, answer),
    ai: {
      ...draft.ai,
      droppedClaims: draft.ai.droppedClaims + verifier.dropped,
    },
  };
}
