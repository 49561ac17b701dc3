// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startCluster, TestCluster } from '../../testing/startCluster';
import { startKubelet, TestKubelet } from '../../testing/startKubelet';
import { KubeClient } from './KubeClient';
import { ContainerSpec, ContainerStatus, KubeEvent, Pod } from './kubeTypes';

jest.setTimeout(90_000);

let cluster: TestCluster;
let kubelet: TestKubelet;
let api: KubeClient;
let imagesDir: string;

beforeAll(async () => {
  imagesDir = fs.mkdtempSync(path.join(os.tmpdir(), 'kubelet-images-'));
  makeImage('local/server:1');
  cluster = await startCluster();
  kubelet = await startKubelet(
    cluster,
    { folder: imagesDir },
    {
      restartBackoff: { firstMs: 1_000, maxMs: 3_000 },
      adoptionMs: 5_000,
      // With them, where they can be made: monitoring/startMonitoring.test.ts.
      controlGroups: false,
    },
  );
  const tokenFile = cluster.state.path('admin-token');
  fs.writeFileSync(tokenFile, cluster.token('admin'));
  api = new KubeClient({
    server: cluster.server,
    tokenFile,
    caFile: cluster.caFile,
  });
}, 20 * 60_000);

afterAll(async () => {
  api?.close();
  await kubelet?.stop();
  await cluster?.stop();
  fs.rmSync(imagesDir, { recursive: true, force: true });
}, 60_000);

function makeImage(name: string): void {
  const root = path.join(imagesDir, encodeURIComponent(name));
  fs.mkdirSync(path.join(root, 'app'), { recursive: true });
  fs.mkdirSync(path.join(root, 'bin'));
  // A program of the image: the machine's path may begin with what a container has for itself, as /tmp.
  fs.symlinkSync(process.execPath, path.join(root, 'bin', 'node'));
  fs.copyFileSync(
    // eslint-disable-next-line no-restricted-syntax
    path.join(__dirname, '__fixtures__', 'server.mjs'),
    path.join(root, 'app', 'server.mjs'),
  );
  fs.writeFileSync(
    path.join(root, 'image.json'),
    JSON.stringify({
      entrypoint: ['/bin/node', '/app/server.mjs'],
      env: ['OF_IMAGE=yes', 'APP_PATH=/app:/nowhere'],
      workingDir: '/app',
      exposedPorts: [8080],
    }),
  );
}

const PODS = '/api/v1/namespaces/default/pods';

function server(change: Partial<ContainerSpec> = {}): ContainerSpec {
  return {
    name: 'server',
    image: 'local/server:1',
    ports: [{ containerPort: 8080, name: 'http' }],
    ...change,
  };
}

async function createPod(name: string, spec: Partial<Pod['spec']>) {
  return api.post<Pod>(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { terminationGracePeriodSeconds: 3, ...spec },
  });
}

async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  timeoutMs = 40_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`Not seen in time: ${what}\n${kubelet.log().join('\n')}`);
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

function waitForPod(name: string, test: (pod: Pod) => boolean): Promise<Pod> {
  return waitFor(`pod ${name}`, async () => {
    const pod = await api.get<Pod>(`${PODS}/${name}`);
    return test(pod) && pod;
  });
}

function waitForContainer(
  name: string,
  test: (status: ContainerStatus) => unknown,
): Promise<Pod> {
  return waitForPod(name, ({ status }) =>
    Boolean(status?.containerStatuses?.some(test)),
  );
}

function condition(pod: Pod, type: string) {
  return pod.status?.conditions?.find(each => each.type === type);
}

const isReady = (pod: Pod) => condition(pod, 'Ready')?.status === 'True';

/** The text of an answer of the API server that is not JSON: logs, and what is behind `proxy`. */
function getText(
  url: string,
  onChunk?: (text: string) => void,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    https
      .get(
        new URL(url, cluster.server),
        {
          agent: false,
          ca: fs.readFileSync(cluster.caFile),
          headers: { authorization: `Bearer ${cluster.token('admin')}` },
        },
        response => {
          let text = '';
          response.setEncoding('utf8').on('data', chunk => {
            text += chunk;
            onChunk?.(text);
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text }),
          );
        },
      )
      .on('error', reject);
  });
}

