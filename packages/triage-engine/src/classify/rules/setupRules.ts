// SPDX-License-Identifier: Apache-2.0
import type { LineRule } from '../ruleTypes';

/** What a person has to set right outside of the code: rights and settings. */
export const setupLines: LineRule[] = [
  {
    id: 'not-scanned',
    type: 'configuration',
    reason: 'The scanner could not run: nothing was scanned.',
    advice:
      'Give the scanner what it asks for; until then nothing is known of what it looks for.',
    pattern:
      /(?:missing|invalid|expired|no) \w{0,20} ?licen[cs]e(?: key)?\b(?!.{0,80}(?:package|dependency))|[Ll]icen[cs]e key (?:is )?(?:required|missing|invalid|expired)|Required packages missing|Could not detect (?:supported|package manager)|could not detect supported target files|Failed to (?:scan|analy[sz]e) (?:the )?(?:image|project|container)|unable to find the specified image|[Uu]nable to initialize (?:an? )?(?:image )?scanner|[Uu]nable to inspect the image|no (?:supported )?(?:manifest|target|lock)s? ?files? (?:found|detected)/,
    scope: 'near',
  },
  {
    id: 'action-version',
    type: 'configuration',
    reason: 'The workflow uses a version that is no longer there.',
    advice: 'Raise the version that the line names.',
    pattern:
      /it uses a deprecated version|^Unable to (?:resolve action|find version `)|unable to find version `|^Can't find 'action\.ya?ml'|Version .{1,60} (?:with arch|was not found(?! in the local cache))|Missing download info for|has been (?:removed|sunset|discontinued)|is no longer (?:supported|available)|The `set-(?:env|output)` command is disabled/,
    scope: 'near',
  },
  {
    id: 'name-conflict',
    type: 'configuration',
    reason: 'Something of that name is already there.',
    advice:
      'Give each writer a name of its own, or say that the old one is to be replaced.',
    pattern:
      /\(409\) Conflict|artifact with this name already exists|^(?:HTTPError: )?409 (?:Client Error|Conflict)|File already exists|a release with the same tag name already exists|cannot re-use a name that is still in use|already exists on the workflow run|another operation \(install\/upgrade\/rollback\) is in progress|previously published versions|already_exists|AlreadyExists|RESOURCE_ALREADY_EXISTS/,
    scope: 'near',
  },
  {
    id: 'protected-branch',
    type: 'configuration',
    reason: 'A rule of the repository does not let the pipeline push.',
    advice:
      'Open a pull request instead, or let this workflow past the rule of the branch.',
    pattern:
      /GH006: |[Pp]rotected branch (?:update|hook)|pre-receive hook declined|^! \[rejected\] |Your push was rejected/,
    scope: 'near',
  },
  {
    id: 'quota',
    type: 'infrastructure',
    reason: 'A quota or a budget is used up.',
    advice:
      'Raise the quota or the budget that the line names, or use less of it.',
    pattern:
      /exceeded its LFS budget|over (?:its|their) data quota|(?:insufficient|exceeded?|over|out of) (?:\w{1,20} ){0,3}(?:quota|budget|credits?)\b|\b[Qq]uota\b.{0,60}(?:exceeded|reached|insufficient)|exceed\w{0,3} (?:\w{1,20} ){0,2}quota|spending limit|QuotaExceeded|insufficient_quota|LimitExceeded\b|service limit\b|billing|reached your (?:\w{1,20} ){0,3}(?:limit|quota)|(?:monthly|usage|plan|free) limit\b/,
    scope: 'near',
  },
  {
    id: 'file-permission',
    type: 'configuration',
    reason: 'A file or folder of the machine may not be used in that way.',
    advice:
      'Set the mode or the owner of what the line names (`chmod +x`, the user of the container).',
    pattern:
      /PermissionError: |\bEACCES\b|^\S{1,200}: (?:line \d{1,6}: )?\.?\/\S{1,300}: Permission denied$|(?:open|create|write|remove|mkdir|unlink) .{0,200}: [Pp]ermission denied/,
    scope: 'near',
  },
  {
    id: 'credentials',
    type: 'credentials',
    reason: 'A service refuses the credentials of the pipeline, or gets none.',
    advice:
      'Check that the secret or role that the line speaks of exists for this job, is valid, and may do what it asks for.',
    pattern:
      /Resource not accessible by (?:integration|personal access token)|\bAADSTS\d{4,7}\b|unauthorized_client|invalid_client|run 'az login'|No subscriptions found for|asked for the client to provide credentials|[Ii]ncorrect username or password|rejected by the attribute condition|without `\w{1,30}` permission|[Tt]oken required\b|[Cc]ould not find credentials|requires an authenticated account|set the GH_TOKEN|denied: (?:permission_denied|installation not allowed|requested access to the resource|access forbidden)|unauthorized: |incorrect username or password|\b401 (?:Unauthorized|Client Error)|status code:? 40[13]\b|\b403 (?:Forbidden|Client Error)|HTTP(?:Error)?:? (?:Error )?40[13]\b|error:? 40[13]\b|Bad credentials|Host key verification failed|Repository not found|^fatal: repository '[^']{1,300}' not found|Permission denied \(publickey|Permission to \S{1,200} denied|ACTIONS_ID_TOKEN_REQUEST_TOKEN|ACTIONS_ID_TOKEN_REQUEST_URL|ambient OIDC credentials|\(403\) when calling|- Forbidden\b|error code 40[13]\b(?!.{0,300}Invalid Host)|OIDC token permissions|Could not load credentials from any providers|(?:Unable|unable|[Ff]ailed) to (?:locate|find|load|get) (?:\w{1,20} )?credentials|NoCredentials|Cannot perform an interactive login|Username and password required|no basic auth credentials|error (?:logging in|during login)|Authentication failed|authentication (?:failed|required)|could not read (?:Username|Password)|AccessDenied|[Aa]ccess [Dd]enied|is not authorized to perform|UnauthorizedOperation|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|[Ii]nvalid (?:API|api)[ _-]?(?:key|token)|(?:API|api)[ _-]?(?:key|token) (?:is )?(?:invalid|missing|required|not (?:found|set|provided))|[Gg]ated repo|[Tt]oken (?:is )?(?:expired|invalid|missing|required)|invalid_grant|invalid-publisher|[Ii]nsufficient (?:\w{1,20} )?(?:permissions?|scopes?|privileges?)|Permission '[^']{1,100}' denied|does not have (?:\w{1,20} ){0,2}(?:permission|access)|lacks? (?:the )?(?:required )?permissions?|\bUNAUTHENTICATED\b|PERMISSION_DENIED|Not logged in|must be (?:logged in|authenticated)|cannot (?:list|get|create|patch|update|delete|watch) resource "/,
    scope: 'near',
  },
  {
    id: 'setting',
    type: 'configuration',
    reason:
      'A setting, an argument or an input is missing or is not understood.',
    advice:
      'Mend the setting that the line names, in the workflow or in the file of that tool.',
    pattern:
      /No rule to make target|: \*\*\* missing separator|validation errors? for \w{0,60}(?:Settings|Config)\b|Input required and not supplied|The (?:template|workflow) is not valid|Invalid workflow file|Unexpected value '|[Ii]nput required|unrecogni[sz]ed arguments?: |the following arguments are required|[Uu]nrecogni[sz]ed (?:option|named-value|function|input)|[Uu]nknown (?:flag|option|command|shorthand flag|argument|switch)|[Nn]o such (?:option|command)\b|invalid (?:choice|option|argument|flag)|unexpected argument '|[Uu]nexpected input\(s\)|[Mm]issing (?:required )?(?:input|argument|parameter|option|environment variable|configuration|config)|(?:required|mandatory) (?:flag|input|argument|parameter|option|environment variable|variable)|(?:environment )?variable \S{1,80} (?:is )?(?:not set|unset|undefined|required|missing)|unbound variable|parameter not set|[Ii]nvalid (?:workflow|configuration|config)\b|[Ee]rror (?:loading|reading|parsing|in) (?:the )?(?:config|configuration)|\b(?:config|configuration)(?: file)? .{0,80}(?:not found|does not exist|is invalid|is not valid)|[Nn]o (?:valid )?configuration (?:file )?(?:was )?found|[Ii]nvalid Host header|UnsupportedModelRegistryStoreURI|is not a valid (?:URL|URI|option|choice|value)|Usage: |^usage: /,
    scope: 'near',
  },
];
