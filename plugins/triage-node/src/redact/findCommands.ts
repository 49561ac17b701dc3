import { Detection, Detector, groupRange } from './detection';
import { isPlaceholderValue } from './isPlaceholderValue';
import { looksRandom } from './randomness';
import { TIME } from './readings';

interface CommandRule {
  keyword: string;
  /** The first group is the secret. */
  pattern: RegExp;
  random?: boolean;
}

// Where tools take a secret without a name that says so.
const RULES: CommandRule[] = [
  {
    keyword: 'curl',
    pattern:
      /\bcurl\b[^\r\n]{0,400}?\s(?:-u|--user|--proxy-user|-U)(?:=|\s{0,3})["']?[^\s:"']{0,128}:([^\s"']{1,256})/dg,
  },
  {
    keyword: 'login',
    pattern:
      /\b(?:docker|podman|helm|oras|skopeo|buildah|crane|nerdctl|az|registry|oc|npm|vault|argocd)\b[^\r\n]{0,120}?\blogin\b[^\r\n]{0,300}?\s-p(?:=|\s{1,3}|(?=["']))["']?([^\s"']{3,512})/dg,
  },
  {
    keyword: 'login',
    pattern:
      /\b(?:echo|printf)\s{1,3}(?:-\w{1,3}\s{1,3})?["']?([^\s"'$|]{6,512})["']?\s{0,3}\|[^\r\n]{0,120}?\blogin\b/dg,
  },
  {
    keyword: 'mysql',
    pattern:
      /\bmysql(?:dump|admin|import)?\b[^\r\n]{0,300}?\s-p["']?([^\s"']{3,256})/dg,
  },
  {
    keyword: 'sshpass',
    pattern: /\bsshpass\s{1,3}-p\s{0,3}["']?([^\s"']{3,256})/dg,
  },
  {
    keyword: 'redis-cli',
    pattern: /\bredis-cli\b[^\r\n]{0,200}?\s-a\s{1,3}["']?([^\s"']{3,256})/dg,
  },
  {
    keyword: 'machine',
    pattern:
      /\bmachine\s{1,4}\S{1,253}\s{1,8}(?:login|account)\s{1,4}\S{1,128}\s{1,8}password\s{1,4}(\S{1,512})/dg,
  },
  {
    keyword: 'default',
    pattern:
      /\bdefault\s{1,4}login\s{1,4}\S{1,128}\s{1,8}password\s{1,4}(\S{1,512})/dg,
  },
  {
    keyword: 'key-data',
    pattern:
      /\bclient-key-data["']?\s{0,3}:\s{0,3}["']?([A-Za-z0-9+/=]{20,8192})/dg,
  },
  {
    keyword: '"auth"',
    pattern: /"auth"\s{0,3}:\s{0,3}"([A-Za-z0-9+/=_-]{8,4096})"/dg,
  },
  {
    keyword: '_auth',
    pattern: /\b_auth(?:Token)?\s{0,3}=\s{0,3}["']?([^\s"']{6,4096})/dg,
  },
  // Kaggle's credentials file.
  {
    keyword: '"key"',
    pattern:
      /"username"\s{0,3}:\s{0,3}"[^"]{1,100}"\s{0,3},\s{0,3}"key"\s{0,3}:\s{0,3}"([^"]{16,128})"/dg,
  },
  {
    keyword: 'sha1',
    pattern:
      /\b(?:PBKDF2|scrypt|bcrypt|pbkdf2)[:_$](?:sha1|sha256|sha512)[:$]([\w$:+/=.-]{20,200})/dg,
  },
  // AWS's secret key has no form of its own, but a neighbour that has one.
  {
    keyword: 'a',
    pattern:
      /(?:\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\[REDACTED:aws-access-token#\d{1,6}\])[\s\S]{0,80}?(?<![A-Za-z0-9+/=])([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/dg,
    random: true,
  },
];

// A Secret's values are only encoded. The manifest is searched both ways from
// its kind, as keys of YAML and JSON come in any order.
const SECRET_KIND = /["']?kind["']?:\s{0,3}["']?Secret\b/g;
const SECRET_DATA = /(?<![\w.-])["']?(?:string)?data["']?:\s{0,4}[{\s]/gi;
const SECRET_ENTRY =
  /["']?([\w.-]{1,128})["']?:[^\S\n]{0,4}(?:[|>][+-]?\s{1,40})?["']?([^\s"',{}]{4,16384})/dgy;

const BLANK = new RegExp(`^[\\s,]{0,200}(?:(${TIME})([ \\t]{0,100}))?`);

function findManifests(text: string): Detection[] {
  const found: Detection[] = [];
  const kinds = [...text.matchAll(SECRET_KIND)].map(match => match.index);
  for (const data of text.matchAll(SECRET_DATA)) {
    const near = kinds.some(at => Math.abs(at - data.index) < 2000);
    let at = near ? data.index + data[0].length : text.length;
    while (at < text.length) {
      const [blank, time, indent] = BLANK.exec(text.slice(at, at + 400)) ?? [
        '',
      ];
      SECRET_ENTRY.lastIndex = at + blank.length;
      const entry = SECRET_ENTRY.exec(text);
      // A key at the margin ends the map.
      const margin = time ? indent.length < 2 : /\n$/.test(blank);
      if (!entry || margin) {
        break;
      }
      const [start, end] = groupRange(entry, 2) ?? [0, 0];
      if (!isPlaceholderValue(entry[2])) {
        found.push({
          start,
          end,
          kind: 'kubernetes-secret',
          secret: entry[2],
          certain: false,
        });
      }
      at = SECRET_ENTRY.lastIndex;
      if (/["']/.test(text.charAt(at))) {
        at++;
      }
    }
  }
  return found;
}

/** Secrets in command lines, credential files and manifests. */
export const findCommands: Detector = (text, lower) => {
  const found: Detection[] = [];
  for (const { keyword, pattern, random } of RULES) {
    if (lower.includes(keyword)) {
      for (const match of text.matchAll(pattern)) {
        const [start, end] = groupRange(match, 1) ?? [0, 0];
        const secret = text.slice(start, end);
        if (!isPlaceholderValue(secret) && (!random || looksRandom(secret))) {
          found.push({
            start,
            end,
            kind: 'credential',
            secret,
            certain: false,
          });
        }
      }
    }
  }
  return lower.includes('kind') && lower.includes('secret')
    ? [...found, ...findManifests(text)]
    : found;
};
