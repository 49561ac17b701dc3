// SPDX-License-Identifier: Apache-2.0
import type { data as expressionData } from '@actions/expressions';
import type { Token } from '@actions/expressions/lexer';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { ActionsLanguage } from '../language';
import type { JsonObject, JsonValue } from '../types';

type ExpressionData = expressionData.ExpressionData;

/** A function that a context adds to the language, such as `success()`. */
export type ExpressionFunction = (...args: JsonValue[]) => JsonValue;

/** Every context that a workflow may name; one that is not given is empty. */
const contextNames = [
  'github',
  'env',
  'vars',
  'job',
  'jobs',
  'steps',
  'runner',
  'secrets',
  'strategy',
  'matrix',
  'needs',
  'inputs',
];

const functionNames = [
  'success',
  'failure',
  'always',
  'cancelled',
  'hashFiles',
];

/** Evaluates `${{ }}` with GitHub's own evaluator over plain JSON contexts. */
export class ExpressionEvaluator {
  readonly #language: ActionsLanguage;
  readonly #contexts: { [name: string]: JsonObject };
  readonly #functions: { [name: string]: ExpressionFunction };

  constructor(
    language: ActionsLanguage,
    contexts: { [name: string]: JsonObject },
    functions: { [name: string]: ExpressionFunction } = {},
  ) {
    this.#language = language;
    this.#contexts = contexts;
    this.#functions = functions;
  }

  /** The same with further or other contexts. */
  with(contexts: { [name: string]: JsonObject }): ExpressionEvaluator {
    return new ExpressionEvaluator(
      this.#language,
      { ...this.#contexts, ...contexts },
      this.#functions,
    );
  }

  /** The value of an expression written without `${{ }}`. */
  evaluate(expression: string): JsonValue {
    return this.#toJson(this.#run(expression));
  }

  /** Whether an `if:` holds; truthiness is GitHub's. */
  isTrue(expression: string): boolean {
    return this.evaluate(`!!(${expression})`) === true;
  }

  /** A token as text, as `run:` or `name:` want it. */
  string(token: TemplateToken): string {
    const { parser } = this.#language;
    if (parser.isBasicExpression(token)) {
      return this.#run(token.expression).coerceString();
    }
    if (parser.isScalar(token)) {
      return this.#toData(this.value(token)).coerceString();
    }
    throw new Error(`Expected a scalar, found a ${token.typeName()}`);
  }

  /** A token with everything inside it evaluated. */
  value(token: TemplateToken): JsonValue {
    const { parser } = this.#language;
    if (parser.isBasicExpression(token)) {
      return this.#toJson(this.#run(token.expression));
    }
    if (
      parser.isString(token) ||
      parser.isNumber(token) ||
      parser.isBoolean(token)
    ) {
      return token.value;
    }
    if (parser.isSequence(token)) {
      return [...token].map(item => this.value(item));
    }
    if (parser.isMapping(token)) {
      return Object.fromEntries(
        [...token].map(({ key, value }) => [
          this.string(key),
          this.value(value),
        ]),
      );
    }
    return null;
  }

  /** A mapping whose values are text: `env:`, `with:`, `outputs:`. */
  strings(token: TemplateToken | undefined): Record<string, string> {
    if (!token) {
      return {};
    }
    const { parser } = this.#language;
    if (parser.isMapping(token)) {
      return Object.fromEntries(
        [...token].map(({ key, value }) => [
          this.string(key),
          this.string(value),
        ]),
      );
    }
    const value = this.#toData(this.value(token));
    if (value.kind !== this.#language.expressions.data.Kind.Dictionary) {
      throw new Error(`Expected a mapping, found a ${token.typeName()}`);
    }
    return Object.fromEntries(
      value.pairs().map(pair => [pair.key, pair.value.coerceString()]),
    );
  }

  #run(expression: string): ExpressionData {
    const { Lexer, Parser, Evaluator, data } = this.#language.expressions;
    const infos = functionNames.map(name => ({
      name,
      minArgs: 0,
      maxArgs: 255,
    }));
    const { tokens } = new Lexer(expression).lex();
    const tree = new Parser(
      tokens.map(token => this.#withWholeString(token)),
      contextNames,
      infos,
    ).parse();
    const root = new data.Dictionary(
      ...contextNames.map(key => ({
        key,
        value: this.#toData(this.#contexts[key] ?? {}),
      })),
    );
    const functions = new Map(
      infos.map(info => [
        info.name.toLowerCase(),
        { ...info, call: this.#callable(info.name) },
      ]),
    );
    return new Evaluator(tree, root, functions).evaluate();
  }

  /** The lexer takes only the first `''` of a string for a quote; every script with several would come out wrong. */
  #withWholeString(token: Token): Token {
    return token.lexeme.startsWith("'")
      ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") }
      : token;
  }

  #callable(name: string) {
    return (...args: ExpressionData[]): ExpressionData => {
      const implementation = this.#functions[name];
      if (!implementation) {
        throw new Error(`The function '${name}' cannot be used here`);
      }
      return this.#toData(
        implementation(...args.map(arg => this.#toJson(arg))),
      );
    };
  }

  #toData(value: JsonValue): ExpressionData {
    const { data } = this.#language.expressions;
    if (value === null) {
      return new data.Null();
    }
    switch (typeof value) {
      case 'string':
        return new data.StringData(value);
      case 'number':
        return new data.NumberData(value);
      case 'boolean':
        return new data.BooleanData(value);
      default:
        return Array.isArray(value)
          ? new data.Array(...value.map(item => this.#toData(item)))
          : new data.Dictionary(
              ...Object.entries(value).map(([key, item]) => ({
                key,
                value: this.#toData(item),
              })),
            );
    }
  }

  #toJson(value: ExpressionData): JsonValue {
    return JSON.parse(
      JSON.stringify(value, this.#language.expressions.data.replacer),
    );
  }
}
