// SPDX-License-Identifier: Apache-2.0

/** How a file is named: a finding names it, a line of the evidence, another kept line. */
export type MentionSource = 'finding' | 'evidence' | 'excerpt';

/** A path as a log or a finding has it. */
interface Mention {
  path: string;
  by: MentionSource;
  lines: Set<number>;
}

const ORDER: MentionSource[] = ['finding', 'evidence', 'excerpt'];

/** What a line may hold of paths; longer lines are data. */
const MAX_LINE = 4000;
const MAX_MENTIONS = 20_000;

const PYTHON_FRAME = /File "([^"]{1,400})", line (\d{1,7})/g;
const WORD = /[^\s"'`()<>[\]{},;=|*?]{3,400}/g;
const PLACE = /^([^:]{1,400}):(\d{1,7})(?::|$)/;
const NAMED =
  /\.[A-Za-z]\w{0,9}$|(?:^|\/)(?:Makefile|Dockerfile|Jenkinsfile|Containerfile)$/;

/** Libraries of others, wherever they are installed. */
const FOREIGN =
  /(?:site|dist)-packages\/|node_modules\/|^\/usr\/|\/\.m2\/|\/go\/pkg\//;

/** Names that every repository has several of. */
const GENERIC =
  /^(?:__init__\.py|__main__\.py|index\.[jt]sx?|main\.\w{1,4}|mod\.rs|lib\.rs|README\.md|package\.json|pom\.xml|kustomization\.yaml|types\.ts|utils\.\w{1,4})$/;

const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const endsWithPath = (path: string, end: string) =>
  `/${path}`.endsWith(`/${end}`);
const lastTwo = (path: string) => path.split('/').slice(-2).join('/');

/** Whether a path of a log may be that file: by all that both say, or by folder and name. */
function isSame(named: string, path: string): boolean {
  const hasFolder = named.includes('/');
  if (GENERIC.test(baseOf(path)) && !hasFolder) {
    return path === named;
  }
  return (
    endsWithPath(named, path) ||
    endsWithPath(path, named.replace(/^\//, '')) ||
    (hasFolder &&
      !GENERIC.test(baseOf(path)) &&
      path.includes('/') &&
      lastTwo(named) === lastTwo(path))
  );
}

/** The files that failing lines and findings name. */
export class FileMentions {
  readonly #byName = new Map<string, Mention[]>();
  readonly #modules = new Map<string, MentionSource>();
  #count = 0;

  /** Adds what a line of text names. */
  addText(text: string, by: MentionSource): void {
    const line = text.slice(0, MAX_LINE).replaceAll('\\', '/');
    for (const [, path, number] of line.matchAll(PYTHON_FRAME)) {
      this.addPath(path, by, Number(number));
    }
    for (const [word] of line.matchAll(WORD)) {
      // `tests/test_a.py::test_b` of pytest, `a.py:12:5`, `a.py:` and `a.py.` of sentences.
      const place = word.split('::', 1)[0];
      const [, path = place.replace(/[:.]{1,9}$/, ''), number] =
        PLACE.exec(place) ?? [];
      if (NAMED.test(path)) {
        this.addPath(
          path,
          by,
          number === undefined ? undefined : Number(number),
        );
      }
      if (!path.includes('/')) {
        this.#addModule(path, by);
      }
    }
  }

  /** Adds one path. */
  addPath(path: string, by: MentionSource, line?: number): void {
    const named = path.replaceAll('\\', '/').replace(/^(?:file:\/\/|\.\/)/, '');
    if (named.length < 3 || FOREIGN.test(named) || this.#count > MAX_MENTIONS) {
      return;
    }
    const mentions = this.#byName.get(baseOf(named)) ?? [];
    let mention = mentions.find(each => each.path === named && each.by === by);
    if (!mention) {
      this.#count += 1;
      mention = { path: named, by, lines: new Set() };
      mentions.push(mention);
      this.#byName.set(baseOf(named), mentions);
    }
    if (line !== undefined) {
      mention.lines.add(line);
    }
  }

  /** `churn.data` of `churn.data.load`: a module, class or function by its dotted name. */
  #addModule(word: string, by: MentionSource): void {
    const parts = word.split('.').slice(0, 12);
    for (
      let length = 2;
      length <= parts.length && this.#modules.size < MAX_MENTIONS;
      length += 1
    ) {
      const name = parts.slice(0, length).join('.');
      const known = this.#modules.get(name);
      if (!known || ORDER.indexOf(by) < ORDER.indexOf(known)) {
        this.#modules.set(name, by);
      }
    }
  }

  /** How a file of the repository is named, by the strongest source, and at which lines. */
  find(path: string): { by: MentionSource; lines: number[] } | undefined {
    const mentions = (this.#byName.get(baseOf(path)) ?? []).filter(
      ({ path: named }) => isSame(named, path),
    );
    const sources = mentions.map(({ by }) => by);
    const module = this.#findModule(path);
    const best = ORDER.find(
      source => sources.includes(source) || module === source,
    );
    return (
      best && { by: best, lines: mentions.flatMap(({ lines }) => [...lines]) }
    );
  }

  #findModule(path: string): MentionSource | undefined {
    const code = /^(.{1,400})\.(?:py|java|kt|scala|groovy)$/.exec(path)?.[1];
    const parts = code?.split('/') ?? [];
    for (let from = 0; from <= parts.length - 2; from += 1) {
      const by = this.#modules.get(parts.slice(from).join('.'));
      if (by) {
        return by;
      }
    }
    return undefined;
  }

  /** All paths that are named, each once. */
  paths(): string[] {
    return [
      ...new Set([...this.#byName.values()].flat().map(({ path }) => path)),
    ].sort();
  }
}
