// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../../facts/types';
import type { LineKind } from '../types';

const FORKS =
  /--preload|preload_app|\bfork\w{0,6}\b|prefork|multiprocessing|celery/i;

/** Whether the program is several processes that came from one. */
const isForked = ({ containers, groups }: Situation) =>
  containers.some(
    ({ isOfSubject, spec }) =>
      isOfSubject && FORKS.test(JSON.stringify(spec).slice(0, 20_000)),
  ) ||
  groups.some(
    ({ isOfSubject, line }) =>
      isOfSubject && FORKS.test(line.text.slice(0, 500)),
  );

/** Workers, proxies, and what they hold together with databases. */
export const WEB_SERVING_KINDS: LineKind[] = [
  {
    id: 'prepared-statement',
    type: 'upstream',
    pattern:
      /prepared statement "?(?<what>[\w-]{0,60})"? (?:already exists|does not exist)|DuplicatePreparedStatement|InvalidSQLStatementName|unnamed prepared statement does not exist|bind message supplies \d{1,5} parameters, but prepared statement/,
    say: 'A prepared statement ({what}) is looked for on another server connection than the one that prepared it: a pooler (PgBouncer or another, in transaction pool mode) stands between the service and PostgreSQL, while the driver (asyncpg, psycopg, JDBC) keeps its statement cache per connection, so that statements exist twice or not at all',
    also: /pool_mode ?[=:] ?(?:transaction|statement)/,
    steps: [
      'Switch the statement cache of the driver off (asyncpg statement_cache_size=0, psycopg prepare_threshold=None, JDBC prepareThreshold=0), use session pooling for this service, or PgBouncer from 1.21 on with max_prepared_statements.',
      'Or connect to PostgreSQL itself again, as before the change.',
    ],
    weight: 7,
  },
  {
    id: 'request-line-too-long',
    type: 'model-input',
    pattern:
      /Request Line is too large \((?<got>\d{1,9}) > (?<max>\d{1,9})\)|Request Line is too large|414 (?:Request-)?URI Too (?:Long|Large)|URI too long|limit_request_(?:line|field)/i,
    say: 'The URL of requests (the request line with its query string) is longer than the limit of the server ({got} against {max}; limit_request_line of gunicorn is 4094), which refuses them with 400 or 414',
    steps: [
      'Send what is long in the body (POST) or in smaller batches, or raise the limit (gunicorn --limit-request-line, large_client_header_buffers of nginx); look at which caller sends longer requests now.',
    ],
    weight: 7,
  },
  {
    id: 'response-header-too-big',
    type: 'network',
    pattern: /upstream sent too big header while reading response header/,
    say: 'The header of the answer (cookies, tokens) is larger than the buffer of the proxy (proxy_buffer_size of nginx, 4k or 8k), which answers 502 instead',
    steps: [
      'Raise proxy-buffer-size (nginx.ingress.kubernetes.io/proxy-buffer-size: 16k), or make cookies and tokens smaller (a session store instead of the whole token).',
    ],
    weight: 7.5,
  },
  {
    id: 'lock-queue',
    type: 'upstream',
    pattern:
      /still waiting for (?<what>\w{1,40}Lock) on|[Ww]aiting for table metadata lock|acquired AccessExclusiveLock|lock-queue/,
    say: 'A change of the schema (ALTER TABLE of a migration) waits for its lock ({what}) behind a long query, and every later query of the table is blocked behind it: they wait until their timeout, and the connection pool runs out',
    also: /ALTER TABLE|CREATE INDEX|DROP |VACUUM FULL|Running upgrade|alembic/,
    steps: [
      'End the long query or the migration (pg_terminate_backend of the process that holds the lock), and run migrations with a lock_timeout and at a quiet time.',
    ],
    weight: 8.5,
  },
  {
    id: 'connection-shared-by-forks',
    type: 'upstream',
    pattern:
      /decryption failed or bad record mac|SSL SYSCALL error: EOF detected|lost synchronization with server: got message type|PGRES_TUPLES_OK and no message from the libpq|Packet sequence number wrong/,
    say: 'Several worker processes share one connection to the database, which was opened before they were forked (preload): each inherits the same socket and TLS session, and their records get mixed up',
    steps: [
      'Open the connection (engine, pool) in each worker after the fork (post_fork, engine.dispose()), or do not preload the application.',
    ],
    weight: 7,
    appliesTo: isForked,
  },
  {
    id: 'acknowledgement-timeout',
    type: 'timeout',
    pattern:
      /delivery acknowledgement on channel \d{1,6} timed out\. Timeout value used: (?<limit>\d{1,12}) ms|timed out waiting for a consumer acknowledgement/,
    say: 'RabbitMQ closes the channel of a consumer that has not acknowledged a delivery within its consumer timeout ({limit} ms; 30 min by default): a task that is acknowledged only at its end (acks_late) takes longer, the worker loses the channel, and the message is delivered again',
    steps: [
      'Acknowledge early (acks_late off), split the task into shorter ones, or raise consumer_timeout of RabbitMQ above the longest task; lower the prefetch to 1.',
    ],
    weight: 8,
  },
  {
    id: 'idle-connection-closed',
    type: 'upstream',
    pattern:
      /disconnected by the server because of inactivity|server has gone away|terminating connection due to idle-session timeout|See wait_timeout|[Cc]onnection was closed (?:because it was|after being) idle/,
    say: 'Connections of the pool that were idle for longer than the time limit of the server (wait_timeout, idle timeout) are closed by it, while the pool neither pings nor recycles them: what it hands out is stale, and the request fails',
    steps: [
      'Let the pool test connections (pool_pre_ping) or renew them sooner than the time limit of the server (pool_recycle), or raise wait_timeout again.',
    ],
    weight: 6.5,
  },
  {
    id: 'read-only-replica',
    type: 'upstream',
    pattern:
      /can'?t write against a read only replica|READONLY You can|cannot execute (?<what>[A-Z ]{2,20}) in a read-only transaction|running with the --(?:super-)?read-only option|Not ?Writable ?Primary|not master and slaveOk=false/,
    say: 'Writes reach a read-only replica: the address that the client has (a service or host name of all nodes, or the old primary after a failover) leads to replicas instead of the current primary',
    steps: [
      'Let the client ask for the primary (Sentinel, cluster mode, the service of the primary, target_session_attrs=read-write), or roll back the change of its address.',
    ],
    weight: 6.5,
  },
  {
    id: 'http-1.0',
    type: 'network',
    pattern:
      /HTTP\/1\.0" 426\b|\b426 - low_version|\blow_version\b|426 Upgrade Required/,
    say: 'Envoy (the sidecar of the mesh, or a gateway) refuses HTTP/1.0 with 426 Upgrade Required: what proxies to it still speaks HTTP version 1.0 (the default of nginx for proxy_pass)',
    steps: [
      'Set proxy_http_version 1.1 (and clear the Connection header) in the nginx that proxies, or let Envoy accept HTTP/1.0 (accept_http_10, PILOT_HTTP10).',
    ],
    weight: 9,
  },
  {
    id: 'worker-does-not-answer-supervisor',
    type: 'errors',
    pattern:
      /Child process \[\d{1,8}\] died|Terminated child process \[\d{1,8}\]|[Ww]orker \S{1,30} (?:did not|does not) (?:answer|respond to) (?:the )?(?:ping|health ?check)/,
    say: 'The supervisor (parent process) of uvicorn ends a worker that does not answer its ping (health check, by default within 5 s): a child process that is busy, blocked or holds the GIL is killed with its requests in flight, though it is healthy, and the proxy before it answers 502',
    steps: [
      'Raise --timeout-worker-healthcheck of uvicorn, or let one process run per container and Kubernetes watch it.',
      'Move long computations off the event loop and out of the GIL (a process pool), or limit the size of a request.',
    ],
    weight: 7,
  },
];
