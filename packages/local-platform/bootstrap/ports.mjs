// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from './Problem.mjs';

const HOSTS = ['127.0.0.1', '::1'];
/**
 * Systems give ports from 32768 (Linux) or 49152 to connections that go out, so that one from
 * below is still free when its server listens.
 */
const FIRST_ANY = 10_000;
const END_ANY = 32_768;
const MOST_TRIED = 100;
/** What was killed a moment ago may still hold its port: so long it is asked again, ms. */
const LET_GO_WITHIN = 3_000;
const ASKED_EVERY = 250;

/** @param {number} port @param {string} host @returns {Promise<boolean>} */
function canListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', error => {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === 'EADDRINUSE' || code === 'EACCES') {
        resolve(false);
      } else if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
        // A machine without IPv6 has nothing that could listen there.
        resolve(true);
      } else {
        reject(error);
      }
    });
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/**
 * Whether nothing listens on a port of this machine's own addresses.
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isPortFree(port) {
  for (const host of HOSTS) {
    if (!(await canListen(port, host))) {
      return false;
    }
  }
  return true;
}

/**
 * A port that nothing listens on: one of the preferred ones if possible, else any.
 *
 * @param {number[]} [preferred]
 * @returns {Promise<number>}
 */
export async function findFreePort(preferred = []) {
  for (const port of preferred) {
    if (port <= 65_535 && (await isPortFree(port))) {
      return port;
    }
  }
  for (let attempt = 0; attempt < MOST_TRIED; attempt += 1) {
    const port = FIRST_ANY + Math.floor(Math.random() * (END_ANY - FIRST_ANY));
    if (await isPortFree(port)) {
      return port;
    }
  }
  throw new Error(`No port from ${FIRST_ANY} to ${END_ANY - 1} seems free`);
}

/**
 * Who listens on a port, as far as the system tells this user: `node server.js (pid 4711)`.
 *
 * @param {number} port
 * @returns {string | undefined}
 */
function describePortHolder(port) {
  const ask = (/** @type {string} */ command, /** @type {string[]} */ args) =>
    spawnSync(command, args, { encoding: 'utf8', timeout: 5000 }).stdout ?? '';
  const pid =
    /^p(\d+)$/m.exec(
      ask('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp']),
    )?.[1] ?? /pid=(\d+)/.exec(ask('ss', ['-Hltnp', `sport = :${port}`]))?.[1];
  if (!pid) {
    return undefined;
  }
  const command = ask('ps', ['-o', 'args=', '-p', pid]).trim();
  const shown = command.length > 60 ? `${command.slice(0, 59)}…` : command;
  return `${shown || 'a program'} (pid ${pid})`;
}

/**
 * Refuses a port that is taken and stays so, naming who has it.
 *
 * @param {number} port
 * @param {string} purpose For example `the portal`.
 * @param {string} remedy
 */
export async function requireFreePort(port, purpose, remedy) {
  for (let waited = 0; waited < LET_GO_WITHIN; waited += ASKED_EVERY) {
    if (await isPortFree(port)) {
      return;
    }
    await sleep(ASKED_EVERY);
  }
  const holder = describePortHolder(port);
  throw new Problem(
    `Port ${port}, which ${purpose} needs, is in use${
      holder ? ` by: ${holder}` : ''
    }.`,
    remedy,
  );
}