const logsOf = (pod: string, query = '') =>
  getText(`${PODS}/${pod}/log?${query}`);

async function proxied(pod: string, pathAndQuery = '/') {
  const { status, text } = await getText(
    `${PODS}/${pod}:8080/proxy${pathAndQuery}`,
  );
  return status === 200 ? JSON.parse(text) : { status };
}

/** As soon as the program listens. */
function answerOf(pod: string, pathAndQuery?: string) {
  return waitFor(`answer of ${pod}`, async () => {
    const answer = await proxied(pod, pathAndQuery);
    return answer.pid && answer;
  });
}

function throughProxy(
  url: string,
  password = kubelet.podNetwork.password,
): Promise<{ status: number; text: string }> {
  const login = Buffer.from(`${kubelet.podNetwork.username}:${password}`);
  return new Promise((resolve, reject) => {
    http
      .get(
        {
          host: '127.0.0.1',
          port: kubelet.podNetwork.port,
          path: url,
          agent: false,
          headers: {
            host: 'model.example',
            'proxy-authorization': `Basic ${login.toString('base64')}`,
          },
        },
        async response => {
          let text = '';
          for await (const chunk of response) {
            text += chunk;
          }
          resolve({ status: response.statusCode ?? 0, text });
        },
      )
      .on('error', reject);
  });
}

/** Asks for `/` through SOCKS5; the answer to the login where that is refused. */
async function throughSocks(
  address: string,
  port: number,
  password: string,
): Promise<string> {
  const socket = net.connect(Number(kubelet.podNetwork.port), '127.0.0.1');
  const next = async () => {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    return chunk;
  };
  const text = (value: string) =>
    Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  try {
    socket.write(Buffer.from([5, 1, 2]));
    expect([...(await next())]).toEqual([5, 2]);
    // In pieces, as a network may bring them.
    socket.write(Buffer.from([1]));
    socket.write(
      Buffer.concat([text(kubelet.podNetwork.username), text(password)]),
    );
    const login = await next();
    if (login[1] !== 0) {
      return 'refused';
    }
    socket.write(
      Buffer.from([
        5,
        1,
        0,
        1,
        ...address.split('.').map(Number),
        port >> 8,
        port & 255,
      ]),
    );
    expect((await next())[1]).toBe(0);
    socket.write(
      'GET / HTTP/1.1\r\nhost: by.socks\r\nconnection: close\r\n\r\n',
    );
    let answer = '';
    for await (const chunk of socket) {
      answer += chunk;
    }
    return answer;
  } finally {
    socket.destroy();
  }
}

