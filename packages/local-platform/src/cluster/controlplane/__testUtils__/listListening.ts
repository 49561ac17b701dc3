// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { findDescendants } from '../../../../bootstrap/partRecords.mjs';

const LISTEN = '0A';
/** 127.x.x.x and its form in IPv6, ::1: each word of 32 bits in the byte order of the machine. */
const LOOPBACK = /^([0-9A-F]{6}7F|0{16}FFFF0000[0-9A-F]{6}7F|0{24}01000000)$/;

/** Every listening TCP socket of what a process has started, from the kernel's own list. Linux only. */
export function listListening(
  pid: number,
): { port: number; isLoopback: boolean }[] {
  const inodes = new Set(
    findDescendants(pid).flatMap(child => socketsOf(child.pid)),
  );
  return ['tcp', 'tcp6']
    .flatMap(name =>
      fs.readFileSync(`/proc/net/${name}`, 'utf8').trim().split('\n').slice(1),
    )
    .map(line => line.trim().split(/\s+/))
    .filter(columns => columns[3] === LISTEN && inodes.has(columns[9]))
    .map(columns => {
      const [address, port] = columns[1].split(':');
      return {
        port: Number.parseInt(port, 16),
        isLoopback: LOOPBACK.test(address),
      };
    });
}

function socketsOf(pid: number): string[] {
  return fs.readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
    try {
      const target = fs.readlinkSync(`/proc/${pid}/fd/${fd}`);
      return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
    } catch {
      return [];
    }
  });
}
