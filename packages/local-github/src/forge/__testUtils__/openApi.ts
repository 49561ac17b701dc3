// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import Ajv, { type AnySchema, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * OpenAPI 3.0 says `nullable: true` where JSON Schema has a type "null". And GitHub says `oneOf` where an answer
 * matches several (an error is a `basic-error` and a `repository-rule-violation-error` at once), so it is read as
 * `anyOf`.
 */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(toJsonSchema);
  }
  if (!isObject(value)) {
    return value;
  }
  const { nullable, discriminator: _, example: __, ...rest } = value;
  const converted = Object.fromEntries(
    Object.entries(rest).map(([key, entry]) => [
      key === 'oneOf' ? 'anyOf' : key,
      toJsonSchema(entry),
    ]),
  );
  return nullable === true
    ? { anyOf: [{ type: 'null' }, converted] }
    : converted;
}

// Parameters whose values may hold slashes.
const WIDE = new Set(['path', 'ref', 'branch', 'basehead', 'commit_sha']);

interface Operation {
  method: string;
  template: string;
  pattern: RegExp;
  literals: number;
  responses: Json;
}

function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** GitHub's description of its REST API (`@octokit/openapi`), as a judge of answers. */
export class GitHubOpenApi {
  readonly #ajv = new Ajv({
    strict: false,
    validateSchema: false,
    allErrors: true,
    logger: false,
  });
  readonly #operations: Operation[];
  readonly #validators = new Map<string, ValidateFunction>();
  /** `GET /repos/{owner}/{repo} 200` of every answer that was checked. */
  readonly checked = new Set<string>();

  constructor() {
    const file =
      require.resolve('@octokit/openapi/generated/api.github.com.json');
    const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const converted = toJsonSchema(document);
    if (!isObject(converted) || !isObject(converted.paths)) {
      throw new Error(`${file} is not an OpenAPI description`);
    }
    addFormats(this.#ajv);
    const schema: AnySchema = converted;
    this.#ajv.addSchema(schema, 'github');
    this.#operations = Object.entries(converted.paths).flatMap(
      ([template, item]) =>
        Object.entries(isObject(item) ? item : {}).map(
          ([method, operation]) => ({
            method: method.toUpperCase(),
            template,
            pattern: new RegExp(
              `^${template
                .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
                .replace(/\{([^}]+)\}/g, (_match, name: string) =>
                  WIDE.has(name) ? '.*' : '[^/]+',
                )
                // The root of a repository's contents has an empty path.
                .replace(/(contents)\/\.\*$/, '$1(?:/.*)?')}$`,
            ),
            literals: template.replace(/\{[^}]+\}/g, '').length,
            responses:
              isObject(operation) && isObject(operation.responses)
                ? operation.responses
                : {},
          }),
        ),
    );
    this.#operations.sort((a, b) => b.literals - a.literals);
  }

  /** Throws unless GitHub describes such an answer to this request. */
  check(method: string, path: string, status: number, body: unknown): void {
    const operation = this.#operations.find(
      candidate => candidate.method === method && candidate.pattern.test(path),
    );
    if (!operation) {
      throw new Error(`GitHub has no ${method} ${path}`);
    }
    const name = `${method} ${operation.template} ${status}`;
    const validate = this.#validator(operation, status);
    if (!validate) {
      throw new Error(`GitHub describes no JSON for ${name}`);
    }
    if (!validate(body)) {
      const errors = (validate.errors ?? [])
        .filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'oneOf')
        .slice(0, 12)
        .map(
          error =>
            `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
        );
      throw new Error(
        `${name} is not as GitHub describes it:\n${errors.join('\n')}\n${JSON.stringify(body)?.slice(0, 2000)}`,
      );
    }
    this.checked.add(name);
  }

  #validator(
    operation: Operation,
    status: number,
  ): ValidateFunction | undefined {
    const key = `${operation.method} ${operation.template} ${status}`;
    const known = this.#validators.get(key);
    if (known) {
      return known;
    }
    const pointer = this.#responsePointer(operation, status);
    if (!pointer) {
      return undefined;
    }
    const validate = this.#ajv.compile({ $ref: `github#${pointer}` });
    this.#validators.set(key, validate);
    return validate;
  }

  #responsePointer(operation: Operation, status: number): string | undefined {
    const response = operation.responses[status];
    if (isObject(response)) {
      if (typeof response.$ref === 'string') {
        return `${response.$ref.slice(1)}/content/application~1json/schema`;
      }
      const content = response.content;
      if (isObject(content) && isObject(content['application/json'])) {
        return `/paths/${escapePointer(operation.template)}/${operation.method.toLowerCase()}/responses/${status}/content/application~1json/schema`;
      }
    }
    // Errors that the description mentions without their form, or leaves out.
    if (status === 422) {
      return '/components/schemas/validation-error';
    }
    return status >= 400 ? '/components/schemas/basic-error' : undefined;
  }
}

/** A `fetch` that checks every JSON answer of forge's REST API against GitHub's description. */
export function createCheckedFetch(
  openApi: GitHubOpenApi,
  apiUrl: string,
): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const url = typeof input === 'string' ? input : String(input);
    const type = response.headers.get('content-type') ?? '';
    if (url.startsWith(apiUrl) && /^application\/json\b/.test(type)) {
      const path = decodeURIComponent(
        new URL(url).pathname.slice(new URL(apiUrl).pathname.length),
      );
      const body: unknown = await response.clone().json();
      openApi.check(init?.method ?? 'GET', path || '/', response.status, body);
    }
    return response;
  };
}