async function eventsOf(pod: string): Promise<string[]> {
  const { items } = await api.get<{ items: KubeEvent[] }>(
    `/api/v1/namespaces/default/events?fieldSelector=involvedObject.name=${pod}`,
  );
  return items.map(
    ({ type, reason, message }) => `${type} ${reason} ${message}`,
  );
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a pod that runs', () => {
  it('is Ready in a Deployment, and answers by pods/proxy and by the proxy for pods, which wants its password', async () => {
    const labels = { app: 'web' };
    await api.post('/apis/apps/v1/namespaces/default/deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              server({
                args: ['serve', '--http_port=8080', '--host', '0.0.0.0'],
                readinessProbe: {
                  httpGet: { path: '/ready', port: 'http' },
                  periodSeconds: 1,
                },
              }),
            ],
          },
        },
      },
    });
    await waitFor('available deployment', async () => {
      const { status } = await api.get<{
        status: { availableReplicas?: number };
      }>('/apis/apps/v1/namespaces/default/deployments/web');
      return status.availableReplicas === 1;
    });
    const { items } = await api.get<{ items: Pod[] }>(
      `${PODS}?labelSelector=app%3Dweb`,
    );
    const [{ metadata, status }] = items;
    const name = metadata!.name!;
    const address = status!.podIP!;
    expect(address).toMatch(/^10\.244\./);
    expect(status).toMatchObject({ phase: 'Running', hostIP: '127.0.0.1' });

    const answer = await proxied(name);
    const { PORT } = answer.env;
    expect(answer.args).toEqual([`--http_port=${PORT}`, '--host', '127.0.0.1']);
    expect(answer.env).toMatchObject({ HOST: '127.0.0.1', OF_IMAGE: 'yes' });
    // Nothing of the environment that the kubelet was started in.
    expect(Object.keys(answer.env)).not.toContain('JEST_WORKER_ID');
    expect(answer.env.APP_PATH).toBe(`${answer.cwd}:/nowhere`);

    const url = `http://${address}:8080/`;
    const byProxy = await throughProxy(url);
    expect(JSON.parse(byProxy.text)).toMatchObject({
      pid: answer.pid,
      host: 'model.example',
    });
    expect(
      await throughSocks(address, 8080, kubelet.podNetwork.password),
    ).toContain('"host":"by.socks"');
    expect((await throughProxy(url, 'wrong')).status).toBe(407);
    expect(await throughSocks(address, 8080, 'wrong')).toBe('refused');
    // The proxy leads to pods, not to what else listens on this machine.
    expect((await throughProxy(`http://127.0.0.1:${PORT}/`)).status).toBe(502);

    const { items: ready } = await api.get<{ items: Pod[] }>(
      `${PODS}?labelSelector=app%3Dweb`,
    );
    expect(isReady(ready[0])).toBe(true);
    const events = await eventsOf(name);
    for (const event of [
      `Normal Scheduled Successfully assigned default/${name} to laptop`,
      'Normal Pulled Container image "local/server:1" already present on machine',
      'Normal Created Created container: server',
      'Normal Started Started container server',
    ]) {
      expect(events).toContain(event);
    }
  });

  it('has its config maps, secrets, token and fields as variables and files', async () => {
    await api.post('/api/v1/namespaces/default/configmaps', {
      metadata: { name: 'settings' },
      data: { COLOR: 'red', 'a.txt': 'text of a' },
    });
    await api.post('/api/v1/namespaces/default/secrets', {
      metadata: { name: 'login' },
      stringData: { user: 'jane', password: 'k3y' },
    });
    await createPod('configured', {
      containers: [
        server({
          args: ['serve', '--dir=/etc/settings', '$(WHO) at $(NAME)', '$(NOT)'],
          envFrom: [{ prefix: 'MAP_', configMapRef: { name: 'settings' } }],
          env: [
            {
              name: 'WHO',
              valueFrom: { secretKeyRef: { name: 'login', key: 'user' } },
            },
            {
              name: 'NAME',
              valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
            },
            {
              name: 'CPUS',
              valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } },
            },
            { name: 'FILE', value: '/etc/settings/a.txt of $(WHO)' },
            {
              name: 'ABSENT',
              valueFrom: {
                configMapKeyRef: { name: 'none', key: 'x', optional: true },
              },
            },
          ],
          resources: { limits: { cpu: '1500m' } },
          volumeMounts: [
            { name: 'settings', mountPath: '/etc/settings' },
            { name: 'login', mountPath: '/etc/login/' },
            { name: 'fields', mountPath: '/etc/fields' },
            { name: 'scratch', mountPath: '/data', subPath: 'sub' },
          ],
        }),
      ],
      volumes: [
        { name: 'settings', configMap: { name: 'settings' } },
        {
          name: 'login',
          secret: {
            secretName: 'login',
            items: [{ key: 'password', path: 'deep/word' }],
          },
        },
        {
          name: 'fields',
          downwardAPI: {
            items: [{ path: 'uid', fieldRef: { fieldPath: 'metadata.uid' } }],
          },
        },
        { name: 'scratch', emptyDir: {} },
      ],
    });
    const pod = await waitForPod('configured', isReady);
    const { env, args } = await answerOf('configured');
    const [dir] = env.FILE.split('/a.txt');
    expect(args).toEqual([`--dir=${dir}`, 'jane at configured', '$(NOT)']);
    expect(env).toMatchObject({ MAP_COLOR: 'red', WHO: 'jane', CPUS: '2' });
    expect(env.FILE).toMatch(/of jane$/);
    expect(env).not.toHaveProperty('ABSENT');
    const volumes = path.dirname(dir);
    const token = fs
      .readdirSync(volumes)
      .find(name => name.startsWith('kube-api-access'));
    const wanted = [
      `${dir}/a.txt`,
      `${volumes}/login/deep/word`,
      `${volumes}/fields/uid`,
      `${volumes}/${token}/namespace`,
      `${volumes}/${token}/token`,
    ];
    const query = wanted.map(file => `file=${encodeURIComponent(file)}`);
    const { files } = await proxied('configured', `/?${query.join('&')}`);
    expect(files.slice(0, 4)).toEqual([
      'text of a',
      'k3y',
      pod.metadata!.uid,
      'default',
    ]);
    const [, claims] = files[4].split('.');
    expect(
      JSON.parse(Buffer.from(claims, 'base64url').toString()),
    ).toMatchObject({ 'kubernetes.io': { pod: { name: 'configured' } } });
    expect(fs.statSync(wanted[1]).mode & 0o077).toBe(0);
  });

  it('gives its log: whole, its end, since when, with times, and as it is written', async () => {
    await createPod('ticking', {
      containers: [server({ args: ['tick'] })],
    });
    await waitFor('ten ticks', async () =>
      (await logsOf('ticking')).text.includes('tick 10'),
    );
    expect((await logsOf('ticking')).text).toMatch(/^tick 1\ntick 2\ntick 3\n/);
    expect((await logsOf('ticking', 'tailLines=2')).text).toMatch(
      /^tick \d+\ntick \d+\n$/,
    );
    expect((await logsOf('ticking', 'limitBytes=9')).text).toBe('tick 1\nti');
    const timed = (await logsOf('ticking', 'timestamps=true')).text;
    const [time, word] = timed.split('\n')[7].split(' ');
    expect(word).toBe('tick');
    const since = await logsOf(
      'ticking',
      `sinceTime=${encodeURIComponent(time.replace(/\.\d+/, ''))}`,
    );
    expect(since.text).not.toMatch(/^tick 1\n/);
    expect(since.text).toContain('tick 9\n');
    expect(
      (await logsOf('ticking', 'sinceSeconds=1')).text.split('\n').length,
    ).toBeLessThan(9);

    let followed = '';
    const following = getText(
      `${PODS}/ticking/log?follow=true&tailLines=1`,
      text => {
        followed = text;
      },
    );
    await waitFor(
      'lines that come',
      async () => followed.split('\n').length > 5,
    );
    await api.delete(`${PODS}/ticking`, { gracePeriodSeconds: 1 });
    const { text } = await following;
    const numbers = text.match(/\d+/g)!.map(Number);
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0] + index));
  });

  it('is asked to end, and is gone when it has ended', async () => {
    await createPod('leaving', {
      terminationGracePeriodSeconds: 20,
      containers: [server()],
    });
    await waitForPod('leaving', isReady);
    const { pid } = await answerOf('leaving');
    let log = '';
    const following = getText(`${PODS}/leaving/log?follow=true`, text => {
      log = text;
    });
    const asked = Date.now();
    await api.delete(`${PODS}/leaving`, {});
    await waitFor('end of the pod', async () => {
      const { status } = await getText(`${PODS}/leaving`);
      return status === 404;
    });
    await following;
    expect(log).toContain('leaving\n');
    expect(isAlive(pid)).toBe(false);
    expect(Date.now() - asked).toBeLessThan(15_000);
    expect(await eventsOf('leaving')).toContain(
      'Normal Killing Stopping container server',
    );
  });
});

