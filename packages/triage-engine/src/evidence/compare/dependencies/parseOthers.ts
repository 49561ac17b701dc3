// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { parseRequirement } from './parseRequirements';
import { parseYaml } from './parseYaml';
import { Versions } from './Versions';

/** `go.mod`: what it requires, and the version of Go. */
export function parseGoMod(text: string): Map<string, string> {
  const lines = text.matchAll(
    /^\s{0,20}(?:require\s{1,4})?((?:[\w-]{1,60}\.)[\w.-]{1,60}(?:\/[\w.~-]{1,100}){0,10}) (v\d[\w.+-]{0,100})/gm,
  );
  const found = new Map<string, string>();
  for (const [, name, version] of lines) {
    found.set(name, version);
  }
  const go = /^go (\d[\w.]{0,20})/m.exec(text)?.[1];
  return go ? found.set('go', go) : found;
}

/** Images that a Dockerfile starts from, with the defaults of its arguments put in. */
export function parseDockerfile(text: string): Map<string, string> {
  const defaults = new Map<string, string>();
  const stages = new Set<string>();
  const found = new Versions();
  for (const line of text.split('\n')) {
    const cut = line.slice(0, 1000).trim();
    const [, name, value] =
      /^ARG\s{1,4}(\w{1,60})=["']?([^\s"']{1,200})/i.exec(cut) ?? [];
    if (name) {
      defaults.set(name, value);
    }
    const [, image, stage] =
      /^FROM\s{1,4}(?:--\S{1,60}\s{1,4}){0,3}(\S{1,300})(?:\s{1,4}AS\s{1,4}(\S{1,60}))?/i.exec(
        cut,
      ) ?? [];
    if (image && !stages.has(image.toLowerCase())) {
      const full = image.replace(
        /\$\{?(\w{1,60})(?::-([^}]{0,100}))?\}?/g,
        (whole, key: string, fallback?: string) =>
          defaults.get(key) ?? fallback ?? whole,
      );
      const digest = full.indexOf('@');
      const base = digest < 0 ? full : full.slice(0, digest);
      const colon = base.lastIndexOf(':');
      const hasTag = colon > base.lastIndexOf('/');
      const repository = hasTag ? base.slice(0, colon) : base;
      const tag = hasTag ? base.slice(colon + 1) : '';
      const version = [
        tag,
        digest < 0 ? '' : full.slice(digest + 1, digest + 20),
      ]
        .filter(Boolean)
        .join('@');
      found.add(repository, version || 'latest');
    }
    if (stage) {
      stages.add(stage.toLowerCase());
    }
  }
  return found.toMap();
}

function element(block: string, tag: string): string | undefined {
  const start = block.indexOf(`<${tag}>`);
  const end = start < 0 ? -1 : block.indexOf(`</${tag}>`, start);
  return end < 0
    ? undefined
    : block
        .slice(start + tag.length + 2, end)
        .trim()
        .slice(0, 200);
}

/** Maven coordinates in `pom.xml`; properties that name versions too. */
export function parsePom(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split(/<(?:dependency|plugin|parent)>/).slice(1)) {
    const block = part.slice(0, 2000);
    const group = element(block, 'groupId');
    const artifact = element(block, 'artifactId');
    const version = element(block, 'version');
    if (artifact && version) {
      found.set([group, artifact].filter(Boolean).join(':'), version);
    }
  }
  const start = text.indexOf('<properties>');
  const properties =
    start < 0
      ? ''
      : text.slice(start, start + 20_000).split('</properties>')[0];
  for (const [, name, version] of properties.matchAll(
    /<([\w.-]{1,80})>([^<]{1,100})</g,
  )) {
    if (/version/i.test(name)) {
      found.set(name, version.trim());
    }
  }
  return found;
}

/** `group:artifact:version` in a build script of Gradle, and `gradle.lockfile`. */
export function parseGradle(text: string): Map<string, string> {
  const coordinates = text.matchAll(
    /(?:^|['"])([a-zA-Z][\w.-]{1,100}:[\w.-]{1,100}):(\d[\w.+-]{0,60})(?:['"@=]|$)/gm,
  );
  return new Map([...coordinates].map(([, name, version]) => [name, version]));
}

const environmentSchema = z.object({
  dependencies: z.array(
    z.union([z.string(), z.object({ pip: z.array(z.string()) }), z.unknown()]),
  ),
});

const kustomizationSchema = z.object({
  images: z.array(
    z.object({
      name: z.string(),
      newName: z.string().optional(),
      newTag: z.union([z.string(), z.number()]).optional(),
      digest: z.string().optional(),
    }),
  ),
});

function yaml(text: string): unknown {
  try {
    return parseYaml(text)?.toJS({ maxAliasCount: 10 });
  } catch {
    // More aliases than a person writes.
    return undefined;
  }
}

/** Conda's `environment.yml`, with what it has pip install. */
export function parseEnvironment(text: string): Map<string, string> {
  const parsed = environmentSchema.safeParse(yaml(text));
  const found = new Map<string, string>();
  for (const entry of parsed.data?.dependencies ?? []) {
    const inner = z.object({ pip: z.array(z.string()) }).safeParse(entry);
    if (typeof entry === 'string') {
      const [name, ...version] = entry.split(/={1,2}/);
      found.set(name.trim(), version.join('=') || 'any');
    } else if (inner.success) {
      inner.data.pip
        .map(parseRequirement)
        .forEach(requirement => requirement && found.set(...requirement));
    }
  }
  return found;
}

/** Images of a `kustomization.yaml`. */
export function parseKustomization(text: string): Map<string, string> {
  const parsed = kustomizationSchema.safeParse(yaml(text));
  return new Map(
    (parsed.data?.images ?? []).map(({ name, newName, newTag, digest }) => [
      newName ?? name,
      [newTag, digest?.slice(0, 19)]
        .filter(part => part !== undefined)
        .join('@'),
    ]),
  );
}
