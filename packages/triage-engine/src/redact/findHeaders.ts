// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, groupRange } from './detection';
import { isPlaceholderValue } from './isPlaceholderValue';
import { looksRandom } from './randomness';

// RFC 9110 section 11.6.2, with the schemes of IANA's registry and of clouds.
const SCHEME =
  /\bauthorization\\{0,3}["']?\s{0,3}[:=,]\s{0,3}\\{0,3}["']?\s{0,3}(basic|bearer|token|apikey|api-key|negotiate|ntlm|hawk|key|ssws|genie-?key|bot|sharedkey(?:lite)?|sharedaccesssignature|splunk|pve\w{1,20}|vapid)\s{1,3}\\{0,3}["']?([^\s"'\\,]{4,8192})/dgi;
const WHOLE =
  /\bauthorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?\s{0,3}((?:aws4-hmac-sha256|digest|oauth|goog4-rsa-sha256|sharedaccesssignature)\s[^\r\n"']{8,4096})/dgi;
const RAW =
  /\bauthorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?([^\s"'\\,:]{12,4096})(?![\w ])/dgi;
const BEARER = /\b(?:bearer|basic)\s{1,3}([A-Za-z0-9._~+/=-]{8,8192})/dgi;

const NAMED =
  /\b(?:x-(?:[a-z]{1,20}-){0,4}(?:key|token|secret|signature|password)(?:-[a-z0-9]{1,12})?|private-token|job-token|deploy-token|api-?key|ocp-apim-subscription-key|x-goog-iap-jwt-assertion|dd-api-key|dd-application-key|circle-token|proxy-authorization)\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?(?:(?:basic|bearer|token)\s{1,3})?([^\s"'\\,]{6,4096})/dgi;

// RFC 6265: any value may be a session.
const COOKIE =
  /\b(set-)?cookie\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?((?:[\w.!#$%&*+^|~-]{1,128}=[^\s;"'\\]{1,4096}(?:; {0,2})?){1,60})/dgi;
const COOKIE_VALUE = /([\w.!#$%&*+^|~-]{1,128})=([^\s;"'\\]{4,4096})/dg;
const COOKIE_ATTRIBUTE = /^(?:path|domain|expires|max-age|samesite|version)$/i;

function detections(
  text: string,
  pattern: RegExp,
  group: number,
  accept: (value: string) => boolean = () => true,
): Detection[] {
  return [...text.matchAll(pattern)].flatMap(match => {
    const [start, end] = groupRange(match, group) ?? [0, 0];
    const secret = text.slice(start, end);
    return secret && !isPlaceholderValue(secret) && accept(secret)
      ? [{ start, end, kind: 'authorization', secret, certain: false }]
      : [];
  });
}

function findCookies(text: string): Detection[] {
  return [...text.matchAll(COOKIE)].flatMap(match => {
    const [from, to] = groupRange(match, 2) ?? [0, 0];
    const header = text.slice(from, to);
    const values = [...header.matchAll(COOKIE_VALUE)].slice(
      0,
      // Attributes follow the first pair of Set-Cookie.
      match[1] ? 1 : undefined,
    );
    return values.flatMap(pair => {
      const [start, end] = groupRange(pair, 2) ?? [0, 0];
      return COOKIE_ATTRIBUTE.test(pair[1]) || isPlaceholderValue(pair[2])
        ? []
        : [
            {
              start: from + start,
              end: from + end,
              kind: 'cookie',
              secret: pair[2],
              certain: false,
            },
          ];
    });
  });
}

/** Credentials in HTTP headers, as requests, curl and git's traces print them. */
export const findHeaders: Detector = (text, lower) => {
  const found: Detection[] = [];
  if (lower.includes('authorization')) {
    found.push(
      ...detections(text, SCHEME, 2),
      ...detections(text, WHOLE, 1),
      ...detections(text, RAW, 1, value => looksRandom(value)),
    );
  }
  if (lower.includes('bearer') || lower.includes('basic')) {
    found.push(
      ...detections(
        text,
        BEARER,
        1,
        value =>
          value.length >= 12 &&
          (looksRandom(value) || /^[A-Za-z0-9+/]{12,}={1,2}$/.test(value)),
      ),
    );
  }
  if (/key|token|secret|signature|password|authorization|jwt/.test(lower)) {
    found.push(
      ...detections(
        text,
        NAMED,
        1,
        value => looksRandom(value, 8) || value.length >= 20,
      ),
    );
  }
  return lower.includes('cookie') ? [...found, ...findCookies(text)] : found;
};
