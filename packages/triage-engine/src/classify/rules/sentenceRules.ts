// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from '../createContext';
import type { RuleLine } from '../readRuleLine';
import type { LineRule } from '../ruleTypes';
import { hintedTypes, NEEDS_FINDINGS } from './hintRules';

type Sentence = Omit<LineRule, 'scope'>;

/** That access was refused. */
export const REFUSED: Sentence = {
  id: 'says-refused',
  type: 'credentials',
  reason:
    'The line says that access was refused, or that nothing was there to ask with.',
  pattern:
    /\bunauthori[sz]ed|\bforbidden\b|\bpermissions?\b.{0,60}(?:required|missing|insufficient|denied)|not (?:authori[sz]ed|permitted)|(?:access|permission) (?:is |was )?denied|\b(?:missing|invalid|expired|bad|wrong|incorrect|no|without) (?:\w{1,20} ){0,3}(?:credentials?|tokens?|api[ _-]?keys?|passwords?|secrets?|licen[cs]e)\b|\b(?:tokens?|credentials?|passwords?|secrets?|certificates?|api[ _-]?keys?) (?:\w{1,20} ){0,3}(?:missing|expired|invalid|required|not (?:found|set|provided|configured|recogni[sz]ed))|authenticat\w{1,10} (?:failed|required|error)|log ?in (?:failed|required|denied)/i,
};

/** That something was waited for says what failed, not why: what was dumped later may. */
export const WAITED: Sentence = {
  id: 'rollout-timeout',
  type: 'timeout',
  reason: 'What was waited for did not become ready in the time allowed.',
  advice:
    'Look at the events and logs of what was waited for: the line does not say why.',
  pattern:
    /timed out (?:\(\d{1,6}s\) )?waiting|exceeded its progress deadline|did not become (?:ready|healthy)|(?:is|are) not ready after/i,
};

/** What an earlier step should have written is not there. */
export const LACKS =
  /^(?:Path does not exist|No files? (?:were |was )?found|No test report files were found|Unable to find (?:any )?artifact|Input file .{1,200} does not exist|File .{1,200}\.(?:sarif|xml|json) (?:does not exist|not found))/i;

