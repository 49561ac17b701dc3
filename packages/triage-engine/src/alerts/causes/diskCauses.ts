// SPDX-License-Identifier: Apache-2.0
import { bytes, quantity } from '../facts/quantity';
import type { Measured, Situation } from '../facts/types';
import { listAt, textAt } from '../read/json';
import {
  distinct,
  eventsLike,
  lineEvidence,
  linesLike,
  measuredAs,
  objectLine,
  quoted,
} from './helpers';
import type { Candidate } from './types';

const FULL =
  /No space left on device|\[Errno 28\]|ENOSPC|(?:database or )?disk (?:is )?full|Disk quota exceeded|out of disk space/;
const PATH = /\/[\w.-]{1,60}(?:\/[\w.-]{1,60}){1,10}/g;

/** What is written below a mount path, by the settings and the log of a container. */
function writersOf(situation: Situation, mount: string): string[] {
  const texts = [
    ...situation.containers
      .filter(({ isOfSubject }) => isOfSubject)
      .map(({ spec }) => JSON.stringify(spec)),
    ...situation.groups
      .filter(({ isError }) => isError)
      .map(({ line }) => line.text),
  ];
  return [
    ...new Set(
      texts
        .flatMap(text => text.match(PATH) ?? [])
        .filter(path => path.startsWith(`${mount}/`)),
    ),
  ];
}

/** A volume without space, and what else writes to it. */
function fullVolume(situation: Situation): Candidate[] {
  const [full, ...more] = linesLike(situation, FULL);
  if (!full || /shm/.test(full.line.text)) {
    return [];
  }
  const measured = measuredAs(situation, 'disk').find(
    ({ trend, expression }) =>
      trend.peak >= 0.97 && trend.peak <= 1.01 && expression.includes('/'),
  );
  const inodes = situation.metrics.find(
    ({ expression, trend }) =>
      (/inodes?_free|inodesFree/.test(expression) && trend.after <= 0) ||
      (/inodes/.test(expression) &&
        expression.includes('/') &&
        (trend.after >= 0.99 || trend.after <= 0.001)),
  );
  const claim = (inodes ?? measured)?.labels.persistentvolumeclaim;
  const volumes = situation.containers
    .filter(({ isOfSubject }) => isOfSubject)
    .flatMap(({ pod, spec }) =>
      listAt(spec, 'volumeMounts').map(mount => ({
        path: textAt(mount, 'mountPath') ?? '',
        claim: textAt(
          listAt(pod.raw, 'spec', 'volumes').find(
            each => each.name === mount.name,
          ),
          'persistentVolumeClaim',
          'claimName',
        ),
      })),
    );
  const volume =
    volumes.find(each => each.claim && (!claim || each.claim === claim)) ??
    volumes[0];
  const writers = volume ? writersOf(situation, volume.path) : [];
  const log = writers.find(path => /\.log\b|\/logs?\b/.test(path));
  const named = claim ?? volume?.claim;
  return [
    {
      rule: 'volume-full',
      type: 'disk-full',
      score: 8,
      isProven: true,
      statement: `The disk is full: ${named ? `the volume ${named} (PVC${volume ? `, mounted at ${volume.path}` : ''})` : 'the volume'} has ${inodes ? 'no inodes left (too many small files), though bytes may be free' : 'no space left'}${measured ? ` (${Math.round(100 * measured.trend.peak)} % used)` : ''}, and writes fail: ${quoted(full.line.text)}.${log ? ` The log file ${log} is written to the same volume and fills it.` : ''}`,
      evidence: distinct([
        lineEvidence(full.log, full.line),
        ...more.slice(0, 1).map(({ log: of, line }) => lineEvidence(of, line)),
        ...objectLine(situation, 'PersistentVolumeClaim', named),
        ...(inodes ? [inodes.evidence] : []),
        ...(measured ? [measured.evidence] : []),
      ]),
      steps: [
        ...(inodes
          ? [
              'Delete small files of the cache (inodes are used up, not bytes), limit their number, or make the file system anew with more inodes (XFS has no fixed number).',
            ]
          : []),
        log
          ? `Truncate or rotate the log file ${log}, and move the log off this volume.`
          : 'Free space on the volume: delete, truncate or rotate what grows there (logs, old versions, cache).',
        'Resize (expand) the volume to a larger size, set a retention, and alert at 80 %.',
      ],
    },
  ];
}

