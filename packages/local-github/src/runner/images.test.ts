// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SourceEntry } from './images/BuildContext';
import { evaluateDockerfile } from './images/evaluateDockerfile';
import { expandVariables } from './images/expandVariables';
import { packImage } from './images/packImage';

const SELF = __filename;

const file = (executable = false): SourceEntry => ({
  kind: 'file',
  executable,
  open: () => ({ handle: openSync(SELF, 'r'), size: 10 }),
});
const directory: SourceEntry = { kind: 'directory' };

const context = new Map<string, SourceEntry>([
  ['config.yaml', file()],
  ['requirements.lock', file()],
  ['run.sh', file(true)],
  ['link', { kind: 'link', target: 'config.yaml' }],
  ['away', { kind: 'link', target: '../../etc/passwd' }],
  ['src', directory],
  ['src/pkg', directory],
  ['src/pkg/serve.py', file()],
  ['src/pkg/inner', { kind: 'link', target: '../../config.yaml' }],
  ['model/only-by-exception', file()],
]);

function build(
  text: string,
  more: Partial<Parameters<typeof evaluateDockerfile>[0]> = {},
) {
  return evaluateDockerfile({
    text,
    context,
    buildArgs: {},
    platform: 'linux/amd64',
    ...more,
  });
}

it('follows a Dockerfile of several stages, and says what it cannot do', () => {
  const { stage, notDone, warnings } = build(
    `# The server.
ARG VERSION=3.12
FROM python:$VERSION-slim AS build
COPY requirements.lock /tmp/
RUN python -m venv /opt/venv \\
    # a comment
    && /opt/venv/bin/pip install --require-hashes \\
       --requirement /tmp/requirements.lock
FROM docker.io/nobody AS unused
COPY not-there /
FROM python:\${VERSION:-3}-slim
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY --chown=10001 config.yaml link ./
COPY src ./src
COPY ["model", "/mnt/models"]
COPY *.sh --chmod=755 bin/
ENV A="one two" B=$A \\
    PATH=/opt/venv/bin:$PATH
ENV B=$A
LABEL version="$VERSION" who='$A'
USER 10001:10001
EXPOSE 8080 9000-9001/udp
CMD ["old"]
ENTRYPOINT ["python", "-m", "pkg.serve"]
CMD ["--http_port", "8080"]
`.replace('COPY *.sh --chmod=755', 'COPY --chmod=755 *.sh'),
    { buildArgs: { VERSION: '3.13', OTHER: 'x' } },
  );
  expect([...stage.files.keys()].sort()).toEqual([
    '.greenroom',
    '.greenroom/python',
    '.greenroom/python/1-requirements.lock',
    'app',
    'app/bin',
    'app/bin/run.sh',
    'app/config.yaml',
    'app/link',
    'app/src',
    'app/src/pkg',
    'app/src/pkg/inner',
    'app/src/pkg/serve.py',
    'mnt',
    'mnt/models',
    'mnt/models/only-by-exception',
  ]);
  expect(stage.files.get('app/config.yaml')).toMatchObject({
    uid: 10001,
    gid: 10001,
  });
  // A source that is a link is copied as what it leads to, one inside of a folder as the link that it is.
  expect(stage.files.get('app/link')).toMatchObject({ kind: 'file' });
  expect(stage.files.get('app/src/pkg/inner')).toMatchObject({ kind: 'link' });
  expect(stage.imageConfig()).toEqual({
    Env: [
      'PATH=/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'A=one two',
      'B=one two',
    ],
    WorkingDir: '/app',
    User: '10001:10001',
    ExposedPorts: { '8080/tcp': {}, '9000/udp': {}, '9001/udp': {} },
    Labels: {
      version: '',
      who: '$A',
      'dev.greenroom.python.requirements':
        '/.greenroom/python/1-requirements.lock',
      'dev.greenroom.python.venv': '/opt/venv',
    },
    Entrypoint: ['python', '-m', 'pkg.serve'],
    Cmd: ['--http_port', '8080'],
  });
  expect(notDone).toEqual([
    'FROM python:3.13-slim: the image has no base image',
    expect.stringMatching(/^RUN python -m venv /),
    'COPY --from=build /opt/venv: a RUN step or the base image would have made it',
    'the Python environment of tmp/requirements.lock is made where the image is run',
  ]);
  expect(warnings).toEqual([
    'One or more build-args [OTHER] were not consumed',
  ]);
});

