// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import { at, textAt } from '../read/json';
import { distinct, lineEvidence, linesLike, quoted } from './helpers';
import type { Candidate } from './types';

/** The version that was asked for is not the one that is loaded. */
export function versionCauses(situation: Situation): Candidate[] {
  const asked = linesLike(
    situation,
    /(?:requested|expected|configured|MODEL_VERSION|model_version)[^\n]{0,40}[=: ]\d{1,6}\b/i,
  )[0];
  const variable = situation.containers.flatMap(
    ({ pod, spec, name, isOfSubject }) => {
      const env = at(spec, 'env');
      const found =
        isOfSubject && Array.isArray(env)
          ? env.find(
              each =>
                /MODEL_?VERSION/i.test(textAt(each, 'name') ?? '') &&
                textAt(each, 'value'),
            )
          : undefined;
      return found
        ? [
            {
              value: textAt(found, 'value') ?? '',
              evidence: situation.document.find(
                pod,
                name,
                `.env: ${textAt(found, 'name')}`,
              ),
            },
          ]
        : [];
    },
  )[0];
  const wanted =
    variable?.value ?? /[=: ](\d{1,6})\b/.exec(asked?.line.text ?? '')?.[1];
  const loaded = linesLike(
    situation,
    /(?:resolved|loaded|loading|serving|using|downloading)[^\n]{0,160}?version:? ?v?(\d{1,6})\b|->[^\n]{0,20}version (\d{1,6})/i,
    ({ isOfSubject }) => isOfSubject,
  )[0];
  const got =
    loaded &&
    /version:? ?v?(\d{1,6})\b/i.exec(
      loaded.line.text.replace(asked?.line.text ?? '\u0000', ''),
    )?.[1];
  if (
    !wanted ||
    !got ||
    !loaded ||
    wanted === got ||
    !/^v?\d{1,6}$/.test(wanted) ||
    wanted.replace('v', '') === got
  ) {
    return [];
  }
  const alias = /\blatest\b|@?champion|Production|\balias\b/i.exec(
    loaded.line.text,
  )?.[0];
  return [
    {
      rule: 'wrong-model-version',
      type: 'model-version',
      score: variable || alias ? 8.5 : 5,
      isProven: Boolean(variable ?? alias),
      statement: `The wrong model version is served: version ${wanted} is configured, but the server loaded version ${got}${alias ? `, since it resolves "${alias}" and ignores the configured version` : ''}: ${quoted(loaded.line.text)}.`,
      evidence: distinct([
        lineEvidence(loaded.log, loaded.line),
        ...(asked ? [lineEvidence(asked.log, asked.line)] : []),
        ...(variable?.evidence ?? []),
      ]),
      steps: [
        `Pin the explicit version ${wanted} where the server resolves the model${alias ? `, instead of ${alias}` : ''}, and check on start that it is the one that was loaded.`,
        `Until then archive or delete version ${got}, or move the alias.`,
      ],
    },
  ];
}