/** What takes most of a node's disk, as far as objects and metrics tell. */
function largest(situation: Situation): {
  used?: Measured;
  name?: string;
  path?: string;
} {
  const [used] = measuredAs(situation, 'disk', 'other')
    .filter(
      ({ trend, expression, labels }) =>
        trend.peak > 1e9 &&
        !/avail|free|size|capacity/.test(expression) &&
        (labels.persistentvolumeclaim ?? labels.pod ?? labels.container),
    )
    .sort((a, b) => b.trend.peak - a.trend.peak);
  return {
    used,
    name: used?.labels.persistentvolumeclaim ?? used?.labels.pod,
    path: /path="([^"]{1,200})"/.exec(used?.expression ?? '')?.[1],
  };
}

/** Not for maintenance, by a budget or by somebody. */
const EVICTED =
  /^Evicted: [^\n]{0,200}(?:low on resource|exceed|[Pp]ressure|threshold|ephemeral)|The node was low on resource/;

/** A node under disk or memory pressure, and who made it. */
function pressure(situation: Situation): Candidate[] {
  const [event] = [
    ...eventsLike(situation, EVICTED, 0.8),
    ...eventsLike(
      situation,
      /NodeHasDiskPressure|EvictionThresholdMet|FreeDiskSpaceFailed|ImageGCFailed|NodeHasInsufficientMemory/,
      0.8,
    ).filter(
      ({ involved: { kind, name } }) =>
        kind !== 'Node' ||
        situation.subject.nodes.size === 0 ||
        situation.subject.nodes.has(name),
    ),
  ];
  if (!event) {
    return [];
  }
  const named = situation.alert.labels.pod;
  const isOfAnother = named !== undefined && event.involved.name !== named;
  const isDisk =
    /ephemeral|disk|storage|inode|ImageGC/i.test(event.message) ||
    /Disk|Image/.test(event.reason);
  const { used, name, path } = largest(situation);
  const claim = situation.objects.find(
    each => each.kind === 'PersistentVolumeClaim' && each.name === name,
  );
  const asked = quantity(
    textAt(claim?.raw, 'spec', 'resources', 'requests', 'storage'),
  );
  const storage = textAt(claim?.raw, 'spec', 'storageClassName');
  const [retention] = linesLike(
    situation,
    /retention[^\n]{0,20}(?:disabled|=false|=0)|no retention/i,
    ({ log }) =>
      !name || name.includes(log.container) || name.includes(log.pod),
  );
  const condition = situation.objects
    .filter(({ kind }) => kind === 'Node')
    .flatMap(node => situation.document.find(node, 'Pressure', 'status=True'));
  const own =
    /[Cc]ontainer (\S{1,80}) was using (\S{1,40}),[^.]{0,60}request is (\S{1,20})/.exec(
      event.message,
    );
  const node = [...situation.subject.nodes][0] ?? 'its node';
  const itself = own
    ? `the container ${own[1]} itself used ${own[2]} with a request of ${own[3]}`
    : '';
  const source =
    used && isDisk
      ? `${name} fills it: its volume${path ? ` (${path})` : ''} has grown to ${bytes(used.trend.peak)}${asked ? `, claimed were ${bytes(asked)}` : ''}${storage ? ` of ${storage}, which enforces no size` : ''}${retention ? ', and nothing deletes old data (no retention)' : ''}`
      : itself;
  return [
    {
      rule: 'node-pressure',
      type: isDisk ? 'disk-full' : 'out-of-memory',
      // That another pod was evicted before tells little of this one.
      score: 7 + (source ? 1.5 : 0) - (isOfAnother ? 3 : 0),
      isProven: source !== '' || condition.length > 0,
      statement: `${isDisk ? 'The disk (ephemeral storage)' : 'The memory'} of the node ${node} ran low, and the kubelet evicts pods${isDisk ? ' under DiskPressure' : ' under memory pressure'}${source ? `. ${source.charAt(0).toUpperCase()}${source.slice(1)}` : ''}: ${quoted(event.message, 160)}.`,
      evidence: distinct([
        ...objectLine(situation, 'PersistentVolumeClaim', name, 'storage'),
        ...(retention ? [lineEvidence(retention.log, retention.line)] : []),
        ...condition,
        event.evidence,
        ...(used ? [used.evidence] : []),
      ]),
      steps: isDisk
        ? [
            `Free the disk of ${node}: delete or prune what ${name ?? 'grows there'} keeps, and set a retention or a size limit for it.`,
            'Move it to a dedicated or larger disk, and set ephemeral-storage requests and limits.',
          ]
        : [
            'Set memory requests to what pods use, so that the node is not overcommitted; add nodes.',
            'Raise the request of the evicted pod, or limit its neighbours.',
          ],
    },
  ];
}

/** Disks that are full, of volumes and of nodes. */
export const diskCauses = (situation: Situation): Candidate[] => [
  ...fullVolume(situation),
  ...pressure(situation),
];
