// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';

const LISTEN = '0A';
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * A TCP socket that waits for connections.
 *
 * @typedef {{ address: string, port: number, isLoopback: boolean, pid: number, command: string }} ListeningSocket
 */

/** The kernel's own list: nothing that listens can be missing from it. Linux only. */
export const canListSockets = fs.existsSync('/proc/net/tcp');

/**
 * Every listening TCP socket of a process and of all that it has started.
 *
 * @param {number} rootPid
 * @returns {ListeningSocket[]}
 */
export function listeningSockets(rootPid) {
  const holders = new Map();
  for (const pid of processTree(rootPid)) {
    for (const inode of socketInodes(pid)) {
      holders.set(inode, holders.get(inode) ?? pid);
    }
  }
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter(file => fs.existsSync(file))
    .flatMap(file => fs.readFileSync(file, 'utf8').trim().split('\n').slice(1))
    .map(line => line.trim().split(/\s+/))
    .filter(columns => columns[3] === LISTEN && holders.has(columns[9]))
    .map(columns => {
      const [hex, port] = columns[1].split(':');
      const address = readAddress(hex);
      const pid = holders.get(columns[9]);
      return {
        address,
        port: Number.parseInt(port, 16),
        isLoopback: LOOPBACK.test(address),
        pid,
        command: readCommand(pid),
      };
    })
    .sort((a, b) => a.port - b.port);
}

/** @param {number} rootPid */
function processTree(rootPid) {
  const parents = new Map();
  for (const name of fs.readdirSync('/proc').filter(n => /^\d+$/.test(n))) {
    try {
      // The name of the program, in brackets, may hold anything.
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      parents.set(Number(name), Number(parent));
    } catch {
      // It has ended meanwhile.
    }
  }
  const tree = new Set([rootPid]);
  for (let before = 0; before !== tree.size;) {
    before = tree.size;
    for (const [pid, parent] of parents) {
      if (tree.has(parent)) {
        tree.add(pid);
      }
    }
  }
  return tree;
}

/** @param {number} pid */
function socketInodes(pid) {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
      try {
        const target = fs.readlinkSync(`/proc/${pid}/fd/${fd}`);
        return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** The kernel writes words of 32 bits in the byte order of the machine, which is little-endian wherever Node runs. @param {string} hex */
function readAddress(hex) {
  const bytes = Buffer.from(hex, 'hex');
  for (let at = 0; at < bytes.length; at += 4) {
    bytes.subarray(at, at + 4).reverse();
  }
  if (bytes.length === 4) {
    return bytes.join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    bytes.readUInt16BE(index * 2).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** @param {number} pid */
function readCommand(pid) {
  return fs
    .readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .join(' ')
    .trim();
}