it.each([
  ['', 'file with no instructions'],
  ['RUN ls', 'no build stage in current context'],
  [
    'FROM scratch\nFOO x',
    'dockerfile parse error on line 2: unknown instruction: FOO',
  ],
  ['FROM scratch\nCOPY model', 'COPY requires at least two arguments'],
  [
    'FROM scratch\nCOPY nothing /x',
    'failed to compute cache key: failed to calculate checksum of ref: "/nothing": not found',
  ],
  ['FROM scratch\nCOPY ../../etc/passwd /x', '"/../../etc/passwd": not found'],
  [
    'FROM scratch\nCOPY run.sh config.yaml /x',
    'the destination must be a directory and end with a /',
  ],
  ['FROM scratch\nCOPY --what=1 run.sh /x', 'unknown flag: --what'],
  ['FROM scratch AS a\nFROM scratch\nCOPY --from=a /x /x', '"/x": not found'],
  ['FROM $NOBODY', 'base name ($NOBODY) should not be blank'],
  ['FROM scratch\nEXPOSE http', 'invalid containerPort: http'],
  ['FROM scratch\nUSER ${X/a/b}', 'unsupported modifier in substitution'],
])('%j is refused as BuildKit refuses it', (text, message) => {
  expect(() => build(text)).toThrow(message);
});

it('takes the stage that it was told, and leaves out what leads away', () => {
  const text =
    'FROM scratch AS first\nCOPY run.sh /\nFROM first AS second\nCOPY src/ away /';
  expect([...build(text, { target: 'first' }).stage.files.keys()]).toEqual([
    'run.sh',
  ]);
  expect([...build(text).stage.files.keys()]).toEqual([
    'run.sh',
    'pkg',
    'pkg/serve.py',
    'pkg/inner',
  ]);
  expect(() => build(text, { target: 'third' })).toThrow(
    'target stage "third" could not be found',
  );
});

it.each([
  ['$A-${A}', 'a-a'],
  ['${B:-x}${A:+y}${B-z}${B:+n}', 'xyz'],
  ['\'$A\' \\$A "$A"', '$A $A a'],
  ['${B:-$A}', 'a'],
])('%s becomes %s', (word, expected) => {
  expect(expandVariables(word, name => ({ A: 'a' })[name])).toBe(expected);
});

it('gives the same digest for the same files, and an index for several platforms', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'greenroom-image-'));
  const stage = () => build('FROM scratch\nCOPY . /app/\nENV A=1').stage;
  try {
    const one = await packImage(path.join(folder, 'one'), [
      { platform: 'linux/amd64', stage: stage() },
    ]);
    const same = await packImage(path.join(folder, 'two'), [
      { platform: 'linux/amd64', stage: stage() },
    ]);
    expect(same.descriptor).toEqual(one.descriptor);
    const both = await packImage(path.join(folder, 'both'), [
      { platform: 'linux/amd64', stage: stage() },
      { platform: 'linux/arm64/v8', stage: stage() },
    ]);
    const index = JSON.parse(
      readFileSync(
        path.join(folder, 'both/blobs/sha256', both.descriptor.digest.slice(7)),
        'utf8',
      ),
    );
    expect(index.manifests).toMatchObject([
      {
        digest: one.descriptor.digest,
        platform: { os: 'linux', architecture: 'amd64' },
      },
      { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // Every file that was opened has been closed: another gets a low number.
  const handle = openSync(SELF, 'r');
  closeSync(handle);
  expect(handle).toBeLessThan(200);
});
