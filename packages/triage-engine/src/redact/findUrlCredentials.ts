// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, groupRange } from './detection';
import { isPlaceholderValue } from './isPlaceholderValue';
import { isIdentifier, looksRandom } from './randomness';

// RFC 3986's userinfo. People do not always escape `@` and `/` in a password:
// the last `@` before the path ends it.
const USERINFO =
  /\b[a-z][a-z0-9+.-]{1,30}:(?:\\?\/){2}([^\s:@/"'<>\\`]{0,256})(?::([^\s"'<>\\`/?#]{1,512}))?@(?=[\w[$-])/dgi;
// Drivers take the last `@` of the authority, whatever is in the password.
const DATABASE =
  /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|rediss|amqps?|mssql|clickhouse|snowflake|oracle|trino|kafka)(?:\+[a-z0-9]{1,20})?:\/\/[^\s:@/"'<>]{0,128}:/dgi;
const AUTHORITY = /[^\s"'<>\\`]{1,1024}/y;

// `user:password@tcp(host)` of Go, `jdbc:oracle:thin:user/password@host`.
const GO_DSN = /\b[\w.-]{1,64}:([^\s@:"']{3,128})@(?:tcp|unix)\(/dg;
const ORACLE = /\bjdbc:oracle:[a-z]{1,8}:[\w.-]{1,64}\/([^\s@"']{1,128})@/dgi;

// Signed URLs of Azure, AWS, Google and CloudFront, OAuth's parameters.
const QUERY =
  /[?&;](sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|x-goog-credential|awsaccesskeyid|googleaccessid|policy|access_token|refresh_token|id_token|token|private_token|job_token|api[-_]?key|apikey|subscription-key|key|code|client_secret|password|passwd|pwd|secret|auth|jwt|sessionid|session_id|sid|ticket|hmac|st)=([^\s"'<>&#;`\\)\]}]{4,4096})/dgi;
const WEAK =
  /^(?:key|code|policy|auth|sid|st|ticket|signature|googleaccessid)$/i;

const USERS =
  /^(?:git|hg|svn|root|admin|ubuntu|ec2-user|anonymous|user|x-access-token|oauth2|token|gitlab-ci-token|x-token-auth|__token__|_json_key|aws)$/i;

function detect(
  text: string,
  range: [number, number] | undefined,
  kind: string,
): Detection[] {
  if (!range) {
    return [];
  }
  const [start, end] = range;
  const secret = text.slice(start, end);
  return isPlaceholderValue(secret)
    ? []
    : [{ start, end, kind, secret, certain: true }];
}

function findUserinfo(text: string): Detection[] {
  return [...text.matchAll(USERINFO)].flatMap(match => {
    const [, user, password] = match;
    const found = password
      ? detect(text, groupRange(match, 2), 'url-password')
      : [];
    // A token stands in the user's place too.
    const tokenLike =
      user.length >= 16 && looksRandom(user) && !user.includes('.');
    return user && !USERS.test(user) && tokenLike
      ? [...found, ...detect(text, groupRange(match, 1), 'url-user')]
      : found;
  });
}

function findDatabasePasswords(text: string): Detection[] {
  return [...text.matchAll(DATABASE)].flatMap(match => {
    const start = match.index + match[0].length;
    AUTHORITY.lastIndex = start;
    const [rest] = AUTHORITY.exec(text)?.[0].split(/,?[a-z+]{2,20}:\/\//) ?? [
      '',
    ];
    const end = start + rest.lastIndexOf('@');
    return end > start && /[\w[$-]/.test(text.charAt(end + 1))
      ? detect(text, [start, end], 'url-password')
      : [];
  });
}

function findQuery(text: string): Detection[] {
  return [...text.matchAll(QUERY)].flatMap(match => {
    const [, name, value] = match;
    const decoded = value.replace(/%[0-9a-f]{2}/gi, 'x');
    const strong = !WEAK.test(name) && value.length >= 6;
    const random =
      value.length >= 12 && looksRandom(decoded) && !isIdentifier(value);
    return strong || random
      ? detect(text, groupRange(match, 2), 'url-parameter')
      : [];
  });
}

/** Passwords and signatures in URLs and data source names. */
export const findUrlCredentials: Detector = (text, lower) => {
  const found: Detection[] = [];
  if (lower.includes('@')) {
    found.push(...findUserinfo(text));
    if (lower.includes('://')) {
      found.push(...findDatabasePasswords(text));
    }
    const patterns = [
      /@(?:tcp|unix)\(/.test(lower) && GO_DSN,
      lower.includes('jdbc:oracle') && ORACLE,
    ].filter(pattern => pattern instanceof RegExp);
    for (const pattern of patterns) {
      for (const match of text.matchAll(pattern)) {
        const range = groupRange(match, 1);
        // `host:80/path@version` has no user.
        if (!/^\d{1,5}\//.test(match[1])) {
          found.push(...detect(text, range, 'url-password'));
        }
      }
    }
  }
  return lower.includes('=') ? [...found, ...findQuery(text)] : found;
};
