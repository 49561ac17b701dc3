import { COMMAND_KINDS } from './commandKinds';
import { Draw, one, Sample } from './Draw';
import { STRUCTURE_KINDS } from './structureKinds';
import { VENDOR_KINDS } from './vendorKinds';

/**
 * Kinds of secrets as logs and files hold them. All are drawn at run time from
 * their documented forms: no file of this repository has one.
 */

const json = (value: unknown) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

function pem(draw: Draw, label: string, first: string): Sample {
  const lines = [first + draw.alnum(64 - first.length)];
  for (let index = 0; index < 10; index++) {
    lines.push(
      draw.of(
        'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
        64,
      ),
    );
  }
  lines.push(`${draw.alnum(30)}=`);
  const dashes = '-'.repeat(5);
  return {
    text: [
      `${dashes}BEGIN ${label}${dashes}`,
      ...lines,
      `${dashes}END ${label}${dashes}`,
    ].join('\n'),
    secrets: lines,
  };
}

function jwt(draw: Draw): string {
  return [
    json({ alg: 'RS256', typ: 'JWT', kid: draw.hex(20) }),
    json({
      iss: 'platform',
      sub: draw.lower(12),
      exp: 1900000000 + draw.below(1e6),
      scope: 'write',
    }),
    draw.base64url(64),
  ].join('.');
}

