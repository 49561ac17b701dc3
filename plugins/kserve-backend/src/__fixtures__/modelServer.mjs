// SPDX-License-Identifier: Apache-2.0

// A model server of protocol v1: it adds up each row, and dies when it is told to.
import http from 'node:http';

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);

http
  .createServer(async (request, response) => {
    let text = '';
    for await (const part of request) {
      text += part;
    }
    const send = (body, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/v1/models') {
      send({ models: ['sum'] });
    } else if (request.url === '/v1/models/sum') {
      send({ name: 'sum', ready: true });
    } else if (request.url === '/v1/models/sum:predict') {
      const { instances } = JSON.parse(text);
      if (instances === 'die') {
        process.stderr.write('RuntimeError: the model was told to die\n');
        process.exit(3);
      }
      send({
        predictions: instances.map(row => row.reduce((a, b) => a + b, 0)),
      });
    } else {
      send({ error: 'not found' }, 404);
    }
  })
  .listen(port, '127.0.0.1', () => {
    process.stdout.write('the model is loaded\n');
  });