describe('a pod that fails', () => {
  it('is started again after kill -9, and waits longer each time', async () => {
    await createPod('killed', { containers: [server()] });
    const first = await answerOf('killed');
    process.kill(first.pid, 'SIGKILL');
    const pod = await waitForContainer(
      'killed',
      each => each.restartCount === 1 && each.ready,
    );
    expect(pod.status!.containerStatuses![0].lastState).toMatchObject({
      terminated: { exitCode: 137, reason: 'Error' },
    });
    expect((await logsOf('killed', 'previous=true')).text).toMatch(
      /^listening\nasked for \/\n/,
    );
    const second = await answerOf('killed');
    process.kill(second.pid, 'SIGKILL');
    const waiting = await waitForContainer(
      'killed',
      ({ state }) => state?.waiting,
    );
    const full = `killed_default(${pod.metadata!.uid})`;
    expect(waiting.status!.containerStatuses![0]).toMatchObject({
      ready: false,
      restartCount: 1,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 1s restarting failed container=server pod=${full}`,
        },
      },
      lastState: { terminated: { exitCode: 137 } },
    });
    expect(condition(waiting, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [server]',
    });
    expect(waiting.status!.phase).toBe('Running');
    await waitForContainer(
      'killed',
      each => each.restartCount === 2 && each.ready,
    );
    expect(await eventsOf('killed')).toContain(
      `Warning BackOff Back-off restarting failed container server in pod ${full}`,
    );
  });

  it('says that its image is missing, and runs when it comes', async () => {
    await createPod('imageless', {
      containers: [server({ image: 'local/later:1' })],
    });
    const pod = await waitForContainer(
      'imageless',
      ({ state }) => state?.waiting?.reason === 'ImagePullBackOff',
    );
    expect(pod.status!.phase).toBe('Pending');
    expect(pod.status!.containerStatuses![0].state!.waiting!.message).toMatch(
      /^Back-off pulling image "local\/later:1": ErrImagePull: .*not found$/,
    );
    const events = await eventsOf('imageless');
    expect(events).toEqual(
      expect.arrayContaining([
        'Normal Pulling Pulling image "local/later:1"',
        expect.stringMatching(
          /^Warning Failed Failed to pull image "local\/later:1": .*not found$/,
        ),
        'Warning Failed Error: ErrImagePull',
        'Normal BackOff Back-off pulling image "local/later:1"',
        'Warning Failed Error: ImagePullBackOff',
      ]),
    );
    makeImage('local/later:1');
    await waitForPod('imageless', isReady);
  });

  it('waits for its init containers, and says which fails', async () => {
    await createPod('initial', {
      initContainers: [
        server({
          name: 'good',
          args: ['write', '/shared/word', 'from init'],
          volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
        }),
        server({
          name: 'bad',
          args: ['fail', '3', 'there is no storage'],
          terminationMessagePolicy: 'FallbackToLogsOnError',
        }),
      ],
      containers: [server()],
      volumes: [{ name: 'shared', emptyDir: {} }],
    });
    const pod = await waitForPod('initial', ({ status }) =>
      Boolean(
        status?.initContainerStatuses?.[1].state?.waiting?.reason ===
        'CrashLoopBackOff',
      ),
    );
    const [good, bad] = pod.status!.initContainerStatuses!;
    expect(good.state!.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    });
    expect(bad.lastState!.terminated).toMatchObject({
      exitCode: 3,
      reason: 'Error',
      message: 'there is no storage\n',
    });
    expect(pod.status!.containerStatuses![0].state!.waiting!.reason).toBe(
      'PodInitializing',
    );
    expect(pod.status!.phase).toBe('Pending');
    expect(condition(pod, 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [bad]',
    });
    expect((await logsOf('initial', 'container=bad')).text).toBe(
      'there is no storage\n',
    );
    expect((await logsOf('initial', 'container=server')).text).toContain(
      'is waiting to start: PodInitializing',
    );
  });

  it('ends for good where it is not to be started again', async () => {
    await createPod('once', {
      restartPolicy: 'Never',
      containers: [
        server({
          args: ['write', '/dev/termination-log', 'last words'],
        }),
      ],
    });
    const pod = await waitForPod(
      'once',
      ({ status }) => status?.phase === 'Succeeded',
    );
    expect(pod.status!.containerStatuses![0].state!.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
      message: 'last words',
    });
    expect(condition(pod, 'Ready')).toMatchObject({ reason: 'PodCompleted' });
    await createPod('accompanied', {
      restartPolicy: 'Never',
      initContainers: [
        server({
          name: 'sidecar',
          restartPolicy: 'Always',
          startupProbe: { tcpSocket: { port: 8080 } },
        }),
      ],
      containers: [
        { name: 'work', image: 'local/server:1', args: ['fail', '4', 'done'] },
      ],
    });
    const worked = await waitForPod(
      'accompanied',
      each => each.status?.phase === 'Failed',
    );
    expect(
      worked.status!.containerStatuses![0].state!.terminated!.exitCode,
    ).toBe(4);
    const ended = await waitForPod('accompanied', each =>
      Boolean(each.status!.initContainerStatuses![0].state!.terminated),
    );
    expect(ended.status!.initContainerStatuses![0].restartCount).toBe(0);
    await createPod('absent', {
      restartPolicy: 'Never',
      containers: [server({ command: ['no-such-program'] })],
    });
    const failed = await waitForPod(
      'absent',
      ({ status }) => status?.phase === 'Failed',
    );
    expect(
      failed.status!.containerStatuses![0].state!.terminated,
    ).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      message: expect.stringContaining(
        'exec: "no-such-program": executable file not found in $PATH',
      ),
    });
  });

  it('is killed when it takes more memory than its limit', async () => {
    await createPod('hungry', {
      restartPolicy: 'Never',
      containers: [
        server({ args: ['eat'], resources: { limits: { memory: '200Mi' } } }),
      ],
    });
    const pod = await waitForPod(
      'hungry',
      ({ status }) => status?.phase === 'Failed',
    );
    expect(pod.status!.containerStatuses![0].state!.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  it('is not Ready when a probe fails, and is restarted when it does not live', async () => {
    await createPod('probed', {
      containers: [
        server({
          startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
          readinessProbe: {
            httpGet: { path: '/ready', port: 8080 },
            periodSeconds: 1,
            failureThreshold: 1,
          },
          livenessProbe: {
            exec: {
              command: [
                '/bin/node',
                '-e',
                'process.exit(require("fs").existsSync("/tmp/dead") ? 1 : 0)',
              ],
            },
            periodSeconds: 1,
            timeoutSeconds: 10,
            failureThreshold: 1,
          },
        }),
      ],
    });
    await waitForPod('probed', isReady);
    const { env } = await proxied('probed', '/break');
    const pod = await waitForPod('probed', each => !isReady(each));
    expect(pod.status!.containerStatuses![0]).toMatchObject({
      ready: false,
      started: true,
      restartCount: 0,
    });
    await waitFor('event', async () =>
      (await eventsOf('probed')).includes(
        'Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503',
      ),
    );
    fs.writeFileSync(path.join(env.HOME, 'dead'), '');
    await waitForContainer('probed', ({ restartCount }) => restartCount > 0);
    fs.rmSync(path.join(env.HOME, 'dead'), { force: true });
    expect(await eventsOf('probed')).toContain(
      'Normal Killing Container server failed liveness probe, will be restarted',
    );
    await waitForPod('probed', isReady);
  });

  it('waits for a secret that is not there, and for a volume that it cannot have', async () => {
    await createPod('keyless', {
      containers: [
        server({
          env: [
            {
              name: 'KEY',
              valueFrom: { secretKeyRef: { name: 'late', key: 'key' } },
            },
          ],
        }),
      ],
    });
    await createPod('outside', {
      containers: [server()],
      volumes: [{ name: 'etc', hostPath: { path: '/etc' } }],
    });
    const pod = await waitForContainer(
      'keyless',
      ({ state }) => state?.waiting?.reason === 'CreateContainerConfigError',
    );
    expect(pod.status!.containerStatuses![0].state!.waiting!.message).toBe(
      'secret "late" not found',
    );
    await api.post('/api/v1/namespaces/default/secrets', {
      metadata: { name: 'late' },
      stringData: { key: 'now' },
    });
    await waitForPod('keyless', isReady);
    await waitFor('event', async () =>
      (await eventsOf('outside')).some(event =>
        /^Warning FailedMount MountVolume.SetUp failed for volume "etc" : .*hostPath/.test(
          event,
        ),
      ),
    );
    expect((await api.get<Pod>(`${PODS}/outside`)).status!.phase).toBe(
      'Pending',
    );
  });

  it('stays pending when no node can take it, and is taken when one can', async () => {
    await createPod('big', {
      containers: [server({ resources: { requests: { memory: '4Ti' } } })],
    });
    await createPod('picky', {
      nodeSelector: { disk: 'fast' },
      containers: [server()],
    });
    const big = await waitForPod('big', each =>
      Boolean(condition(each, 'PodScheduled')),
    );
    const words =
      '0/1 nodes are available: 1 Insufficient memory. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
    expect(condition(big, 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: words,
    });
    expect(big.status!.phase).toBe('Pending');
    await waitFor('event', async () =>
      (await eventsOf('big')).includes(`Warning FailedScheduling ${words}`),
    );
    await waitForPod('picky', each =>
      Boolean(
        condition(each, 'PodScheduled')?.message?.includes(
          "1 node(s) didn't match Pod's node affinity/selector",
        ),
      ),
    );
    await api.patch('/api/v1/nodes/laptop', {
      metadata: { labels: { disk: 'fast' } },
    });
    await waitForPod('picky', isReady);
  });
});

describe('the kubelet', () => {
  it('answers nobody who shows no certificate of the API server', async () => {
    const asked = new Promise((resolve, reject) => {
      https
        .get(
          {
            host: '127.0.0.1',
            port: kubelet.port,
            path: '/containerLogs/default/web/server',
            rejectUnauthorized: false,
          },
          resolve,
        )
        .on('error', reject);
    });
    await expect(asked).rejects.toThrow();
  });

  it('goes on when the API server was away', async () => {
    await cluster.restartApiServer();
    await createPod('afterwards', { containers: [server()] });
    const pod = await waitForPod('afterwards', isReady);
    expect(pod.spec!.nodeName).toBe('laptop');
  });

  it('takes over what runs after it was killed, with its log', async () => {
    await createPod('adopted', {
      containers: [
        server({
          readinessProbe: {
            httpGet: { path: '/ready', port: 8080 },
            periodSeconds: 1,
          },
        }),
      ],
    });
    await waitForPod('adopted', isReady);
    const before = await proxied('adopted', '/before');
    await kubelet.killAndRestart();
    const after = await answerOf('adopted', '/after');
    expect(after.pid).toBe(before.pid);
    const { text } = await logsOf('adopted');
    expect(text).toContain('asked for /before\n');
    expect(text).toContain('asked for /after\n');
    expect(
      (await api.get<Pod>(`${PODS}/adopted`)).status!.containerStatuses![0]
        .restartCount,
    ).toBe(0);
    process.kill(after.pid, 'SIGKILL');
    await waitForContainer(
      'adopted',
      each => each.restartCount === 1 && each.ready,
    );
    await api.delete(`${PODS}/adopted`, {});
    await waitFor(
      'end',
      async () => (await getText(`${PODS}/adopted`)).status === 404,
    );
  });

  it('ends what was deleted while it was away', async () => {
    for (const name of ['deleted', 'removed']) {
      await createPod(name, { containers: [server()] });
    }
    const asked = await answerOf('deleted');
    const forced = await answerOf('removed');
    await kubelet.killAndRestart(async () => {
      await api.delete(`${PODS}/deleted`, {});
      await api.delete(`${PODS}/removed`, { gracePeriodSeconds: 0 });
      expect([asked, forced].map(({ pid }) => isAlive(pid))).toEqual([
        true,
        true,
      ]);
    });
    await waitFor(
      'end',
      async () =>
        (await getText(`${PODS}/deleted`)).status === 404 &&
        ![asked, forced].some(({ pid }) => isAlive(pid)),
    );
    expect(kubelet.log().join('\n')).not.toMatch(/Error/);
  });

  it('leaves nothing running when it was killed and none comes', async () => {
    const { pid } = await answerOf('afterwards');
    await kubelet.killAndRestart(async () => {
      await waitFor('end of the container', async () => !isAlive(pid));
    });
    await waitForContainer(
      'afterwards',
      each =>
        each.restartCount === 1 &&
        each.ready &&
        each.lastState?.terminated?.reason === 'Unknown',
    );
    expect(isAlive(pid)).toBe(false);
  });

  it('ends all containers when it is stopped', async () => {
    const { pid } = await answerOf('afterwards');
    await kubelet.stop();
    expect(isAlive(pid)).toBe(false);
  });
});
