// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, groupRange } from './detection';
import { findManifests } from './findManifests';
import { isPlaceholderValue } from './isPlaceholderValue';
import { isIdentifier, looksRandom } from './randomness';
import { STAMP } from './readings';

interface ToolRule {
  /** In lower case. */
  keyword: string;
  /** Where the command begins; its arguments follow on the line. */
  tool: RegExp;
  /** The first group is the secret. */
  argument: RegExp;
  random?: boolean;
}

const tool = (
  keyword: string,
  begin: RegExp,
  argument: RegExp,
  random?: boolean,
): ToolRule => ({ keyword, tool: begin, argument, random });

/** How far from its command an argument is looked for. */
const REACH = 400;

// Where tools take a secret without a name that says so, as their manuals say.
const TOOLS: ToolRule[] = [
  tool(
    'curl',
    /\bcurl\b/g,
    /(?<=\s)(?:-[A-Za-z#]{0,12}[uU]|--user|--proxy-user)(?:=|\s{0,3})["']?[^\s:"']{0,128}:(?!\/\/)([^\s"']{1,256})/dg,
  ),
  tool(
    'http',
    /(?<=^|[\s"'$(>=])https?(?=\s)/gm,
    /(?<=\s)(?:-a|--auth)(?:=|\s{1,3})["']?[^\s:"']{1,128}:([^\s"']{1,256})/dg,
  ),
  tool(
    'login',
    /\b(?:docker|podman|helm|oras|skopeo|buildah|crane|nerdctl|az|registry|oc|npm|vault|argocd)\b[^\r\n]{0,120}?\blogin\b/g,
    /(?<=\s)-p(?:=|\s{1,3}|(?=["']))["']?([^\s"']{3,512})/dg,
  ),
  tool(
    'my',
    /\bmysql(?:dump|admin|import|sh)?\b/g,
    /(?<=\s)-p["']?([^\s"'=]{3,256})/dg,
  ),
  tool(
    'mariadb',
    /\bmariadb(?:-dump|-admin|-import)?\b/g,
    /(?<=\s)-p["']?([^\s"'=]{3,256})/dg,
  ),
  tool(
    'mongo',
    /\bmongo(?:sh|dump|restore|import|export)?\b/g,
    /(?<=\s)-p(?:=|\s{1,3})?["']?([^\s"'=-][^\s"']{2,255})/dg,
  ),
  tool('sshpass', /\bsshpass\b/g, /(?<=\s)-p\s{0,3}["']?([^\s"']{3,256})/dg),
  tool(
    'redis-cli',
    /\bredis-cli\b/g,
    /(?<=\s)(?:-a|AUTH)\s{1,3}["']?([^\s"']{3,256})/dg,
  ),
  tool('twine', /\btwine\b/g, /(?<=\s)-p(?:=|\s{1,3})["']?([^\s"']{3,512})/dg),
  tool('zip', /\b(?:un)?zip\b/g, /(?<=\s)-P\s{1,3}["']?([^\s"']{3,128})/dg),
  tool('7z', /\b7z[ar]?\b/g, /(?<=\s)-p["']?([^\s"']{3,128})/dg),
  tool(
    'smb',
    /\bsmb\w{0,12}\b/g,
    /(?<=\s)-U\s{0,3}["']?[^\s%"']{1,64}%([^\s"']{1,128})/dg,
  ),
  tool('ldap', /\bldap\w{0,12}\b/g, /(?<=\s)-w\s{0,3}["']?([^\s"']{3,128})/dg),
  tool(
    'sqlcmd',
    /\b(?:sqlcmd|bcp)\b/g,
    /(?<=\s)-P\s{0,3}["']?([^\s"']{3,128})/dg,
  ),
  tool(
    'htpasswd',
    /\bhtpasswd\b/g,
    /(?<=\s)-\w{0,4}b\w{0,4}\s{1,3}\S{1,200}\s{1,3}\S{1,128}\s{1,3}["']?([^\s"']{3,128})/dg,
  ),
  tool(
    'poetry',
    /\bpoetry\b/g,
    /\bconfig\s{1,3}(?:-\S{1,20}\s{1,3})?(?:http-basic\.\S{1,64}\s{1,3}\S{1,64}|pypi-token\.\S{1,64})\s{1,3}["']?([^\s"']{3,512})/dg,
  ),
  tool('cargo', /\bcargo\b/g, /\blogin\s{1,3}["']?([^\s"'-][^\s"']{15,256})/dg),
  tool(
    'alias set',
    /\bmcl?i?\b/g,
    /\balias\s{1,3}set\s{1,3}\S{1,64}\s{1,3}\S{1,253}\s{1,3}\S{3,128}\s{1,3}["']?([^\s"']{8,128})/dg,
  ),
  tool(
    'from-literal',
    /\bkubectl\b|\boc\b/g,
    /--from-literal(?:=|\s{1,3})["']?[\w.-]{1,128}=["']?([^\s"']{1,2048})/dg,
  ),
  tool(
    'secret set',
    /\bgh\b/g,
    /\bsecret\s{1,3}set\b[^\r\n]{0,120}?\s(?:-b|--body)(?:=|\s{1,3})["']?([^\s"']{3,2048})/dg,
  ),
  // Its key is 40 hex digits, like a commit: only these words tell them apart.
  tool(
    'wandb',
    /\bwandb\b/g,
    /(?:\blogin\b|\bkey\b|netrc|\brelogin\b|\bapi_key\b|(?<=_)key\b)[^\r\n]{0,120}?(?<![0-9a-f])([0-9a-f]{40})(?![0-9a-f])/dgi,
  ),
  tool(
    'chpasswd',
    /\b(?:echo|printf)\b(?=[^\r\n]{1,300}chpasswd)/g,
    /^\s{1,3}(?:-\w{1,3}\s{1,3})?["']?[\w.-]{1,64}:([^\s"'$|]{3,256})/dg,
  ),
];

interface CommandRule {
  keyword: string;
  /** The first group is the secret. */
  pattern: RegExp;
  random?: boolean;
  /** Only a neighbour speaks for it. */
  guessed?: boolean;
}

/** BIP 39: 12 to 24 words, also over lines. */
function phrase(name: string): RegExp {
  const between = `(?:[ ,]{1,2}|[ ,]?\\r?\\n${STAMP}[ \\t]{0,40})`;
  return new RegExp(
    `\\b${name}\\\\{0,3}["']?\\s{0,3}[:=]\\s{0,3}\\\\{0,3}["']?((?:[a-z]{1,8}${between}){10,27}[a-z]{1,8})(?![a-z])`,
    'dgi',
  );
}

// Credential files, and what stands before a pipe.
const RULES: CommandRule[] = [
  {
    keyword: 'login',
    pattern:
      /\b(?:echo|printf)\s{1,3}(?:-\w{1,3}\s{1,3})?["']?([^\s"'$|]{6,512})["']?\s{0,3}\|[^\r\n]{0,120}?\blogin\b/dg,
  },
  // .netrc: https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
  {
    keyword: 'password',
    pattern:
      /\b(?:machine\s{1,4}\S{1,253}|default)(?:\s{1,8}(?:login|account)\s{1,4}\S{1,128}){1,2}\s{1,8}password\s{1,4}(\S{1,512})/dg,
  },
  {
    keyword: 'machine',
    pattern: /\bmachine\s{1,4}\S{1,253}\s{1,8}password\s{1,4}(\S{6,512})/dg,
    random: true,
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
  // The pair that HTTP clients of Python take.
  {
    keyword: 'auth',
    pattern:
      /\bauth\s{0,3}=\s{0,3}(?:\w{1,30})?\(\s{0,3}["'][^"'\r\n]{0,128}["']\s{0,3},\s{0,3}["']([^"'\r\n]{3,256})["']/dg,
  },
  // Kaggle's credentials file.
  {
    keyword: '"key"',
    pattern:
      /"username"\s{0,3}:\s{0,3}"[^"]{1,100}"\s{0,3},\s{0,3}"key"\s{0,3}:\s{0,3}"([^"]{16,128})"/dg,
  },
  // PostgreSQL's password file.
  {
    keyword: ':',
    pattern:
      /(?<=^|[\s"'>=])(?:[\w.-]{1,253}|\*):(?:\d{2,5}|\*):[\w.*-]{1,63}:[\w.*-]{1,63}:([^\s:"'<]{8,256})(?=$|[\s"'<])/dgm,
    random: true,
    guessed: true,
  },
  {
    keyword: 'sha1',
    pattern:
      /\b(?:PBKDF2|scrypt|bcrypt|pbkdf2)[:_$](?:sha1|sha256|sha512)[:$]([\w$:+/=.-]{20,200})/dg,
  },
  {
    keyword: 'phrase',
    pattern: phrase('(?:seed|recovery|backup)[ _-]{0,2}phrase'),
  },
  { keyword: 'mnemonic', pattern: phrase('mnemonic') },
  // RFC 8032: 32 bytes.
  {
    keyword: 'seed',
    pattern:
      /\bseed\\{0,3}["']?\s{0,3}[:=]?\s{0,3}\\{0,3}["']?(?:0x)?([0-9a-f]{64})(?![0-9a-f])/dgi,
  },
  // AWS's secret key has no form of its own, but a neighbour that has one.
  {
    keyword: 'a',
    pattern:
      /(?:\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\[REDACTED:aws-access-token#\d{1,6}\])[\s\S]{0,80}?(?<![A-Za-z0-9+/=])([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/dg,
    random: true,
    guessed: true,
  },
];

const PHRASE_WORDS = new Set([12, 15, 18, 21, 24]);

/** Without the words of a line below a phrase that is whole. */
function phraseOnly(secret: string): string {
  for (const { index } of secret.matchAll(/\n/g)) {
    const lines = secret.slice(0, index);
    if (PHRASE_WORDS.has(lines.split(/[\s,]+/).filter(Boolean).length)) {
      return lines.trimEnd();
    }
  }
  return secret;
}

function accept(secret: string, random = false): boolean {
  return (
    !isPlaceholderValue(secret) &&
    (!random || (looksRandom(secret) && !isIdentifier(secret)))
  );
}

function findArguments(text: string, lower: string): Detection[] {
  const found: Detection[] = [];
  for (const { keyword, tool: begin, argument, random } of TOOLS) {
    for (const command of lower.includes(keyword) ? text.matchAll(begin) : []) {
      const at = command.index + command[0].length;
      const near = text.slice(at, at + REACH);
      const line = /^(?:\\\r?\n|[^\r\n])*/.exec(near)?.[0] ?? '';
      for (const match of line.matchAll(argument)) {
        const [start, end] = groupRange(match, 1) ?? [0, 0];
        const secret = line.slice(start, end);
        if (accept(secret, random)) {
          found.push({
            start: at + start,
            end: at + end,
            kind: 'credential',
            secret,
            certain: false,
          });
        }
      }
    }
  }
  return found;
}

/** Secrets in command lines, credential files and manifests. */
export const findCommands: Detector = (text, lower) => {
  const found = findArguments(text, lower);
  for (const { keyword, pattern, random, guessed } of RULES) {
    if (lower.includes(keyword)) {
      for (const match of text.matchAll(pattern)) {
        const [start, end] = groupRange(match, 1) ?? [0, 0];
        const secret = phraseOnly(text.slice(start, end));
        if (accept(secret, random)) {
          found.push({
            start,
            end: start + secret.length,
            kind: 'credential',
            secret,
            certain: false,
            guessed,
          });
        }
      }
    }
  }
  return lower.includes('kind') && lower.includes('secret')
    ? [...found, ...findManifests(text)]
    : found;
};
