// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { deflateRawSync, gzipSync } from 'node:zlib';

/**
 * A registry on loopback that speaks as much of npm's and PyPI's protocol as the real clients need,
 * and can be told to break.
 *
 * @returns {Promise<{ url: string, requests: string[], addNpm(name: string, version: string, files: Record<string, string>): void,
 *   addWheel(name: string, version: string): string, cut(on: boolean): void, close(): Promise<void> }>}
 */
export async function startMiniRegistry() {
  /** @type {Map<string, { type: string, body: Buffer | (() => string) }>} */
  const routes = new Map();
  /** @type {string[]} */
  const requests = [];
  let broken = false;
  const server = http.createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0]);
    requests.push(path);
    const route = routes.get(path) ?? routes.get(path.replace(/\/$/, ''));
    if (!route) {
      response.writeHead(404).end('{}');
      return;
    }
    const body =
      typeof route.body === 'function' ? Buffer.from(route.body()) : route.body;
    if (broken && route.type === 'application/octet-stream') {
      // As a connection that drops: the announced length never comes.
      response.writeHead(200, {
        'content-type': route.type,
        'content-length': body.length,
      });
      response.write(body.subarray(0, body.length / 2));
      setTimeout(() => response.destroy(), 20);
      return;
    }
    response.writeHead(200, { 'content-type': route.type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (
    server.address()
  );
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    requests,
    addNpm(name, version, files) {
      const manifest = {
        name,
        version,
        ...JSON.parse(files['package.json'] ?? '{}'),
      };
      const tarball = makeTarball({
        ...files,
        'package.json': JSON.stringify(manifest),
      });
      const file = `/${name}/-/${name}-${version}.tgz`;
      routes.set(file, { type: 'application/octet-stream', body: tarball });
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      routes.set(`/${name}`, {
        type: 'application/json',
        body: () =>
          JSON.stringify({
            name,
            'dist-tags': { latest: version },
            versions: {
              [version]: {
                ...manifest,
                dist: { tarball: url + file, integrity },
              },
            },
          }),
      });
    },
    addWheel(name, version) {
      const wheel = makeWheel(name, version);
      const file = `/files/${name}-${version}-py3-none-any.whl`;
      const hash = createHash('sha256').update(wheel).digest('hex');
      routes.set(file, { type: 'application/octet-stream', body: wheel });
      routes.set(`/simple/${name.replaceAll('_', '-')}`, {
        type: 'text/html',
        body: () =>
          `<!DOCTYPE html><a href="${file}#sha256=${hash}">${file.split('/').pop()}</a>`,
      });
      return hash;
    },
    cut(on) {
      broken = on;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @param {Record<string, string>} files */
function makeTarball(files) {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const body = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(`package/${name}`, 0);
    header.write('0000755\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** @param {string} name @param {string} version */
function makeWheel(name, version) {
  const info = `${name}-${version}.dist-info`;
  return makeZip({
    [`${name}/__init__.py`]: 'ANSWER = 42\n',
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]:
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `${name}/__init__.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  });
}

/** @param {Record<string, string>} files */
function makeZip(files) {
  const locals = [];
  const central = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const raw = Buffer.from(text);
    const packed = deflateRawSync(raw);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      common,
      Buffer.from(name),
      packed,
    ]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(
      Buffer.from('PK\x01\x02\x14\x00'),
      common,
      tail,
      Buffer.from(name),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(locals.length, 4);
  end.writeUInt16LE(locals.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}

/** @param {Buffer} data */
function crc32(data) {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
