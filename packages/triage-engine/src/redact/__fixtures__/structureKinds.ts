import { gzipSync } from 'node:zlib';
import { Draw, one, Sample } from './Draw';

type Kinds = Record<string, (draw: Draw) => Sample>;

const BASE64 =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DASHES = '-'.repeat(5);

const named =
  (name: string, separator: string, quote = '') =>
  (d: Draw) =>
    one(`${name}${separator}${quote}`, `${d.alnum(15)}7`, quote);

/** Names that end in what makes their value a secret. */
const NAMES = [
  'DB_PW',
  'POSTGRES_PW',
  'db_master_pw',
  'adminPw',
  'MYSQL_ROOT_PWD',
  'rootPwd',
  'DB_PASS',
  'smtp_pass',
  'SVC_PASSWD',
  'GPG_PASSPHRASE',
  'keyPassphrase',
  'app_passcode',
  'APP_SECRET',
  'oauthClientSecret',
  'CI_JOB_TOKEN',
  'refreshToken',
  'MAPS_API_KEY',
  'apiKey',
  'ENCRYPTION_KEY',
  'signing-key',
  'SESSION_SECRET',
  'spring.datasource.password',
  'AZURE_CREDENTIALS',
  'db.creds',
];

const SEPARATORS: Array<[string, string, string]> = [
  ['=', '=', ''],
  ['= in quotes', ' = ', '"'],
  [':', ': ', ''],
  [': in quotes', ': ', "'"],
];

const NAMED_KINDS: Kinds = Object.fromEntries(
  NAMES.flatMap(name =>
    SEPARATORS.map(([label, separator, quote]) => [
      `${name} ${label}`,
      named(name, separator, quote),
    ]),
  ),
);

function jwk(member: string, kty: string): (d: Draw) => Sample {
  return d => {
    const secret = d.base64url(member === 'k' ? 32 : 64);
    const key: Record<string, string> = { kty, kid: 'a' };
    if (kty === 'RSA') {
      Object.assign(key, { n: d.base64url(64), e: 'AQAB' });
    } else if (kty !== 'oct') {
      Object.assign(key, { crv: 'P-256', x: d.base64url(32) });
    }
    key[member] = secret;
    return { text: JSON.stringify(key), secrets: [secret] };
  };
}

function body(d: Draw, lines: number): string[] {
  return Array.from({ length: lines }, () => d.of(BASE64, 64));
}

const words =
  'able about acid actor adapt agent alarm album alley amber angle apple arena armor atom audit autumn awake bacon badge bamboo banner basic beach begin bench bird blade blanket blind board bonus brave breeze bright bring bronze brush budget bulb burger cabin cable cactus camera canal candy carbon cargo castle cedar cement chair chalk charge cherry chest'.split(
    ' ',
  );

const phrase = (d: Draw, count: number) =>
  Array.from({ length: count }, () => words[d.below(words.length)]).join(' ');

