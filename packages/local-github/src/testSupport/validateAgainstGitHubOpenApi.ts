import { readFileSync } from 'node:fs';
// Only tests import this file.
/* eslint-disable @backstage/no-undeclared-imports */
import Ajv, { type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
/* eslint-enable @backstage/no-undeclared-imports */

type JsonNode = null | boolean | number | string | JsonNode[] | JsonMap;
interface JsonMap {
  [key: string]: JsonNode;
}

const documentId = 'https://api.github.com/openapi';

interface Prepared {
  ajv: Ajv;
  document: JsonMap;
}

let prepared: Prepared | undefined;

/**
 * Holds an answer against GitHub's own description of its REST API.
 *
 * @param method - `GET`, `POST`, …
 * @param path - below the API's root, with or without a query: `/repos/o/r/actions/runs?per_page=1`
 * @returns what does not fit, one line each; empty if the answer is GitHub's
 * @throws if GitHub has no such route or no such status there
 */
export function validateAgainstGitHubOpenApi(
  method: string,
  path: string,
  status: number,
  body: unknown,
): string[] {
  prepared ??= prepare();
  const { ajv, document } = prepared;
  const template = findTemplate(
    Object.keys(asMap(document.paths) ?? {}),
    path.split('?')[0],
  );
  const pointer = [
    'paths',
    template,
    method.toLowerCase(),
    'responses',
    String(status),
  ];
  let response = asMap(at(document, pointer));
  let base = `#/${pointer.map(escapePointer).join('/')}`;
  if (!response) {
    throw new Error(
      `GitHub does not answer ${status} to ${method} ${template}`,
    );
  }
  if (typeof response.$ref === 'string') {
    base = response.$ref;
    response = asMap(at(document, pointerParts(base)));
  }
  const content = asMap(response?.content);
  if (!content) {
    return body === undefined || body === '' ? [] : ['GitHub answers no body'];
  }
  const validate = ajv.compile({
    $ref: `${documentId}${base}/content/${escapePointer(
      Object.keys(content)[0],
    )}/schema`,
  });
  return validate(body) ? [] : (validate.errors ?? []).map(describe);
}

function prepare(): Prepared {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateSchema: false,
  });
  addFormats(ajv);
  // The package's index would load every version of GitHub Enterprise too.
  const file =
    require.resolve('@octokit/openapi/generated/api.github.com.json');
  const document =
    asMap(toJsonSchema(JSON.parse(readFileSync(file, 'utf8')))) ?? {};
  ajv.addSchema({ ...document, $id: documentId });
  return { ajv, document };
}

/** OpenAPI 3.0's `nullable` is not JSON Schema. */
function toJsonSchema(node: JsonNode): JsonNode {
  if (Array.isArray(node)) {
    return node.map(toJsonSchema);
  }
  if (typeof node !== 'object' || node === null) {
    return node;
  }
  const result: JsonMap = {};
  for (const [key, value] of Object.entries(node)) {
    if (key !== 'example' && key !== 'examples') {
      result[key] = toJsonSchema(value);
    }
  }
  if (result.nullable === true) {
    delete result.nullable;
    return { anyOf: [{ type: 'null' }, result] };
  }
  return result;
}

/** The template with the fewest parameters that fits. */
function findTemplate(templates: string[], path: string): string {
  const parameters = (template: string) => template.split('{').length;
  const found = templates
    .filter(template =>
      new RegExp(
        `^${template
          .split(/\{[^{}]+\}/)
          .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('[^/]+')}$`,
      ).test(path),
    )
    .sort((a, b) => parameters(a) - parameters(b))[0];
  if (!found) {
    throw new Error(`GitHub has no route ${path}`);
  }
  return found;
}

function at(root: JsonNode, parts: string[]): JsonNode | undefined {
  return parts.reduce<JsonNode | undefined>(
    (node, part) => asMap(node)?.[part],
    root,
  );
}

function asMap(node: JsonNode | undefined): JsonMap | undefined {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
    ? node
    : undefined;
}

function pointerParts(pointer: string): string[] {
  return pointer
    .replace(/^#\//, '')
    .split('/')
    .map(part =>
      decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'),
    );
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function describe(error: ErrorObject): string {
  return `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`;
}
