// SPDX-License-Identifier: Apache-2.0
import type { LineRule } from '../ruleTypes';

const infrastructure = (
  id: string,
  reason: string,
  pattern: RegExp,
  rest: Pick<LineRule, 'transient' | 'advice'> & { scope?: 'step' } = {
    transient: true,
  },
): LineRule => ({
  id,
  type: 'infrastructure',
  reason,
  pattern,
  scope: 'near',
  ...rest,
});

/** What nobody mends by a commit: the machine, the network, a service. */
export const infrastructureLines: LineRule[] = [
  infrastructure(
    'no-space-left',
    'The disk of the machine is full.',
    /No space left on device|no space left on device|\bENOSPC\b|There is not enough space on the disk|Disk quota exceeded/,
    {
      scope: 'step',
      advice:
        'Free space on the machine (tools, images and caches that the job does not need), or take one with a larger disk.',
    },
  ),
  infrastructure(
    'runner-agent-lost',
    'The CI system lost its connection to the machine.',
    /hudson\.remoting\.(?:Channel\$OrderlyShutdown|ChannelClosedException|RequestAbortedException)|^FATAL: command execution failed|Cannot contact \S{1,100}: |Agent went offline during the build|ERROR: Job failed \(system failure\)|The runner has received a shutdown signal|lost communication with the server/,
  ),
  infrastructure(
    'tls',
    'A server could not be trusted, or TLS did not come about.',
    /certificate (?:verify (?:failed|locations)|has expired|is not yet valid)|server certificate verification failed|SSL certificate problem|x509: (?:certificate|cannot validate)|SSLHandshakeException|PKIX path building failed|CERT_HAS_EXPIRED|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF|GET_ISSUER)|unable to get local issuer certificate/,
    {},
  ),
  infrastructure(
    'git-fetch',
    'The repository could not be fetched.',
    /^fatal: (?:unable to access|[Cc]ould not read from remote repository|the remote end hung up|early EOF|fetch-pack|unable to connect|protocol error|unable to look up)|stderr: fatal: |error: RPC failed|^Error cloning remote repo|hudson\.plugins\.git\.GitException|The process '[^']{1,200}git' failed with exit code 128/,
  ),
  infrastructure(
    'git-ownership',
    'Git refuses a work tree of another owner.',
    /dubious ownership in repository|unsafe repository/,
    { advice: 'Name the folder with `git config safe.directory`.' },
  ),
  infrastructure(
    'mlflow-unreachable',
    'The MLflow server does not answer, or refuses the pipeline.',
    /\bMLflow at \S{1,300} (?:does not answer|refuses|answers with an error: .{0,300}(?:50\d|INTERNAL_ERROR|TEMPORARILY_UNAVAILABLE|failed with exception))|MlflowException: API request to .{1,300} failed with (?:exception|error code (?:50\d|429))/,
  ),
  infrastructure(
    'no-disk-or-lock',
    'Something other than memory is used up or held by another.',
    /Unable to acquire lock\b|[Ee]rror acquiring the state lock|Too many open files|Resource temporarily unavailable|Read-only file system|Input\/output error|unable to start container process|Cannot connect to the Docker daemon|failed to create shim task|error during connect: /,
    {},
  ),
  infrastructure(
    'rate-limit',
    'A service refuses because it was asked too often.',
    /API rate limit exceeded|secondary rate limit|[Tt][Oo][Oo] ?[Mm][Aa][Nn][Yy] ?[Rr][Ee][Qq][Uu][Ee][Ss][Tt][Ss]|[Rr]ate limit (?:exceeded|reached|hit)|You have reached your (?:unauthenticated )?pull rate limit|status code:? 429|\bHTTP (?:error )?429\b/,
  ),
  infrastructure(
    'service-unavailable',
    'A service that the pipeline needs answers with an error of its own.',
    /(?:responded|answered|replied) with (?:status )?(?:code )?5\d\d\b|\]\[5\d\d\]|\b(?:returned error|[Ss]tatus(?: code)?|HTTP(?:\/[\d.]{1,4})?(?: [Ss]tatus| error| code)?|[Ee]rror(?: code)?|E(?=5))[: ]{0,3}5\d\d\b(?!\d)|\b50[0234] (?:Internal Server Error|Server Error|Bad Gateway|Service Unavailable|Service Temporarily Unavailable|Gateway Time-?[Oo]ut)|[Uu]nexpected (?:http )?status(?: code)?.{0,60}\b5\d\d\b|503 Service Unavailable|INTERNAL_ERROR; received from peer|[Ff]ailed to (?:load|download|update) (?:the )?vulnerability (?:db|DB|database)|unable to (?:download|update) (?:the )?(?:vulnerability )?(?:db|database)|Our services aren't available right now|received unexpected HTTP status: 5|Unable to make request: |Failed to (?:save|restore): .{0,80}(?:5\d\d|timeout)/,
  ),
  infrastructure(
    'name-resolution',
    'A host name could not be resolved.',
    /Could not resolve (?:host|proxy)|Temporary failure in name resolution|getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|\b(?:ENOTFOUND|EAI_AGAIN)\b|Name or service not known|dial tcp: lookup |: no such host\b|UnknownHostException|nodename nor servname provided|Temporary failure resolving '/,
  ),
  infrastructure(
    'machine-lock',
    'Another process of the machine holds what the command needs.',
    /Could not get lock|Unable to acquire the dpkg|database is locked|Address already in use|port is already allocated/,
  ),
  infrastructure(
    'signature',
    'A package repository is not signed with a key that the machine knows.',
    /NO_PUBKEY|InRelease' is not signed|signatures couldn't be verified/,
    {},
  ),
  infrastructure(
    'local-connection',
    'Nothing listens on this machine where the program looks for its server.',
    /(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})? was refused|(?:localhost|127\.0\.0\.1|::1)[\]"'):, ].{0,60}[Cc]onnection refused|connect ECONNREFUSED (?:127\.0\.0\.1|::1)/,
    {
      advice:
        'Check that the address of the server reaches the job (kubeconfig, variable, service), and that the server was started.',
    },
  ),
  infrastructure(
    'connection',
    'A connection could not be made, or broke.',
    /^curl: \((?:5|6|7|18|28|35|52|55|56|60|92)\) |[Cc]onnection (?:refused|reset by peer|timed out|aborted|was closed|broken: )|\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENETUNREACH|ESOCKETTIMEDOUT|ERR_SOCKET_TIMEOUT)\b|[Rr]ead timed out|CONNECTION FAILED for url|[Ii]nitialization has timed out|[Tt]imed out after \d{1,6}|\bi\/o timeout\b|Client\.Timeout exceeded|Max retries exceeded with url|NewConnectionError|[Nn]etwork is unreachable|(?:[Cc]ould ?n[o']t|[Cc]ould not|[Ff]ailed to|[Uu]nable to) connect to \S|[Ff]ailed to establish (?:a (?:new )?)?connection|server misbehaving|[Nn]o route to host|net\/http: (?:request canceled|TLS handshake)|context deadline exceeded|unexpected EOF$|Could not transfer artifact .{0,400}(?:Connect|timed out|Connection|Transfer failed|5\d\d|Remote host)|socket hang up|network timeout at|SSL: UNEXPECTED_EOF|EOF occurred in violation of protocol|TLS handshake timeout|IncompleteRead|ProtocolError\(|Failed to fetch http|Unable to fetch some archives|Hash Sum mismatch|Operation too slow/,
  ),
  infrastructure(
    'actions-service',
    'GitHub Actions could not bring what the step needs.',
    /^Unable to (?:download actions?|find (?:any )?artifact|locate executable file)|^Failed to (?:download (?:action|archive)|resolve action)|Artifact (?:not found for name|has expired)|An error occurred trying to start process|Failed to CreateArtifact|No runner matching/,
    {},
  ),
  infrastructure(
    'missing-program',
    'A program that the step calls is not on the machine.',
    /: command not found$|^(?:\/bin\/)?(?:ba|da|z|a)?sh: (?:line )?(?:\d{1,6}: )?\S{1,100}: not found$|\.sh: (?:line )?\d{1,6}: \S{1,100}: not found$|executable file not found in \$PATH|^(?:uv|git|make|docker|kubectl) is missing: |^There is no environment in .{1,200}: run make install first|^there is no \w[\w-]{0,60}: run make install first|: No such file or directory \(os error 2\)$|make: \S{1,100}: No such file or directory$/,
    {
      advice:
        'Install the program in a step before, or in the image of the job.',
    },
  ),
];
