// SPDX-License-Identifier: Apache-2.0
// A model server for tests: metrics as those of serve.py; `/slow` and `/well` decide how it answers from now on.
import http from 'node:http';

if (process.argv[2] === 'eat') {
  const eaten = [];
  setInterval(() => eaten.push(Buffer.alloc(16e6, eaten.length + 1)), 100);
}

let slow = 0;
let requests = 0;
let fast = 0;
const labels = (more = '') => `{model_name="churn"${more}}`;

setInterval(() => {
  requests += 10;
  fast += slow ? 0 : 10;
}, 200);

http
  .createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://pod');
    if (pathname === '/slow' || pathname === '/well') {
      slow = Number(pathname === '/slow');
    }
    const text = [
      `request_predict_seconds_bucket${labels(',le="0.5"')} ${fast}`,
      `request_predict_seconds_bucket${labels(',le="1"')} ${requests}`,
      `request_predict_seconds_bucket${labels(',le="+Inf"')} ${requests}`,
      `request_predict_seconds_count${labels()} ${requests}`,
      `request_predict_seconds_sum${labels()} ${requests * 0.1}`,
      `ml_requests_total${labels(',protocol="v2"')} ${requests}`,
      `ml_request_errors_total${labels(',reason="internal"')} 0`,
      `ml_model_info${labels(',version="1"')} 1`,
      `model_is_slow${labels()} ${slow}`,
    ];
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      .end(`${text.join('\n')}\n`);
  })
  .listen(Number(process.env.PORT), process.env.HOST);