/** By name; the name is for people, the placeholder's kind may differ. */
export const SECRET_KINDS: Record<string, (draw: Draw) => Sample> = {
  'GitHub classic PAT': d =>
    one('remote: using ', `ghp_${d.alnum(36)}`, ' for fetch'),
  'GitHub OAuth token': d => one('token ', `gho_${d.alnum(36)}`),
  'GitHub app token': d => one('GH_TOKEN: ', `ghs_${d.alnum(36)}`),
  'GitHub fine-grained PAT': d =>
    one('with ', `github_pat_${d.alnum(22)}_${d.alnum(59)}`),
  'GitLab PAT': d => one('PRIVATE-TOKEN: ', `glpat-${d.alnum(20)}`),
  'GitLab runner token': d => one('register --token ', `glrt-${d.alnum(20)}`),
  'AWS access key id': d => one('aws_access_key_id = ', `AKIA${d.upper(16)}`),
  'AWS secret access key': d =>
    one(
      'aws_secret_access_key = ',
      d.of(
        'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
        40,
      ),
    ),
  'AWS key pair on one line': d => {
    const [id, key] = [`AKIA${d.upper(16)}`, d.alnum(40)];
    return { text: `credentials ${id} ${key} loaded`, secrets: [id, key] };
  },
  'AWS session token': d =>
    one('AWS_SESSION_TOKEN=', `IQoJb3JpZ2lu${d.base64(180)}`),
  'AWS presigned URL': d => {
    const [id, signature] = [`ASIA${d.upper(16)}`, d.hex(64)];
    return {
      text: `GET https://bucket.s3.amazonaws.com/m.tar?X-Amz-Credential=${id}%2F20260101%2Fus-east-1%2Fs3&X-Amz-Signature=${signature}`,
      secrets: [id, signature],
    };
  },
  'Azure storage account key': d =>
    one(
      'DefaultEndpointsProtocol=https;AccountName=models;AccountKey=',
      d.base64(64),
      ';EndpointSuffix=core.windows.net',
    ),
  'Azure SAS': d =>
    one(
      'https://acc.blob.core.windows.net/c/model.pkl?sv=2024-11-04&sr=b&sp=r&sig=',
      encodeURIComponent(d.base64(32)),
    ),
  'Azure AD client secret': d =>
    one('AZURE_CLIENT_SECRET=', `${d.alnum(3)}8Q~${d.alnum(34)}`),
  'Azure DevOps PAT': d =>
    one('azure pipelines ', `${d.alnum(76)}AZDO${d.alnum(4)}`),
  'Azure Service Bus key': d =>
    one(
      'Endpoint=sb://q.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=',
      d.base64(32),
    ),
  'GCP API key': d =>
    one('key ', `AIza${d.of('ABCDEFabcdef0123456789_-', 35)}`),
  'Gemini API key': d => one('GEMINI_API_KEY=', `AIzaSy${d.alnum(33)}`),
  'GCP service account': d => {
    const block = pem(
      d,
      'PRIVATE KEY',
      ['MIIEvQIBADAN', 'BgkqhkiG9w0B'].join(''),
    );
    const id = d.hex(40);
    return {
      text: JSON.stringify({
        type: 'service_account',
        project_id: 'ml',
        private_key_id: id,
        private_key: `${block.text}\n`,
        client_email: 'ci@ml.iam.gserviceaccount.com',
      }),
      secrets: block.secrets,
    };
  },
  'GCP OAuth access token': d =>
    one('Authorization: Bearer ', `ya29.${d.alnum(120)}`),
  'GCP OAuth client secret': d => one('client ', `GOCSPX-${d.alnum(28)}`),
  'Anthropic API key': d => one('anthropic: ', `sk-ant-api03-${d.alnum(93)}AA`),
  'OpenAI legacy key': d => one('openai.api_key = "', `sk-${d.alnum(48)}`, '"'),
  'OpenAI project key': d =>
    one('OPENAI_API_KEY=', `sk-proj-${d.alnum(74)}T3BlbkFJ${d.alnum(74)}`),
  'Hugging Face token': d =>
    one('huggingface-cli login --token ', `hf_${d.alnum(34)}`),
  'Databricks token': d => one('DATABRICKS_TOKEN: ', `dapi${d.hex(32)}`),
  'Weights & Biases key': d => one('WANDB_API_KEY=', d.hex(40)),
  'MLflow tracking password': d =>
    one('MLFLOW_TRACKING_PASSWORD=', d.password()),
  'MLflow tracking token': d => one('MLFLOW_TRACKING_TOKEN: ', d.alnum(40)),
  'Groq key': d => one('groq ', `gsk_${d.alnum(52)}`),
  'Replicate token': d => one('replicate ', `r8_${d.alnum(37)}`),
  'LangSmith key': d => one('langsmith ', `lsv2_pt_${d.hex(32)}_${d.hex(10)}`),
  'Kaggle key': d => one('{"username":"trainer","key":"', d.hex(32), '"}'),
  'Slack bot token': d =>
    one('slack: ', `xoxb-${d.digits(12)}-${d.digits(12)}-${d.alnum(24)}`),
  'Slack webhook': d =>
    one(
      'curl -X POST https://hooks.slack.com/services/',
      `T${d.upper(8)}/B${d.upper(8)}/${d.alnum(24)}`,
    ),
  'Teams webhook': d =>
    one(
      'https://corp.webhook.office.com/webhookb2/',
      `${d.uuid()}@${d.uuid()}/IncomingWebhook/${d.hex(32)}/${d.uuid()}`,
    ),
  'Discord webhook': d =>
    one(`https://discord.com/api/webhooks/${d.digits(18)}/`, d.alnum(68)),
  'Telegram bot token': d =>
    one(
      'https://api.telegram.org/bot',
      `${d.digits(10)}:AA${d.alnum(33)}`,
      '/sendMessage',
    ),
  'Stripe live key': d => one('stripe ', `${'sk'}_live_${d.alnum(24)}`),
  'SendGrid key': d => one('sendgrid ', `SG.${d.alnum(22)}.${d.alnum(43)}`),
  'Twilio key': d => one('twilio ', `SK${d.hex(32)}`),
  'npm token': d =>
    one('//registry.npmjs.org/:_authToken=', `npm_${d.alnum(36)}`),
  'npmrc legacy auth': d =>
    one('_auth=', Buffer.from(`deploy:${d.password()}`).toString('base64')),
  'PyPI token': d => one('password = ', `pypi-AgEIcHlwaS5vcmc${d.alnum(120)}`),
  'pypirc password': d =>
    one('[pypi]\nusername = ci\npassword = ', d.password()),
  'netrc password': d =>
    one('machine git.corp.example login ci password ', d.alnum(20)),
  'Docker Hub token': d =>
    one('docker login -u ci -p ', `dckr_pat_${d.alnum(27)}`),
  'Docker config auth': d =>
    one(
      '{"auths":{"ghcr.io":{"auth":"',
      Buffer.from(`ci:${d.password(20)}`).toString('base64'),
      '"}}}',
    ),
  'docker login password': d =>
    one('docker login registry.corp.example -u ci -p ', d.password()),
  'Kubernetes service token': d => one('token: ', jwt(d)),
  'kubeconfig client key': d =>
    one(
      '    client-key-data: ',
      Buffer.from(pem(d, 'RSA PRIVATE KEY', 'MIIEpAIBAAKCAQEA').text).toString(
        'base64',
      ),
    ),
  'Kubernetes Secret': d => {
    const value = Buffer.from(d.password(18)).toString('base64');
    return {
      text: `kind: Secret\nmetadata:\n  name: db\ndata:\n  user: Y2k=\n  value: ${value}\n`,
      secrets: [value],
    };
  },
  'Vault token': d => one('VAULT_TOKEN=', `hvs.${d.alnum(95)}`),
  'Terraform Cloud token': d =>
    one('credentials ', `${d.alnum(14)}.atlasv1.${d.alnum(67)}`),
  'Grafana service account token': d =>
    one('grafana ', `glsa_${d.alnum(32)}_${d.hex(8)}`),
  'Snyk token': d => one('SNYK_TOKEN=', d.uuid()),
  'SonarQube token': d => one('-Dsonar.login=', `sqp_${d.hex(40)}`),
  'DigitalOcean token': d => one('doctl ', `dop_v1_${d.hex(64)}`),
  'Tailscale key': d =>
    one('tailscale up --authkey=', `tskey-auth-${d.alnum(16)}-${d.alnum(32)}`),
  'New Relic key': d => one('NEW_RELIC_API_KEY=', `NRAK-${d.upper(27)}`),
  'Mailchimp key': d => one('mailchimp ', `${d.hex(32)}-us12`),
  'age secret key': d =>
    one('', `AGE-SECRET-KEY-1${d.of('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`),
  JWT: d => one('id ', jwt(d)),
  'RSA private key': d => pem(d, 'RSA PRIVATE KEY', 'MIIEpAIBAAKCAQEA'),
  'OpenSSH private key': d =>
    pem(d, 'OPENSSH PRIVATE KEY', ['b3BlbnNzaC1r', 'ZXktdjEAAAAA'].join('')),
  'PGP private key': d => pem(d, 'PGP PRIVATE KEY BLOCK', 'lQOYBGXq'),
  'PostgreSQL URL': d =>
    one(
      'psycopg2.OperationalError: postgresql://mlflow:',
      d.alnum(14),
      '@db.corp.example:5432/mlflow',
    ),
  'MongoDB URL': d =>
    one(
      'mongodb+srv://trainer:',
      d.alnum(16),
      '@cluster0.abcde.mongodb.net/features',
    ),
  'Redis URL': d => one('redis://:', d.alnum(18), '@cache:6379/0'),
  'AMQP URL': d =>
    one('amqps://worker:', d.password(14).replace(/[#?%^]/g, '!'), '@mq:5671/'),
  'Go MySQL DSN': d => one('root:', d.alnum(14), '@tcp(mysql:3306)/pipelines'),
  'JDBC password': d =>
    one(
      'jdbc:sqlserver://db:1433;databaseName=ml;user=sa;password=',
      d.alnum(15),
      ';encrypt=true',
    ),
  'git URL token': d =>
    one(
      'fatal: unable to access https://x-access-token:',
      d.alnum(40),
      '@github.com/o/r.git/',
    ),
  'Basic authorization': d =>
    one(
      'Authorization: Basic ',
      Buffer.from(`ci:${d.password()}`).toString('base64'),
    ),
  'Bearer authorization': d => one('> authorization: Bearer ', d.alnum(32)),
  'git extraheader': d =>
    one(
      'git config http.extraheader AUTHORIZATION: basic ',
      Buffer.from(`x-access-token:${d.alnum(40)}`).toString('base64'),
    ),
  'API key header': d => one('-H "X-Api-Key: ', d.alnum(32), '"'),
  'Session cookie': d => one('Cookie: theme=dark; session=', d.alnum(40)),
  'Set-Cookie': d => one('Set-Cookie: sid=', d.alnum(32), '; Path=/; HttpOnly'),
  'Password flag': d =>
    one('mlflow server --password ', d.password(), ' --host 0.0.0.0'),
  'curl user': d =>
    one(
      ['curl', '-sf', '-u', 'ci:'].join(' '),
      d.alnum(16),
      ' https://nexus.corp.example/',
    ),
  'Password in the environment': d =>
    one('export DB_PASSWORD="', d.password(), '"'),
  'Password in YAML': d => one('  password: ', d.alnum(14)),
  'Password in JSON': d =>
    one('{"user": "ci", "password": "', d.password(), '"}'),
  'Client secret in JSON': d =>
    one('{"client_id": "app", "client_secret": "', d.alnum(40), '"}'),
  'Secret key in Python': d => one("SECRET_KEY = '", d.alnum(50), "'"),
  'Fernet key': d => one('AIRFLOW__CORE__FERNET_KEY=', `${d.base64url(32)}=`),
  'Query parameter': d =>
    one('GET /v1/models?api_key=', d.alnum(32), '&limit=10 200'),
  'Password hash': d => one('admin:', `$2b$12$${d.alnum(53)}`),
  'Sentry org token': d => one('SENTRY_AUTH_TOKEN=', `sntryu_${d.hex(64)}`),
  'Linear key': d => one('linear ', `lin_api_${d.alnum(40)}`),
  'Notion token': d => one('notion ', `ntn_${d.digits(11)}${d.alnum(35)}`),
  'Postman key': d => one('postman ', `PMAK-${d.hex(24)}-${d.hex(34)}`),
  'Pulumi token': d => one('pulumi ', `pul-${d.hex(40)}`),
  'Shopify token': d => one('shopify ', `shpat_${d.hex(32)}`),
  'Artifactory key': d => one('jfrog ', `AKCp${d.alnum(69)}`),
  'RubyGems key': d => one('gem push ', `rubygems_${d.hex(48)}`),
  ...VENDOR_KINDS,
  ...COMMAND_KINDS,
  ...STRUCTURE_KINDS,
};
