// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { Probe } from './kubeTypes';

/** The container that is asked, as it is on this machine. */
export interface ProbeTarget {
  podIP: string;
  /** The container's port that a number or a name stands for, and the host port behind it. */
  port: (given: number | string) => { containerPort: number; hostPort: number };
  /** A command of the container as it is run here. */
  command: (argv: string[]) => {
    argv: string[];
    env: Record<string, string>;
    cwd: string;
  };
}

const LOOPBACK = '127.0.0.1';
const MAX_OUTPUT = 10 * 1024;

/** One try of a probe: undefined when it succeeded, else why not, in the kubelet's words. */
export async function runProbe(
  probe: Probe,
  target: ProbeTarget,
): Promise<string | undefined> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  if (probe.httpGet) {
    return probeHttp(probe.httpGet, target, timeoutMs);
  }
  if (probe.tcpSocket) {
    return probeTcp(probe.tcpSocket.port, target, timeoutMs);
  }
  if (probe.exec) {
    return probeExec(probe.exec.command ?? [], target, timeoutMs);
  }
  return 'this kubelet runs no probes over gRPC';
}

function probeHttp(
  action: NonNullable<Probe['httpGet']>,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<string | undefined> {
  const { containerPort, hostPort } = target.port(action.port);
  const secure = action.scheme === 'HTTPS';
  const path = action.path?.startsWith('/')
    ? action.path
    : `/${action.path ?? ''}`;
  const authority = `${target.podIP}:${containerPort}`;
  const shown = `${secure ? 'https' : 'http'}://${authority}${path}`;
  const headers: Record<string, string> = {
    'user-agent': 'kube-probe/1.34',
    host: authority,
    connection: 'close',
  };
  for (const { name, value } of action.httpHeaders ?? []) {
    headers[name.toLowerCase()] = value;
  }
  return new Promise(resolve => {
    const request = (secure ? https : http).get(
      {
        host: LOOPBACK,
        port: hostPort,
        path,
        headers,
        // As the kubelet does: it asks whether something answers, not who.
        rejectUnauthorized: false,
        agent: false,
      },
      response => {
        const status = response.statusCode ?? 0;
        response.destroy();
        resolve(
          status >= 200 && status < 400
            ? undefined
            : `HTTP probe failed with statuscode: ${status}`,
        );
      },
    );
    const timer = setTimeout(() => {
      resolve(
        `Get "${shown}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      );
      request.destroy();
    }, timeoutMs);
    request.on('close', () => clearTimeout(timer));
    request.on('error', error =>
      resolve(`Get "${shown}": ${explainNetwork(error, authority)}`),
    );
  });
}

function probeTcp(
  port: number | string,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<string | undefined> {
  const { containerPort, hostPort } = target.port(port);
  const authority = `${target.podIP}:${containerPort}`;
  return new Promise(resolve => {
    const socket = net.connect({ host: LOOPBACK, port: hostPort });
    const finish = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(timeoutMs, () =>
      finish(`dial tcp ${authority}: i/o timeout`),
    );
    socket.once('connect', () => finish());
    socket.once('error', error => finish(explainNetwork(error, authority)));
  });
}

function probeExec(
  command: string[],
  target: ProbeTarget,
  timeoutMs: number,
): Promise<string | undefined> {
  const { argv, env, cwd } = target.command(command);
  return new Promise(resolve => {
    const [file, ...args] = argv;
    const child = execFile(
      file,
      args,
      {
        env,
        cwd,
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT,
      },
      (error, stdout, stderr) => {
        if (!error) {
          resolve(undefined);
        } else if (child.killed) {
          resolve(
            `command timed out: "${command.join(' ')}" timed out after ${timeoutMs / 1000}s`,
          );
        } else {
          resolve(stdout + stderr || error.message);
        }
      },
    );
  });
}

/** What went wrong with a connection, as Go says it. */
function explainNetwork(error: Error, authority: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ECONNREFUSED':
      return `dial tcp ${authority}: connect: connection refused`;
    case 'ECONNRESET':
      return `read tcp ${authority}: read: connection reset by peer`;
    default:
      return error.message === 'socket hang up' ? 'EOF' : error.message;
  }
}
