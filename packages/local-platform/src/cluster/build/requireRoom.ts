// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Problem } from '../../../bootstrap/Problem.mjs';

/** In bytes. The system keeps some of a machine's 8 GB for itself. */
const LEAST_MEMORY = 7.4e9;

/** In bytes: what a build takes at its peak, with some room. */
export const BUILD_SPACE = 10e9;

/** In bytes: what etcd, images and logs grow to. */
export const RUN_SPACE = 1e9;

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** What there is of memory and disk. */
export interface Room {
  memory: number;
  disk: number;
}

/** Memory of this machine, or of the container that this process is in; free space of the disk of a folder that need not exist yet. */
function measureRoom(dir: string): Room {
  let existing = dir;
  while (!fs.existsSync(existing)) {
    existing = path.dirname(existing);
  }
  const { bavail, bsize } = fs.statfsSync(existing);
  const constrained = process.constrainedMemory();
  const memory = os.totalmem();
  return {
    memory: constrained > 0 ? Math.min(memory, constrained) : memory,
    disk: bavail * bsize,
  };
}

/** What needs room, in messages, and what leaves it out. */
export interface RoomFor {
  /** At the beginning of a sentence; one thing or several. */
  needs: string;
  option: string;
}

const FOR_CLUSTER: RoomFor = {
  needs: 'The local cluster needs',
  option: '--no-cluster',
};

/**
 * Refuses a machine that is too small for the local cluster, or for what else is named.
 *
 * @param dir - where the space is needed
 * @param space - bytes of it
 * @throws Problem that says what is missing, and that the portal does without
 */
export function requireRoom(
  dir: string,
  space: number,
  room: Room = measureRoom(dir),
  { needs, option }: RoomFor = FOR_CLUSTER,
): void {
  const without = `Everything else works without; ${option} leaves it out without a word.`;
  if (room.memory < LEAST_MEMORY) {
    throw new Problem(
      `${needs} a machine with 8 GB of memory; this one has ${gigabytes(room.memory)}.`,
      without,
    );
  }
  if (room.disk < space) {
    throw new Problem(
      `${needs} ${gigabytes(space)} of free disk where ${dir} is; ${gigabytes(room.disk)} are free.`,
      ['Make room there, and start again.', without],
    );
  }
}
