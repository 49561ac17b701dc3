// SPDX-License-Identifier: Apache-2.0
import { Fields, isRecord } from '../shared/Fields';

/** A rule, with what decides how bad a result is. */
export interface SarifRule {
  id: string;
  fields: Fields;
  level?: string;
  score?: number;
  tags: string[];
  text?: string;
  url?: string;
}

/** What results of a run refer to: rules, artifacts, base addresses. */
export class SarifRun {
  readonly driver: string;
  readonly #rules: SarifRule[];
  readonly #byId = new Map<string, SarifRule>();
  readonly #extensions: SarifRule[][];
  readonly #artifacts: unknown[];
  readonly #bases: Fields;
  readonly fields: Fields;

  constructor(fields: Fields) {
    this.fields = fields;
    const tool = fields.object('tool');
    const driver = tool.object('driver');
    this.driver = driver.text('name') ?? '';
    this.#rules = driver.list('rules').map(readRule);
    this.#extensions = tool
      .list('extensions')
      .map(each => new Fields(each).list('rules').map(readRule));
    for (const rule of [...this.#rules, ...this.#extensions.flat()]) {
      if (!this.#byId.has(rule.id)) {
        this.#byId.set(rule.id, rule);
      }
    }
    this.#artifacts = fields.list('artifacts');
    this.#bases = fields.object('originalUriBaseIds');
  }

  /**
   * The rule of a result: by index, in the driver or an extension, else by id;
   * `CA1000/1` is a part of the rule `CA1000` (§3.27.5, §3.52.4).
   */
  ruleOf(result: Fields): SarifRule | undefined {
    const reference = result.object('rule');
    const id = result.text('ruleId') ?? reference.text('id');
    const component = reference.object('toolComponent').number('index');
    const rules =
      component === undefined || component < 0
        ? this.#rules
        : (this.#extensions[component] ?? []);
    const index = result.number('ruleIndex') ?? reference.number('index') ?? -1;
    const found = index >= 0 ? rules[index] : undefined;
    // Where both are given and disagree, the id is what people see.
    if (found && (!id || id === found.id || id.startsWith(`${found.id}/`))) {
      return found;
    }
    const slash = id?.lastIndexOf('/') ?? -1;
    return (
      this.#byId.get(id ?? '') ??
      (id && slash > 0 ? this.#byId.get(id.slice(0, slash)) : undefined)
    );
  }

  /** The path of a result's place, below the root of the sources. */
  pathOf(place: Fields): string | undefined {
    const location = place.object('artifactLocation');
    const index = location.number('index') ?? -1;
    const artifact = new Fields(this.#artifacts[index]).object('location');
    const uri = location.text('uri') ?? artifact.text('uri');
    if (uri === undefined) {
      return undefined;
    }
    const base = location.text('uriBaseId') ?? artifact.text('uriBaseId');
    return decode(`${this.#baseOf(base, uri)}${uri}`);
  }

  /** A base that is itself below another one; the root's own place is the machine's. */
  #baseOf(id: string | undefined, uri: string): string {
    if (!id || /^[a-z][a-z0-9+.-]{1,20}:/i.test(uri)) {
      return '';
    }
    let path = '';
    let next: string | undefined = id;
    for (let depth = 0; next && depth < 10; depth += 1) {
      const base: Fields = this.#bases.object(next);
      const part = base.text('uri') ?? '';
      if (part.startsWith('/') || /^[a-z][a-z0-9+.-]{0,20}:/i.test(part)) {
        break;
      }
      path = `${part}${path}`;
      next = base.text('uriBaseId');
    }
    return path;
  }
}

function decode(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

function readRule(value: unknown): SarifRule {
  const fields = new Fields(isRecord(value) ? value : {});
  const properties = fields.object('properties');
  const score = properties.number('security-severity');
  return {
    id: fields.text('id') ?? '',
    fields,
    level: fields.object('defaultConfiguration').text('level'),
    score,
    tags: properties.texts('tags'),
    text:
      fields.object('shortDescription').text('text') ??
      fields.object('fullDescription').text('text'),
    url: fields.text('helpUri'),
  };
}
