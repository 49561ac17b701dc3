// SPDX-License-Identifier: Apache-2.0
import type { LineKind } from '../types';

/** Names, connections, certificates, pools. */
export const NETWORK_KINDS: LineKind[] = [
  {
    id: 'service-links',
    type: 'configuration',
    pattern:
      /\b(?<what>[A-Z][A-Z0-9_]{1,60}_PORT)\b[^\n]{0,60}tcp:\/\/|tcp:\/\/[\d.]{7,15}:\d{1,5}'? appears to be a URI/,
    say: 'A Service of that name lets Kubernetes set the environment variable {what|_PORT} of every pod to an address (service links), which the program takes for its own setting',
    steps: ['Set enableServiceLinks: false on the pod, or rename the Service.'],
    weight: 6.5,
  },
  {
    id: 'dns',
    type: 'network',
    pattern:
      /Temporary failure in name resolution|Name or service not known|lookup (?<what>[\w.-]{1,120})(?: on [\d.:]{1,40})?: (?:no such host|server misbehaving|i\/o timeout|[^\n]{0,60}i\/o timeout)|getaddrinfo (?:EAI_AGAIN|ENOTFOUND) (?<what2>[\w.-]{1,120})|[Cc]ould not resolve host:? (?<what3>[\w.-]{1,120})|UnknownHostException:? (?<what4>[\w.-]{1,120})|NameResolutionError|plugin\/errors: 2 (?<what5>[\w.-]{1,120})|(?:SERVFAIL|NXDOMAIN) (?<what6>[\w.-]{0,120})|DNS (?:resolution|lookup) (?:failed|timed? ?out)|dns: (?:error|timeout)/,
    say: 'DNS: looking up the name {what|} fails or times out and is repeated after 5 s: CoreDNS does not answer or is overloaded, its packets are lost (conntrack), or the name does not exist; calls to it fail or wait',
    steps: [
      'Check CoreDNS (load, errors, replicas, ndots and search domains); scale it or use NodeLocal DNSCache; reuse connections, so that not each request looks the name up.',
      'Correct the host name in the configuration if it changed.',
    ],
    weight: 5.5,
  },
  {
    id: 'conntrack',
    type: 'network',
    pattern: /nf_conntrack: (?:nf_conntrack: )?table full, dropping packet/,
    say: 'The conntrack table of the node is full, and the kernel drops packets: connections and DNS queries fail at random',
    steps: [
      'Raise net.netfilter.nf_conntrack_max on the nodes, and reduce short connections (keep-alive, pooling).',
    ],
    weight: 8,
  },
  {
    id: 'ports-exhausted',
    type: 'network',
    pattern:
      /Cannot assign requested address|EADDRNOTAVAIL|(?:SNAT|ephemeral) ports? (?:exhaust|allocation fail)\w{0,4}|ErrorPortAllocation/i,
    say: 'The ephemeral (SNAT) ports to one destination are exhausted, since each request opens a new connection: connections can no longer be opened',
    steps: [
      'Reuse connections (keep-alive, connection pool); widen ip_local_port_range or add NAT addresses.',
    ],
    weight: 6,
  },
  {
    id: 'connection-pool',
    type: 'upstream',
    pattern:
      /QueuePool limit of size (?<size>\d{1,5}) overflow (?<over>\d{1,5}) reached|remaining connection slots are reserved|too many clients already|Too many connections|(?:Hikari)?Pool[\w -]{0,20} - Connection is not available|[Tt]imeout waiting for (?:idle object|connection from pool)|ConnectionPoolTimeoutException|PoolTimeout|max number of clients reached|[Cc]onnection pool (?:is )?(?:full|exhausted)|pool exhausted|[Nn]o (?:free|available) connections?|(?:[Uu]nable to|[Cc]ould not|[Cc]annot|[Ff]ailed to) (?:acquire|obtain|get|check out) (?:a |an )?(?:JDBC |database |db |free |Redis )?connection|PoolExhaustedError|no more connections allowed/,
    say: 'The connection pool is exhausted (size {size}): all connections to the database or service are in use, too few for the number of replicas and workers or never given back, so that requests wait for one and time out',
    steps: [
      'Raise the pool size or max_connections, or use fewer workers; put a pooler (PgBouncer) in between.',
      'Find what holds connections: slow queries, leaks, transactions left open.',
    ],
    weight: 6,
  },
  {
    id: 'certificate-expired',
    type: 'certificate',
    pattern:
      /certificate has expired(?: or is not yet valid)?(?:: current time (?<now>\S{1,40}) is after (?<end>[\w:-]{1,40}))?|CERTIFICATE_VERIFY_FAILED\] certificate verify failed: certificate has expired|cert(?:ificate)?[^\n]{0,40} expired|CertificateExpiredException|NotAfter:/,
    say: 'A TLS certificate has expired ({end}), so that every connection that checks it (x509) is refused',
    steps: [
      'Renew the certificate now (cert-manager: reissue, then restart what has loaded the old one), and find out why it was not rotated.',
      'Alert on the expiry weeks before.',
    ],
    weight: 7,
  },
  {
    id: 'webhook-untrusted',
    type: 'certificate',
    pattern:
      /failed calling webhook \\?"(?<what>[\w.-]{1,200})[^\n]{0,600}x509: certificate (?:signed by unknown authority|is valid for|relies on)/,
    say: 'The API server does not trust the certificate of the admission webhook {what} (x509): the CA bundle (caBundle) of its webhook configuration is not, or no longer, that of the certificate, as after it was renewed or rotated, so that objects it is asked about are refused',
    steps: [
      'Renew the caBundle of the Mutating- or ValidatingWebhookConfiguration (cert-manager: annotation inject-ca-from and a running cainjector), or restart what writes it; compare it with the CA of the serving certificate.',
    ],
    weight: 7.5,
  },
  {
    id: 'certificate-untrusted',
    type: 'certificate',
    pattern:
      /certificate signed by unknown authority|self[- ]signed certificate|unable to get local issuer certificate|certificate is (?:valid for|not valid for) (?<what>[^\n]{1,100})|doesn't match either of|Hostname mismatch|PKIX path building failed|remote error: tls: (?:bad certificate|unknown certificate authority)|tls: failed to verify certificate/,
    say: 'The TLS certificate of the other side is not trusted (unknown authority, self-signed, or made for another host name: {what}), so that connections fail',
    steps: [
      'Install the right CA bundle or certificate with the right names; look at what was rotated last.',
    ],
    weight: 6,
  },
  {
    id: 'ip-exhaustion',
    type: 'network',
    pattern:
      /failed to assign an IP address to container|no (?:more )?(?:available|free) IP(?:s| addresses)|InsufficientFreeAddressesInSubnet|IP_SPACE_EXHAUSTED|failed to allocate for range \d|no IP addresses available in range|insufficient (?:IPs|free addresses)/i,
    say: 'The subnet or pod CIDR has no free IP addresses left: new pods get no IP address and do not start',
    steps: [
      'Add or enlarge the subnet or pod CIDR (prefix delegation, secondary range), or lower the number of pods per node; delete what is not needed.',
    ],
    weight: 8,
  },
  {
    id: 'sandbox',
    type: 'network',
    pattern:
      /Failed to create pod sandbox|FailedCreatePodSandBox|cni (?:config|plugin)[^\n]{0,60}(?:uninitialized|not initialized|failed)|NetworkPluginNotReady|network is not ready/i,
    say: 'The node cannot give the pod a network (CNI): the pod sandbox is not created',
    steps: ['Check the CNI pods on that node; cordon it and move the pods.'],
    weight: 5,
  },
  {
    id: 'circuit-breaker',
    type: 'errors',
    pattern:
      /reset reason: overflow|upstream_rq_pending_overflow|response_flags"?[:=] ?"?UO|\bUO\b[^\n]{0,60}503/,
    say: 'The circuit breaker of the proxy overflows (too few allowed connections or pending requests), and it answers 503 by itself without asking the service',
    steps: [
      'Raise the connection pool limits of the DestinationRule (http1MaxPendingRequests, maxConnections) to the load, or add replicas.',
    ],
    weight: 6,
  },
  {
    id: 'mesh-policy',
    type: 'network',
    pattern:
      /RBAC: access denied|rbac_access_denied|WRONG_VERSION_NUMBER|TLS error: Secret is not supplied|PeerAuthentication|no route for host|NR route_not_found|filter_chain_not_found/,
    say: 'The service mesh refuses the connection: an AuthorizationPolicy, the mTLS mode or the route does not fit between the two sides',
    steps: [
      'Compare AuthorizationPolicy, PeerAuthentication (mTLS) and DestinationRule of both sides, and undo the last change there.',
    ],
    weight: 6,
  },
  {
    id: 'port-in-use',
    type: 'configuration',
    pattern:
      /[Aa]ddress already in use|EADDRINUSE|bind: address|port (?<port>\d{2,5}) is already (?:in use|allocated)|only one usage of each socket/,
    say: 'The port {port} is already in use: two processes or containers of the pod want the same port, so that the server ends at start',
    steps: [
      'Give one of the two another port (sidecar, second worker, metrics), or end the process that still holds it.',
    ],
    weight: 7,
  },
  {
    id: 'clock-skew',
    type: 'infrastructure',
    pattern:
      /RequestTimeTooSkewed|[Cc]lock skew|Token used before issued|token is not (?:yet valid|valid yet)|Signature not yet current|time (?:is )?out of sync|system time[^\n]{0,40}(?:ahead|behind)/,
    say: 'The clock of the node is wrong (clock skew), so that signatures and tokens are refused as too old or not yet valid',
    steps: [
      'Repair the time synchronisation (NTP, chrony) on that node; drain it until then.',
    ],
    weight: 7,
  },
  {
    id: 'upstream-refused',
    type: 'upstream',
    pattern:
      /(?:[Cc]onnection refused|ECONNREFUSED|connect: connection refused|Failed to establish a new connection|[Nn]o healthy upstream|no route to host|NoRouteToHostException)/,
    say: 'A service that is called does not accept connections',
    steps: [
      'Look at the service that refuses: is it running, ready, and at this address and port?',
    ],
    weight: 3,
  },
  {
    id: 'datastore',
    type: 'upstream',
    pattern:
      /OOM command not allowed when used memory|READONLY You can't write against a read only replica|LOADING Redis is loading|CLUSTERDOWN|MISCONF Redis|deadlock detected|canceling statement due to (?:lock timeout|conflict with recovery)|database is locked|Lock wait timeout exceeded|NotLeaderForPartition|could not obtain lock|es_rejected_execution_exception|circuit_breaking_exception|too many (?:concurrent )?(?:queries|requests) for (?:the )?(?:table|tablet|partition)/,
    say: 'The data store behind the service refuses or blocks: it is out of memory, read-only, locked or being loaded, and requests that need it fail or wait',
    steps: [
      'Look at the data store itself: memory and maxmemory policy, failover, locks, long queries.',
    ],
    weight: 6,
  },
  {
    id: 'upstream-timeout',
    type: 'latency',
    pattern:
      /upstream timed out \(110|[Cc]ontext deadline exceeded|DEADLINE_EXCEEDED|[Rr]ead timed out|ReadTimeout|upstream request timeout|stream timeout|Gateway Time-?out|[Tt]imed out after|operation timed out|ETIMEDOUT/,
    say: 'A call takes longer than its time limit',
    steps: [
      'Find what the slow call waits for, then set the time limits along the chain so that the inner one is the shortest.',
    ],
    weight: 2.5,
  },
];
