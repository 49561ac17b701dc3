// SPDX-License-Identifier: Apache-2.0
import { listeningSockets } from './listeningSockets.mjs';
import { walkRoutes } from './walkRoutes.mjs';
import { walkSockets } from './walkSockets.mjs';

/**
 * Tries every door: all sockets that a running platform has opened, and all routes of a portal of its own.
 *
 * @param {number} pid - of the platform, or of what has started it
 * @returns {Promise<{ sockets: number, faults: string[], report: string }>} the report is Markdown
 */
export async function walkDoors(pid) {
  const open = listeningSockets(pid);
  const sockets = await walkSockets(open);
  const routes = await walkRoutes();
  const faults = [...sockets.faults, ...routes.faults];
  return {
    sockets: open.length,
    faults,
    report: [
      `Sockets that \`npm start\` opened: ${open.length}. The status of each answer:`,
      table(sockets.rows),
      `Routes of the portal: ${routes.summary}.`,
      table(routes.rows),
      faults.length > 0
        ? ['Faults:', ...faults.map(fault => `- ${fault}`)].join('\n')
        : 'Faults: none.',
      '',
    ].join('\n\n'),
  };
}

/** @param {string[][]} rows Of them the head. */
function table([head, ...rows]) {
  return [head, head.map(() => '---'), ...rows]
    .map(row => `| ${row.join(' | ')} |`)
    .join('\n');
}
