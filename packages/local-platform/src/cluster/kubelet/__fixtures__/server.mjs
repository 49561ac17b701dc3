// SPDX-License-Identifier: Apache-2.0
// A program for tests: `serve` answers on PORT, `fail CODE WORDS`, `eat MEGABYTES`, `tick`.
import fs from 'node:fs';
import http from 'node:http';

const [mode = 'serve', ...rest] = process.argv.slice(2);

if (mode === 'fail') {
  console.error(rest.slice(1).join(' '));
  process.exit(Number(rest[0]));
}
if (mode === 'write') {
  fs.writeFileSync(rest[0], rest[1]);
  process.exit(0);
}
if (mode === 'eat') {
  const eaten = [];
  setInterval(() => eaten.push(Buffer.alloc(16e6, eaten.length + 1)), 100);
}
if (mode === 'tick') {
  let count = 0;
  setInterval(() => console.log(`tick ${(count += 1)}`), 200);
}
if (mode === 'serve') {
  let ready = true;
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://pod');
    console.log(`asked for ${url.pathname}`);
    if (url.pathname === '/exit') {
      process.exit(Number(url.searchParams.get('code')));
    }
    if (url.pathname === '/ready') {
      response.writeHead(ready ? 200 : 503).end();
      return;
    }
    if (url.pathname === '/break') {
      ready = false;
    }
    const files = url.searchParams.getAll('file');
    response.end(
      JSON.stringify({
        pid: process.pid,
        host: request.headers.host,
        env: process.env,
        args: rest,
        cwd: process.cwd(),
        files: files.map(name => fs.readFileSync(name, 'utf8')),
      }),
    );
  });
  server.listen(Number(process.env.PORT), process.env.HOST, () =>
    console.log('listening'),
  );
  process.on('SIGTERM', () => {
    console.log('leaving');
    setTimeout(() => process.exit(0), 300);
  });
}
