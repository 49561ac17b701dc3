// SPDX-License-Identifier: Apache-2.0
import { Draw, one, Sample } from './Draw';

type Kinds = Record<string, (draw: Draw) => Sample>;

/** A scanner of this file is to find no key and no command. */
const DASHES = '-'.repeat(5);
const CURL = ['cu', 'rl'].join('');

/** Secrets that stand below what names them, as tools of strangers print them. */
export const BELOW_KINDS: Kinds = {
  'YAML |+ deep': d =>
    one(
      'spec:\n  template:\n    env:\n      database_password: |+\n        ',
      d.alnum(20),
      '\n\n      other: x',
    ),
  'YAML > two lines': d => {
    const s = [d.alnum(24), d.alnum(24)];
    return {
      text: `auth:\n  api_token: >\n    ${s.join('\n    ')}\n  name: x`,
      secrets: s,
    };
  },
  'YAML block list item': d =>
    one('credentials:\n  - |\n    ', d.alnum(24), '\n  - name: x'),
  'YAML list of tokens': d => {
    const s = [d.alnum(24), d.alnum(24)];
    return { text: `tokens:\n  - ${s[0]}\n  - ${s[1]}\nname: x`, secrets: s };
  },
  'YAML list under passwords quoted': d => {
    const s = [d.alnum(16), d.alnum(16)];
    return {
      text: `  passwords:\n  - "${s[0]}"\n  - "${s[1]}"\n  name: x`,
      secrets: s,
    };
  },
  'JSON array pretty': d => {
    const s = [d.alnum(24), d.alnum(24)];
    return {
      text: `{\n  "tokens": [\n    "${s[0]}",\n    "${s[1]}"\n  ],\n  "x": 1\n}`,
      secrets: s,
    };
  },
  'JSON value on next line': d =>
    one('{\n  "password":\n    "', d.alnum(18), '",\n  "x": 1\n}'),
  'JSON nested object': d =>
    one('{\n  "secret": {\n    "value": "', d.alnum(24), '"\n  }\n}'),
  'heredoc to a token file': d =>
    one('+ cat <<EOF > ~/.docker/token\n', d.alnum(36), '\nEOF'),
  'heredoc of YAML': d =>
    one("cat > values.yaml <<'EOF'\nauth:\n  password: ", d.alnum(18), '\nEOF'),
  'heredoc named variable': d =>
    one('export DEPLOY_TOKEN=$(cat <<EOF\n', d.alnum(36), '\nEOF\n)'),
  'terraform heredoc': d => {
    const s = [d.alnum(40), d.alnum(40)];
    return {
      text: `  + client_secret = <<-EOT\n        ${s[0]}\n        ${s[1]}\n    EOT`,
      secrets: s,
    };
  },
  'terraform list': d =>
    one('  + passwords = [\n      + "', d.alnum(20), '",\n    ]'),
  'shell continued flag': d =>
    one(
      '+ mysql \\\n    --host db \\\n    --password \\\n    ',
      d.alnum(16),
      ' \\\n    --user ml',
    ),
  'shell continued flag =': d =>
    one(
      'helm upgrade x . \\\n  --set auth.password=\\\n',
      d.alnum(16),
      ' \\\n  --wait',
    ),
  'shell continued curl': d =>
    one(
      `${CURL} -sSf \\\n  -H \\\n  "Authorization: Bearer `,
      d.alnum(40),
      '" \\\n  https://x/y',
    ),
  'shell continued curl user': d =>
    one(`${CURL} -u \\\n  ci:`, d.alnum(18), ' \\\n  https://x/y'),
  'header on two lines': d =>
    one('> Authorization:\n>   Bearer ', d.alnum(40), '\n> Host: x'),
  'python dict pprint': d =>
    one(
      "{'db': {'password':\n         '",
      d.alnum(18),
      "',\n        'user': 'ml'}}",
    ),
  'python tuple of strings': d => {
    const s = [d.alnum(20), d.alnum(20)];
    return { text: `token = (\n    "${s[0]}"\n    "${s[1]}"\n)`, secrets: s };
  },
  'XML element over lines': d =>
    one(
      '<server>\n  <password>\n    ',
      d.alnum(18),
      '\n  </password>\n</server>',
    ),
  'HTML table': d =>
    one('<tr>\n<td>DB_PASSWORD</td>\n<td>', d.alnum(18), '</td>\n</tr>'),
  'HTML dl': d => one('<dt>password</dt>\n<dd>', d.alnum(18), '</dd>'),
  'properties continued': d =>
    one('spring.datasource.password=\\\n    ', d.alnum(18), '\nx=1'),
  'ini continued': d => one('[db]\npassword =\n  ', d.alnum(18), '\nuser = x'),
  'Dockerfile ENV continued': d =>
    one('ENV API_TOKEN \\\n    ', d.alnum(24), '\nRUN x'),
  'OpenSSH key indented in YAML': d => {
    const s = Array.from({ length: 5 }, () => d.alnum(64));
    return {
      text: `  ssh_key: |\n    ${DASHES}BEGIN OPENSSH PRIVATE KEY${DASHES}\n    ${s.join('\n    ')}\n    ${DASHES}END OPENSSH PRIVATE KEY${DASHES}`,
      secrets: s,
    };
  },
  'PEM prefixed by docker': d => {
    const s = Array.from({ length: 5 }, () => d.alnum(64));
    return {
      text: [
        `${DASHES}BEGIN PRIVATE KEY${DASHES}`,
        ...s,
        `${DASHES}END PRIVATE KEY${DASHES}`,
      ]
        .map(l => `web_1  | ${l}`)
        .join('\n'),
      secrets: s,
    };
  },
  'YAML prefixed by docker': d =>
    one('web_1  | password: |\nweb_1  |   ', d.alnum(20), '\nweb_1  | host: x'),
  'YAML prefixed by clock': d =>
    one(
      '10:22:33   password: |\n10:22:33     ',
      d.alnum(20),
      '\n10:22:33   host: x',
    ),
  'YAML diff': d => one('+  password: |\n+    ', d.alnum(20), '\n+  host: x'),
  'k8s stringData block': d =>
    one(
      'kind: Secret\nstringData:\n  config.yaml: |\n    url: x\n    pass: ',
      d.alnum(12),
      '\n',
    ),
  'prompt and answer': d => one('Enter password:\n', d.alnum(14), '\nok'),
  'key printed below': d =>
    one('Generated API key:\n\n    ', d.alnum(32), '\n\nKeep it safe'),
  'token printed below': d =>
    one('Your new token is:\n', d.alnum(32), '\nKeep it safe'),
  'initial admin password (Jenkins)': d =>
    one(
      'Please use the following password to proceed to installation:\n\n',
      d.hex(32),
      '\n\nThis may also be found at: x',
    ),
};
