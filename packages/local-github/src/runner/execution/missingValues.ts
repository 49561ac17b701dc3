// SPDX-License-Identifier: Apache-2.0
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { BasicExpressionToken } from '@actions/workflow-parser/templates/tokens/basic-expression-token';
import type { ExpressionEvaluator } from '../expressions/ExpressionEvaluator';
import type { ActionsLanguage } from '../language';

/** What a job cannot have here. */
export interface Missing {
  hasSecret(name: string): boolean;
  /** Reason why a step was skipped by the local platform. */
  skippedStep(id: string): string | undefined;
  /** Whether `needs.<job>.outputs.<name>` would have come from such a step. */
  isUnavailable(path: string): boolean;
}

/**
 * Why a step cannot run: an expression of it needs a secret that is not set, or an output that a skipped step would have
 * given, and gives nothing without it (`${{ secrets.X || 'default' }}` gives something).
 */
export function findMissingValue(
  language: ActionsLanguage,
  tokens: (TemplateToken | undefined)[],
  evaluator: ExpressionEvaluator,
  missing: Missing,
): string | undefined {
  for (const expression of tokens.flatMap(token =>
    token ? expressionsOf(language, token) : [],
  )) {
    const reason = missingIn(expression, missing);
    if (reason && isEmpty(expression, evaluator)) {
      return reason;
    }
  }
  return undefined;
}

function expressionsOf(
  language: ActionsLanguage,
  token: TemplateToken,
): string[] {
  const { parser } = language;
  if (parser.isBasicExpression(token)) {
    const parts: BasicExpressionToken[] = token.originalExpressions ?? [token];
    return parts.map(part => part.expression);
  }
  if (parser.isMapping(token)) {
    return [...token].flatMap(({ value }) => expressionsOf(language, value));
  }
  if (parser.isSequence(token)) {
    return [...token].flatMap(item => expressionsOf(language, item));
  }
  return [];
}

function missingIn(expression: string, missing: Missing): string | undefined {
  const code = expression
    .replace(/\[\s*'([\w-]+)'\s*\]/g, '.$1')
    .replace(/'(?:[^']|'')*'/g, "''");
  for (const [, name] of code.matchAll(/\bsecrets\.([\w-]+)/gi)) {
    if (!missing.hasSecret(name)) {
      return `the secret ${name} is not set in this repository`;
    }
  }
  for (const [path, id] of code.matchAll(
    /\bsteps\.([\w-]+)\.outputs\.[\w-]+/gi,
  )) {
    if (missing.skippedStep(id)) {
      return `${path} would come from a step that the local platform skipped`;
    }
  }
  for (const [path] of code.matchAll(/\bneeds\.[\w-]+\.outputs\.[\w-]+/gi)) {
    if (missing.isUnavailable(path)) {
      return `${path} would come from a step that the local platform skipped`;
    }
  }
  return undefined;
}

function isEmpty(expression: string, evaluator: ExpressionEvaluator): boolean {
  const value = evaluator.evaluate(expression);
  return value === '' || value === null;
}
