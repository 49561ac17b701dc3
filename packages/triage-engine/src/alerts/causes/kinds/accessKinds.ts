// SPDX-License-Identifier: Apache-2.0
import type { LineKind } from '../types';

/** Credentials, rights, quotas, limits of rate. */
export const ACCESS_KINDS: LineKind[] = [
  {
    id: 'token-expired',
    type: 'credentials',
    pattern:
      /ExpiredToken(?:Exception)?|(?:[Tt]oken|JWT|credentials?|session|secret|API key)s? (?:has |have |is |was )?expired|invalid_grant|The provided token has expired|AADSTS700082|AADSTS7000222|TokenExpired|client secret[^\n]{0,40}expired/,
    say: 'The token or credential that the service uses has expired and was not refreshed, so that every call with it is refused',
    steps: [
      'Rotate or renew the credential and restart what holds the old token; make the client refresh it before it expires.',
    ],
    weight: 6,
  },
  {
    id: 'header-value',
    type: 'credentials',
    pattern:
      /InvalidHeaderValue|[Hh]eader value is invalid|failed to parse header value|[Ii](?:nvalid|llegal) header (?:field )?value|Invalid leading whitespace[^\n]{0,60}header|net\/http: invalid header field value/,
    say: 'A header cannot be made of the token or setting that goes into it, since the value ends with a newline or holds another control character: a Secret made from a file or with echo keeps the trailing newline',
    steps: [
      'Write the Secret anew without the trailing newline (printf or echo -n, kubectl create secret --from-literal), then restart the pod; let the program trim (strip) the value.',
    ],
    weight: 7,
  },
  {
    id: 'secret-missing',
    type: 'configuration',
    pattern:
      /(?:secret|configmap) "(?<what>[\w.-]{1,120})" not found|couldn't find key (?<what2>[\w.-]{1,80}) in (?:Secret|ConfigMap) (?<where>[\w./-]{1,120})|references non-existent (?:secret|config) key:? ?(?<what3>[\w.-]{0,80})|CreateContainerConfigError/,
    say: 'A Secret or ConfigMap (or a key of it) that the pod refers to is missing ({what}); the container cannot be created',
    steps: [
      'Create the Secret or ConfigMap with that key in the namespace of the pod, or correct its name in the manifest; look at what deleted or renamed it.',
    ],
    weight: 7,
  },
  {
    id: 'environment-missing',
    type: 'configuration',
    pattern:
      /KeyError: '(?<what>[A-Z][A-Z0-9_]{2,60})'|[Ee]nvironment variable '?"?(?<what2>[A-Z][A-Z0-9_]{2,60})'?"? (?:is |was |must |has )?(?:not set|not defined|missing|required|be set)|(?:[Ee]rror|ERROR|FATAL|fatal)\b[^\n]{0,80}?\b(?<what3>[A-Z][A-Z0-9_]{2,60}) (?:environment variable )?(?:is not set|must be set|is required|not set)|[Mm]issing (?:required )?(?:environment|env) variables?:? ?(?<what4>[\w, ]{1,100})/,
    say: 'The environment variable {what|} is missing or was renamed in the configuration, and the process ends at start without it',
    steps: [
      'Set the variable in the manifest (or its ConfigMap/Secret), or roll back the change that removed it.',
    ],
    weight: 6,
  },
  {
    id: 'configuration-invalid',
    type: 'configuration',
    pattern:
      /yaml: (?<what>(?:line \d|unmarshal|invalid|mapping|control|did not)[^\n]{1,100})|mapping values are not allowed here|error (?:un)?marshal(?:l)?ing|[Ii]nvalid (?:configuration|config)\b:? ?(?<what2>[^\n]{0,100})|(?:config(?:uration)?|settings?)[^\n]{0,60}(?:parse error|invalid value|could not be parsed|failed to parse)|error (?:loading|parsing|reading) config(?:uration)?[^\n]{0,20}: ?(?<what3>[^\n]{0,100})|invalid literal for int\(\) with base 10: (?<what4>'[^'\n]{0,60}')|[Uu]nable to parse [^\n]{0,60}config|(?:unknown|unexpected) (?:field|key) "(?<what5>[\w.-]{1,60})"/,
    say: 'The configuration is not valid (typo or wrong form: {what}), and the process does not accept it',
    steps: [
      'Correct the entry that the line names in the ConfigMap or file, or roll back to its last version.',
    ],
    weight: 5.5,
  },
  {
    id: 'no-credentials',
    type: 'credentials',
    pattern:
      /Unable to locate credentials|NoCredentialsError|NoCredentialProviders|CredentialsProviderError|no EC2 IMDS role found|Could not load credentials from any providers|DefaultCredentialsError|Could not automatically determine credentials|DefaultAzureCredential failed to retrieve/,
    say: 'The program finds no credentials at all: none in its environment or service account (IRSA, workload identity, a secret), and none from the metadata service of the node (IMDS, 169.254.169.254), which is out of reach of pods where its hop limit is 1 or a policy blocks it',
    also: /169\.254\.169\.254|httpPutResponseHopLimit|metadata\.google\.internal|IMDS/,
    steps: [
      'Give the service account a role (IRSA, EKS Pod Identity, workload identity), or let pods reach the metadata service (httpPutResponseHopLimit 2); look at what changed of nodes, service accounts and secrets.',
    ],
    weight: 6,
  },
  {
    id: 'access-denied',
    type: 'credentials',
    pattern:
      /AccessDenied(?:Exception)?|Access Denied|is not authorized to perform:? ?(?<what>[\w:*]{0,80})|InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|WebIdentityErr|AssumeRoleWithWebIdentity|PERMISSION_DENIED|Permission '(?<what2>[\w.]{1,80})' denied|does not have (?:storage\.\w{1,20}|permission)|403 (?:Client Error: )?Forbidden|status(?: code)?[:= ]{1,2}403|User "(?<who>[^"\n]{1,120})" cannot (?<verb>\w{1,20}) resource|AuthorizationFailure|AuthorizationPermissionMismatch/,
    say: 'Access is denied (403): the credentials, role or service account of the pod may not do {what|this}',
    steps: [
      'Check role, policy and service account of the pod (IRSA, workload identity, RBAC) and what changed there; give it that permission.',
    ],
    weight: 5.5,
  },
  {
    id: 'login-failed',
    type: 'credentials',
    pattern:
      /password authentication failed for user "?(?<who>[\w.-]{1,60})|WRONGPASS|NOAUTH Authentication required|Access denied for user '(?<who2>[\w.-]{1,60})'|[Aa]uthentication failed|[Ii]nvalid (?:API key|api key|credentials|username or password)|Incorrect API key|401 (?:Client Error: )?Unauthorized|status(?: code)?[:= ]{1,2}401|Unauthenticated/,
    say: 'The login is refused (401): password, key or token ({who}) is wrong or was rotated without the pods that use it',
    steps: [
      'Compare the secret that the pod holds with the current one; update it and restart the pods.',
    ],
    weight: 5,
  },
  {
    id: 'quota',
    type: 'scheduling',
    pattern:
      /exceeded quota: (?<what>[\w.-]{1,80}), requested: (?<got>[^\n]{1,80}?), used: (?<used>[^\n]{1,80}?), limited: (?<max>[^\n,]{1,80})|exceeded quota|maximum (?<res>cpu|memory) usage per (?:Container|Pod) is (?<max2>[\w.]{1,20})|failed quota: (?<what2>[^\n]{1,100})|must specify (?:limits|requests)\.\w{1,20}|QuotaExceeded|quota (?:limit )?(?:has been )?exceeded|Quota '(?<what3>[^'\n]{1,60})' exceeded|GCE_STOCKOUT|InsufficientInstanceCapacity|VcpuLimitExceeded|ZONE_RESOURCE_POOL_EXHAUSTED/,
    say: 'A resource quota or limit of the namespace or cloud is used up ({what}: requested {got}, used {used}, limited {max}), so that no further pods or nodes are created',
    steps: [
      'Raise the ResourceQuota (or the quota at the cloud), or free what others in the namespace hold; lower the requests of the pod.',
    ],
    weight: 7,
  },
  {
    id: 'admission-denied',
    type: 'configuration',
    pattern:
      /admission webhook "(?<what>[\w.-]{1,120})" denied the request:? ?(?<why>[^\n]{0,160})|violates PodSecurity "(?<what2>[^"\n]{1,60})"|is forbidden: (?<why2>[^\n]{1,160})|ValidatingAdmissionPolicy '(?<what3>[^'\n]{1,80})'/,
    say: 'Admission refuses new pods: the policy or webhook {what|} denies the request ({why}), so that replicas cannot be created',
    steps: [
      'Bring the pod template in line with the policy, or correct the policy; look at which of the two changed.',
    ],
    weight: 6.5,
  },
  {
    id: 'webhook-unreachable',
    type: 'configuration',
    pattern:
      /failed calling webhook "(?<what>[\w.-]{1,120})": (?<why>[^\n]{1,300})/,
    say: 'The admission webhook {what} cannot be called, and with failurePolicy Fail the API server rejects every new pod',
    steps: [
      'Restore the service behind the webhook (pods, endpoints, certificate), or exempt the namespace until then.',
    ],
    weight: 6.5,
  },
  {
    id: 'rate-limit',
    type: 'upstream',
    pattern:
      /toomanyrequests|429 Too Many Requests|Too Many Requests|[Rr]ate ?[Ll]imit(?:ed| reached| exceeded|Error| is exceeded)|ThrottlingException|ProvisionedThroughputExceeded(?:Exception)?|SlowDown|ThrottledException|RESOURCE_EXHAUSTED: (?:Quota|Rate)|RequestLimitExceeded|status(?: code)?[:= ]{1,2}429|API rate limit|client-side throttling/,
    say: 'A service that is called limits the rate (429, throttling): more requests are sent than its quota allows, so that calls are refused or retried',
    steps: [
      'Back off with jitter, cache or batch the calls, and ask for a higher rate limit; spread start-ups that all call at once.',
    ],
    weight: 5.5,
  },
];