/** What kind of error a sentence is about, by its words, whichever tool says it. */
const SENTENCES: Sentence[] = [
  {
    id: 'says-gate',
    type: 'gate',
    reason: 'The line says that a figure is not good enough.',
    pattern:
      /\b(?:accuracy|f1|auc|rmse|mae|mape|precision|recall|r2|drift|scores?|metrics?|coverage|latency|challenger|candidate)\b.{0,80}(?:\bbelow\b|\bexceeds?\b|less than|lower than|higher than|worse than|(?:does|did) not (?:beat|improve|meet|reach)|not met|regress|\d%? ?[<>]=? ?\d)/i,
  },
  {
    id: 'says-missing-module',
    type: 'build',
    reason: 'A module or package that the program needs is not there.',
    pattern:
      /\b(?:[Mm]odule|[Pp]ackage|[Dd]ependenc(?:y|ies)|[Ll]ibrar(?:y|ies)|lockfile|lock file)\b.{0,120}\b(?:not (?:found|installed|available)|missing|conflict|incompatible|out of date|needs to be updated|could not be|cannot be)|\b(?:[Cc]annot|[Cc]ould not|[Ff]ailed to|[Uu]nable to) (?:find|import|resolve|install|locate) (?:\w{1,20} ){0,2}(?:module|package|dependenc|librar)|cannot import name|solve for environment|nothing provides|uninstallable|conflicting dependencies/,
  },
  {
    id: 'says-data',
    type: 'data-loading',
    reason: 'The line says that the data are not as they have to be.',
    pattern:
      /\bpath does not exist\b|PATH_NOT_FOUND|\btable\b.{0,80}(?:not found|does not exist)|\bexpectations? (?:failed|were not met|not met)|\b(?:columns?|rows?|data ?frame|data ?set|records?)\b.{0,80}\b(?:missing|invalid|not (?:found|in)|null|empty|duplicated?|failed|mismatch)/i,
  },
  {
    id: 'says-no-file',
    type: 'data-loading',
    reason: 'A server does not give the file of data that the line names.',
    pattern:
      /\b(?:403|404|410)\b.{0,80}\bhttps?:\/\/\S{1,300}(?<!\.tar)\.(?:gz|csv|tsv|jsonl|parquet|npz|npy|h5|hdf5|pkl|tfrecord)\b/,
  },
  REFUSED,
  {
    id: 'says-too-long',
    type: 'timeout',
    reason: 'The line says that something took longer than it was allowed to.',
    pattern:
      /\btime[- ]?out (?:was )?(?:reached|exceeded|expired)|\btime limit (?:was )?(?:reached|exceeded)|\bexceeded (?:the |its )?(?:time ?limit|time ?out|maximum (?:run|execution) ?time)|\btook too long\b/i,
  },
  {
    id: 'says-setting',
    type: 'configuration',
    reason:
      'The line says that a setting, an argument or an input is not right.',
    pattern:
      /(?:unknown|invalid|unsupported|unexpected|missing|required|undefined) (?:\w{1,20} ){0,2}(?:flags?|options?|arguments?|commands?|inputs?|parameters?|choice|keys?|configuration|settings?|schemes?|variables?|versions?|formats?)\b|(?:flags?|options?|arguments?|inputs?|parameters?|variables?|settings?|versions?)\b.{0,60}\b(?:required|missing|unknown|invalid|not (?:set|supplied|provided|defined|supported|found|recogni[sz]ed))|\bconfig(?:uration)?\b|already exists|must be (?:set|one of|specified|provided)|\bdeprecated\b|is not (?:supported|compatible|recogni[sz]ed)|not (?:been )?accepted|out[- ]of[- ]date|outdated|\b(?:yaml|toml)\b.{0,60}(?:pars|invalid|error|syntax)|pars\w{1,5} .{0,60}\b(?:yaml|toml)\b/i,
  },
];

/** Steps whose error, if it is none of the above, is of what they are for. */
const OF_THE_STEP: FailureType[] = [
  'build',
  'training-error',
  'data-loading',
  'manifest',
  'argo-sync',
  'image-pull',
];

/** A script of the pipeline's own is wrong, whatever it is for. */
const PROGRAMMING_ERROR =
  /^(?:Name|Type|Attribute|Index|Key|Value|Reference|Assertion|ZeroDivision)Error\b/;

/** What their tools read is what is deployed: a wrong field of it is not a setting. */
const DEPLOYS: FailureType[] = ['manifest', 'argo-sync'];

/**
 * What a line that states an error is about, where no rule knows it: its words, else
 * what the failed command is for. A scanner or a test run that ended with an error of
 * its own found nothing.
 */
export function typeOfSentence(
  { text }: RuleLine,
  { purpose }: RuleContext,
): Sentence {
  const [hinted] = hintedTypes(purpose);
  const isProgram = hinted === 'training-error' || hinted === 'data-loading';
  const isOwnCode = !isProgram && PROGRAMMING_ERROR.test(text);
  const isScan = NEEDS_FINDINGS.includes(hinted);
  const said = SENTENCES.find(({ pattern }) => pattern.test(text));
  if (
    said &&
    !(isProgram && said.type === 'configuration') &&
    !(isScan && (said.type === 'build' || said.type === 'data-loading'))
  ) {
    return said.type === 'configuration' && DEPLOYS.includes(hinted)
      ? { ...said, id: 'says-manifest', type: hinted }
      : said;
  }
  return {
    id: 'error-line',
    type: OF_THE_STEP.includes(hinted) && !isOwnCode ? hinted : 'unknown',
    reason: 'The command that failed ended with this error.',
    pattern: /^/,
  };
}