/** Secrets by where they stand in a file or a structure. */
export const STRUCTURE_KINDS: Kinds = {
  ...NAMED_KINDS,
  'YAML block |': d =>
    one('db:\n  password: |\n    ', d.alnum(20), '\n  host: x'),
  'YAML block >-': d =>
    one('db:\n  password: >-\n    ', d.alnum(20), '\n  host: x'),
  'YAML block |2-': d =>
    one('db:\n  token: |2-\n      ', d.alnum(32), '\n  host: x'),
  'YAML block with a comment': d =>
    one('  client_secret: | # rotated\n    ', d.alnum(32), '\n  host: x'),
  'YAML block of several lines': d => {
    const secrets = [d.alnum(40), d.alnum(40)];
    return {
      text: `stringData:\n  signing_key: |-\n    ${secrets.join('\n    ')}\n  host: x`,
      secrets,
    };
  },
  'YAML value on the next line': d =>
    one('auth:\n  password:\n    ', d.alnum(20), '\n  host: x'),
  'YAML name and value': d =>
    one(
      '- name: DB_PASSWORD\n  value: ',
      d.alnum(18),
      '\n- name: CI\n  value: "true"',
    ),
  'YAML name and value in quotes': d =>
    one('- name: "API_TOKEN"\n  value: "', d.alnum(28), '"\n'),
  'JSON name and value': d =>
    one('{"name": "DB_PASSWORD", "value": "', d.alnum(18), '"}'),
  'JSON key and value': d =>
    one('{"key":"registry_token","value":"', d.alnum(28), '"}'),
  'JWK d of RSA': jwk('d', 'RSA'),
  'JWK p': jwk('p', 'RSA'),
  'JWK q': jwk('q', 'RSA'),
  'JWK dp': jwk('dp', 'RSA'),
  'JWK dq': jwk('dq', 'RSA'),
  'JWK qi': jwk('qi', 'RSA'),
  'JWK d of EC': jwk('d', 'EC'),
  'JWK d of OKP': jwk('d', 'OKP'),
  'JWK k': jwk('k', 'oct'),
  'JWK as Python prints it': d =>
    one("{'kty': 'RSA', 'e': 'AQAB', 'd': '", d.base64url(64), "'}"),
  'PEM body whose head was cut': d => {
    const lines = body(d, 6);
    return {
      text: [...lines, `${DASHES}END PRIVATE KEY${DASHES}`].join('\n'),
      secrets: lines,
    };
  },
  'RSA body whose head was cut, with a short last line': d => {
    const lines = [...body(d, 5), `${d.of(BASE64, 38)}==`];
    return {
      text: [...lines, `${DASHES}END RSA PRIVATE KEY${DASHES}`].join('\n'),
      secrets: lines,
    };
  },
  'PEM body without head and end': d => {
    const lines = body(d, 7);
    return { text: ['...', ...lines, '...'].join('\n'), secrets: lines };
  },
  'PuTTY key': d =>
    one(
      `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n`,
      d.base64(48),
      `\nPrivate-MAC: ${d.hex(64)}`,
    ),
  'Ed25519 seed': d => one('ed25519 seed: ', d.hex(64)),
  'private key in hex': d => one('private key: 0x', d.hex(64)),
  mnemonic: d => one('wallet mnemonic: ', phrase(d, 12)),
  'seed phrase': d => one('seed phrase: "', phrase(d, 24), '"'),
  'recovery phrase': d => one('Recovery phrase = ', phrase(d, 12)),
  'gzip in base64': d => {
    const packed = gzipSync(
      Buffer.from(`password=${d.alnum(20)}\n${'line\n'.repeat(20)}`),
    ).toString('base64');
    return one('state=', packed);
  },
  'database URL with @ and / in the password': d =>
    one(
      'mysql://root:',
      `p@${d.alnum(6)}/${d.alnum(9)}#1`,
      '@db.corp.example:3306/x refused',
    ),
  'PostgreSQL URL with @ in the password': d =>
    one('postgresql://ml:', `${d.alnum(7)}@${d.alnum(7)}`, '@10.2.3.4:5432/x'),
  'URL with a token as its user': d =>
    one('Cloning https://', d.alnum(40), '@git.corp.example/a/b.git'),
  'JDBC Oracle': d =>
    one('jdbc:oracle:thin:scott/', d.alnum(16), '@//db:1521/ORCL'),
  'ODBC Pwd': d =>
    one(
      'Driver={ODBC Driver 18};Server=s;Uid=sa;Pwd=',
      d.alnum(16),
      ';Encrypt=yes',
    ),
  'libpq keywords': d =>
    one(
      "connect('host=db dbname=x user=ml password=",
      d.alnum(18),
      " sslmode=require')",
    ),
  'XML element': d =>
    one(
      '<server><id>x</id><username>ci</username><password>',
      d.alnum(18),
      '</password></server>',
    ),
  'XML attribute': d =>
    one('<add key="ClearTextPassword" value="', d.alnum(18), '" />'),
  'Go struct': d =>
    one('&Config{User:"ml", Password:"', d.alnum(18), '", Host:"x"}'),
  'Go struct, %+v': d => one('{User:ml Password:', d.alnum(18), ' Host:x}'),
  'Python dataclass': d =>
    one("Settings(user='ml', db_password='", d.alnum(18), "')"),
  'Rust debug': d => one('Config { user: "ml", token: "', d.alnum(30), '" }'),
  'Ruby hash': d => one('{:user=>"ml", :password=>"', d.alnum(18), '"}'),
  'PHP array': d => one("'password' => '", d.alnum(18), "',"),
  'terraform diff': d => {
    const secrets = [d.alnum(30), d.alnum(30)];
    return {
      text: `  ~ master_pw = "${secrets[0]}" -> "${secrets[1]}"`,
      secrets,
    };
  },
  'terraform diff on two lines': d => {
    const secrets = [d.alnum(30), d.alnum(30)];
    return {
      text: `-  db_pw = "${secrets[0]}"\n+  db_pw = "${secrets[1]}"`,
      secrets,
    };
  },
  'INI file': d => one('[database]\nuser = ml\npasswd = ', d.alnum(14)),
  'Java properties': d => one('spring.mail.password=', d.alnum(14)),
  'TOML file': d => one('[source]\npassword = "', d.alnum(14), '"'),
  'NuGet.Config': d => one('<add key="Password" value="', d.alnum(20), '" />'),
  'SOPS or age file': d =>
    one(
      '# public key: age1x\n',
      `AGE-SECRET-KEY-1${d.of('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`,
    ),
  'curl trace': d =>
    one('< set-cookie: session=', d.alnum(60), '; Path=/; HttpOnly'),
  'Django session': d => one('sessionid=', d.lower(32), '; csrftoken=x'),
  'header in a tuple': d =>
    one("(b'authorization', b'Bearer ", d.alnum(40), "')"),
  'header in a list': d => one('["x-api-key","', d.alnum(40), '"]'),
  'AWS credentials as botocore prints them': d => {
    const secret = d.alnum(40);
    return one(
      `ReadOnlyCredentials(access_key='ASIA${d.upper(16)}', secret_key='`,
      secret,
      "', token=None)",
    );
  },
};
