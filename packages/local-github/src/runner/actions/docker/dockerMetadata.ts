// SPDX-License-Identifier: Apache-2.0
import type { ActionInputs } from '../../execution/stepTypes';
import { withRegistry } from './withRegistry';

interface Source {
  ref: string;
  sha: string;
  eventName: string;
  isDefaultBranch: boolean;
}

interface Tag {
  value: string;
  priority: number;
}

/** Priorities of the real action, the highest first. */
const PRIORITY: Record<string, number> = { ref: 600, raw: 200, sha: 100 };

/** docker/metadata-action: tags of the types raw, ref and sha, and the labels of the OCI image specification. */
export const dockerMetadata = withRegistry(async ({ inputs, state, log }) => {
  const { github } = state.spec.contexts;
  const source: Source = {
    ref: String(github.ref),
    sha: String(github.sha),
    eventName: String(github.event_name),
    isDefaultBranch:
      github.ref === `refs/heads/${state.spec.repository.defaultBranch}`,
  };
  const unsupported = inputs
    .lines('tags')
    .map(line => attributesOf(line).type ?? 'raw')
    .find(type => !Object.hasOwn(PRIORITY, type));
  if (unsupported) {
    return {
      skipped: `tags of the type ${unsupported} are not made on the local platform; those of raw, ref and sha are`,
    };
  }
  const tags = readTags(inputs, source);
  const images = inputs.lines('images').map(image => image.toLowerCase());
  const version = tags[0]?.value ?? '';
  const url = `${state.services.context.urls.web}/${state.spec.repository.fullName}`;
  const labels = [
    `org.opencontainers.image.created=${new Date().toISOString()}`,
    'org.opencontainers.image.description=',
    'org.opencontainers.image.licenses=',
    `org.opencontainers.image.revision=${source.sha}`,
    `org.opencontainers.image.source=${url}`,
    `org.opencontainers.image.title=${state.spec.repository.name}`,
    `org.opencontainers.image.url=${url}`,
    `org.opencontainers.image.version=${version}`,
    ...inputs.lines('labels'),
  ];
  const references = (images.length > 0 ? images : ['']).flatMap(image =>
    tags.map(({ value }) => (image ? `${image}:${value}` : value)),
  );
  log.group('Docker tags', references);
  log.group('Docker labels', labels);
  return {
    outputs: {
      version,
      tags: references.join('\n'),
      'tag-names': tags.map(({ value }) => value).join('\n'),
      labels: labels.join('\n'),
      annotations: labels.map(label => `manifest:${label}`).join('\n'),
      json: JSON.stringify({
        tags: references,
        labels: Object.fromEntries(labels.map(splitOnce)),
      }),
    },
  };
});

function readTags(inputs: ActionInputs, source: Source): Tag[] {
  const lines = inputs.lines('tags');
  const asked = (
    lines.length > 0
      ? lines
      : ['type=ref,event=branch', 'type=ref,event=tag', 'type=ref,event=pr']
  ).flatMap(line => readTag(attributesOf(line), source));
  asked.sort((one, other) => other.priority - one.priority);
  return asked.filter(
    (tag, index) =>
      asked.findIndex(({ value }) => value === tag.value) === index,
  );
}

function readTag(attributes: Record<string, string>, source: Source): Tag[] {
  const {
    type = 'raw',
    enable = 'true',
    prefix = '',
    suffix = '',
  } = attributes;
  if (!/^(true|false)$/i.test(enable)) {
    throw new Error(`Invalid value for enable attribute: ${enable}`);
  }
  const value = valueOf(type, attributes, source);
  if (enable.toLowerCase() === 'false' || value === undefined) {
    return [];
  }
  const before =
    type === 'sha' && attributes.prefix === undefined ? 'sha-' : prefix;
  return [
    {
      value: `${before}${value}${suffix}`.replace(/[^\w.-]/g, '-'),
      priority: Number(attributes.priority ?? PRIORITY[type]),
    },
  ];
}

function valueOf(
  type: string,
  attributes: Record<string, string>,
  { ref, sha }: Source,
): string | undefined {
  if (type === 'raw') {
    const value = attributes.value ?? '';
    if (value === '') {
      throw new Error('Missing value attribute for type=raw');
    }
    return value;
  }
  if (type === 'sha') {
    return attributes.format === 'long' ? sha : sha.slice(0, 7);
  }
  const [pattern, before] = {
    branch: [/^refs\/heads\/(.+)$/, ''] as const,
    tag: [/^refs\/tags\/(.+)$/, ''] as const,
    pr: [/^refs\/pull\/(\d+)\//, 'pr-'] as const,
  }[attributes.event ?? ''] ?? [undefined, ''];
  if (!pattern) {
    throw new Error(
      `Invalid event for ref attribute: ${attributes.event ?? ''}`,
    );
  }
  const name = pattern.exec(ref)?.[1];
  return name && `${before}${name}`;
}

function attributesOf(line: string): Record<string, string> {
  const attributes = Object.fromEntries(line.split(',').map(splitOnce));
  // A line without attributes is a tag itself.
  return line.includes('=') ? attributes : { type: 'raw', value: line };
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0
    ? [text.trim(), '']
    : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
