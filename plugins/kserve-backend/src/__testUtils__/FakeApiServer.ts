// SPDX-License-Identifier: Apache-2.0
import { sendJson, startHttpServer } from '@greenroom/local-platform/testing';
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import type http from 'node:http';

/** Where objects of a kind live. */
const PATHS: Record<string, string> = {
  InferenceService: '/apis/serving.kserve.io/v1beta1/inferenceservices',
  Pod: '/api/v1/pods',
  Event: '/api/v1/events',
  Deployment: '/apis/apps/v1/deployments',
  ReplicaSet: '/apis/apps/v1/replicasets',
  HTTPRoute: '/apis/gateway.networking.k8s.io/v1/httproutes',
};

interface Change {
  version: number;
  kind: string;
  line: string;
}

/**
 * An API server over HTTP for what the real one does not do on demand: a watch cut
 * in the middle of an event, versions that are too old, doubled events, silence.
 * It knows lists in pages and watches from a version on.
 */
export async function startFakeApiServer() {
  const objects = new Map<string, Map<string, KubernetesObject>>();
  const watches = new Map<http.ServerResponse, string>();
  const changes: Change[] = [];
  let version = 1;
  let oldest = 0;
  const control = {
    /** Whether KServe's API is there. */
    hasKserve: true,
    /** Whether requests and open watches get no byte any more. */
    isSilent: false,
    /** How often each event is sent. */
    copies: 1,
    /** Status of every answer. */
    status: 200,
    /** Kinds that the portal may not read. */
    forbidden: new Set<string>(),
    /** Text of every log. */
    log: 'a line\n',
    /** What model servers answer, behind the proxy for Services. */
    answer: (_path: string, _body: string, response: http.ServerResponse) =>
      sendJson(response, {}),
  };

  const send = (change: Change) => {
    for (const [response, kind] of watches) {
      if (kind === change.kind && !control.isSilent) {
        response.write(change.line.repeat(control.copies));
      }
    }
  };

  const note = (type: string, kind: string, object: KubernetesObject) => {
    const change = {
      version,
      kind,
      line: `${JSON.stringify({ type, object })}\n`,
    };
    changes.push(change);
    send(change);
  };

  const toStatus = (code: number, message: string) => ({
    kind: 'Status',
    apiVersion: 'v1',
    code,
    message,
  });

  const server = await startHttpServer(({ body, path, query }, response) => {
    if (control.isSilent) {
      return;
    }
    if (control.status !== 200) {
      const { status } = control;
      sendJson(response, toStatus(status, 'no'), status);
      return;
    }
    if (path === '/version') {
      sendJson(response, { major: '1' });
      return;
    }
    if (path === '/apis') {
      const groups = control.hasKserve
        ? [
            ['serving.kserve.io', 'v1beta1'],
            ['gateway.networking.k8s.io', 'v1'],
          ]
        : [];
      sendJson(response, {
        groups: groups.map(([name, at]) => ({
          name,
          versions: [{ version: at }],
        })),
      });
      return;
    }
    if (/^\/apis\/[^/]+\/[^/]+$/.test(path)) {
      sendJson(response, {
        resources: [{ name: 'inferenceservices' }, { name: 'httproutes' }],
      });
      return;
    }
    if (path.endsWith('/log')) {
      response.end(control.log);
      return;
    }
    if (/^\/api\/v1\/namespaces\/[^/]+\/services\/[^/:]+$/.test(path)) {
      sendJson(response, { spec: { ports: [{ name: 'http', port: 80 }] } });
      return;
    }
    const [, modelPath] = path.split(':80/proxy/');
    if (modelPath) {
      control.answer(modelPath, body, response);
      return;
    }
    const kind = Object.keys(PATHS).find(name => PATHS[name] === path);
    if (!kind) {
      sendJson(response, toStatus(404, 'not found'), 404);
      return;
    }
    if (control.forbidden.has(kind)) {
      sendJson(response, toStatus(403, `${kind} is forbidden`), 403);
      return;
    }
    if (query.get('watch') !== 'true') {
      const all = [...(objects.get(kind)?.values() ?? [])];
      const start = Number(query.get('continue') ?? 0);
      // Small pages, so that there is more than one.
      const end = start + 2;
      sendJson(response, {
        kind: `${kind}List`,
        metadata: {
          resourceVersion: String(version),
          ...(end < all.length && { continue: String(end) }),
        },
        items: all.slice(start, end),
      });
      return;
    }
    const from = Number(query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < oldest) {
      const object = toStatus(410, 'too old resource version');
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    for (const change of changes) {
      if (change.kind === kind && change.version > from) {
        response.write(change.line.repeat(control.copies));
      }
    }
    watches.set(response, kind);
    response.on('close', () => watches.delete(response));
  });

  return {
    ...server,
    control,
    get watchCount() {
      return watches.size;
    },
    countRequests: (isCounted: (path: string, isWatch: boolean) => boolean) =>
      server.requests.filter(({ path, query }) =>
        isCounted(path, query.get('watch') === 'true'),
      ).length,
    put(kind: string, object: KubernetesObject) {
      version += 1;
      const { name, namespace } = object.metadata ?? {};
      const known = objects.get(kind) ?? new Map();
      objects.set(kind, known);
      const key = `${namespace}/${name}`;
      const whole = {
        ...object,
        metadata: {
          uid: `uid-of-${kind}-${key}`,
          ...object.metadata,
          resourceVersion: String(version),
        },
      };
      note(known.has(key) ? 'MODIFIED' : 'ADDED', kind, whole);
      known.set(key, whole);
    },
    remove(kind: string, key: string) {
      version += 1;
      const object = objects.get(kind)?.get(key);
      objects.get(kind)?.delete(key);
      if (object) {
        note('DELETED', kind, {
          ...object,
          metadata: { ...object.metadata, resourceVersion: String(version) },
        });
      }
    },
    /** Forgets what changed: whoever watches from before is told 410. */
    compact() {
      version += 1;
      oldest = version;
      changes.length = 0;
    },
    /** Ends all watches in the middle of an event. */
    cutWatches() {
      for (const response of watches.keys()) {
        response.write('{"type":"MODIFIED","object":{"metadata":{"na');
        response.socket?.destroy();
      }
    },
  };
}

/** Waits until `probe` gives no error, for 25 s at most. */
export async function eventually<T>(probe: () => Promise<T>): Promise<T> {
  const end = Date.now() + 25_000;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
