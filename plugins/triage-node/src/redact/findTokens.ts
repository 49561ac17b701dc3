import { Detection, Detector, groupRange } from './detection';
import { KeywordFinder } from './KeywordFinder';
import { isIdentifier, looksRandom } from './randomness';

interface TokenRule {
  kind: string;
  /** In lower case; one of them stands in the text. */
  keywords: string[];
  /** Bounded. The first group, where there is one, is the secret. */
  pattern: RegExp;
  /** Where the form alone is not enough. */
  random?: boolean;
}

const rule = (
  kind: string,
  keywords: string | string[],
  pattern: RegExp,
  random?: boolean,
): TokenRule => ({ kind, keywords: [keywords].flat(), pattern, random });

/**
 * Tokens with a form of their own that gitleaks has no rule for, or a rule so
 * strict that a cut, newer or older token passes. Forms are those that the
 * vendors document.
 */
const RULES: TokenRule[] = [
  rule('anthropic-api-key', 'sk-ant-', /\bsk-ant-[\w-]{20,200}/dg),
  rule(
    'openai-api-key',
    'sk-',
    /\bsk-(?:proj|svcacct|admin|None)-[\w-]{20,250}/dg,
  ),
  rule('openai-api-key', 'sk-', /\bsk-[A-Za-z0-9]{32,64}\b/dg),
  rule('openrouter-api-key', 'sk-or-', /\bsk-or-(?:v\d-)?[\w-]{20,120}/dg),
  rule('langfuse-secret-key', 'sk-lf-', /\bsk-lf-[\w-]{20,80}/dg),
  rule('gcp-api-key', 'aiza', /AIza[\w-]{35}/dg),
  rule('gemini-api-key', 'aq.', /\bAQ\.A[\w-]{30,120}/dg),
  rule('gcp-oauth-access-token', 'ya29.', /\bya29\.[\w.-]{20,2000}/dg),
  rule('gcp-oauth-client-secret', 'gocspx-', /\bGOCSPX-[\w-]{20,40}/dg),
  rule('gcp-oauth-refresh-token', '1//0', /\b1\/\/0[\w-]{30,200}/dg),
  rule(
    'huggingface-access-token',
    ['hf_', 'api_org_'],
    /\b(?:hf|api_org)_[A-Za-z0-9]{30,60}/dg,
  ),
  rule(
    'databricks-api-token',
    ['dapi', 'dose', 'dkea'],
    /\b(?:dapi|dose|dkea)[0-9a-f]{32}(?:-\d)?/dg,
  ),
  rule('wandb-api-key', 'wandb_v1_', /\bwandb_v1_[\w-]{20,120}/dg),
  rule('groq-api-key', 'gsk_', /\bgsk_[A-Za-z0-9]{40,60}/dg),
  rule('replicate-api-token', 'r8_', /\br8_[A-Za-z0-9]{30,45}/dg),
  rule(
    'langsmith-api-key',
    'lsv2_',
    /\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{6,16}/dg,
  ),
  rule('pinecone-api-key', 'pcsk_', /\bpcsk_[A-Za-z0-9_]{40,90}/dg),
  rule('xai-api-key', 'xai-', /\bxai-[A-Za-z0-9]{60,100}/dg),
  rule('nvidia-api-key', 'nvapi-', /\bnvapi-[\w-]{40,90}/dg),
  rule(
    'tavily-api-key',
    'tvly-',
    /\btvly-(?:dev-|prod-)?[A-Za-z0-9-]{20,60}/dg,
  ),
  rule(
    'github-token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    /gh[pousr]_[A-Za-z0-9_.-]{30,600}/dg,
  ),
  rule('github-fine-grained-pat', 'github_pat_', /github_pat_\w{22,120}/dg),
  rule(
    'gitlab-token',
    [
      'glpat-',
      'glptt-',
      'gldt-',
      'glrt-',
      'glcbt-',
      'gloas-',
      'glsoat-',
      'glft-',
      'glagent-',
    ],
    /\bgl(?:pat|ptt|dt|rt|cbt|oas|soat|ft|agent)-[\w.-]{20,100}/dg,
  ),
  rule(
    'docker-token',
    ['dckr_pat_', 'dckr_oat_'],
    /\bdckr_(?:pat|oat)_[\w-]{20,60}/dg,
  ),
  rule('nuget-api-key', 'oy2', /\boy2[a-z0-9]{43}\b/dg),
  rule('crates-io-token', 'cio', /\bcio[A-Za-z0-9]{32}\b/dg),
  rule('pypi-upload-token', 'pypi-age', /\bpypi-AgE[\w-]{40,1000}/dg),
  rule(
    'azure-devops-pat',
    'azdo',
    /\b[A-Za-z0-9]{68,76}AZDO[A-Za-z0-9]{4}\b/dg,
  ),
  rule(
    'azure-api-key',
    'jqqj99',
    /\b[A-Za-z0-9]{46,56}JQQJ99[A-Za-z0-9]{20,32}\b/dg,
  ),
  rule(
    'azure-account-key',
    '==',
    /(?<!sha512-)(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/dg,
  ),
  rule(
    'aws-session-token',
    ['iqojb3jpz2lu', 'fwogzxivyxdz'],
    /(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9+/=]{20,4096}/dg,
  ),
  rule('vault-token', ['hvs.', 'hvb.', 'hvr.'], /\bhv[sbr]\.[\w-]{20,300}/dg),
  rule(
    'terraform-cloud-token',
    '.atlasv1.',
    /\b[A-Za-z0-9]{10,20}\.atlasv1\.[\w=-]{40,90}/dg,
  ),
  rule(
    'grafana-token',
    ['glsa_', 'glc_'],
    /\b(?:glsa_|glc_)[A-Za-z0-9+/=_]{20,400}/dg,
  ),
  rule('tailscale-key', 'tskey-', /\btskey-[a-z]{2,12}-[A-Za-z0-9-]{10,80}/dg),
  rule(
    'supabase-key',
    ['sbp_', 'sb_secret_'],
    /\b(?:sbp_[0-9a-f]{40}|sb_secret_[\w-]{20,60})/dg,
  ),
  rule('figma-token', ['figd_', 'figo_'], /\bfig[do]_[\w-]{20,80}/dg),
  rule('netlify-token', 'nfp_', /\bnfp_[A-Za-z0-9]{30,60}/dg),
  rule('heroku-api-key', 'hrku-', /\bHRKU-[\w-]{30,80}/dg),
  rule('buildkite-token', 'bkua_', /\bbkua_[0-9a-f]{40}/dg),
  rule(
    'circleci-token',
    'cci',
    /\bCCI(?:PAT|PRJ)_[A-Za-z0-9]{15,30}_[0-9a-f]{40}/dg,
  ),
  rule('snyk-token', 'snyk_', /\bsnyk_[a-z]{2,5}\.[\w.-]{20,200}/dg),
  rule('sonar-token', ['squ_', 'sqp_', 'sqa_'], /\bsq[upa]_[0-9a-f]{40}/dg),
  rule('stripe-webhook-secret', 'whsec_', /\bwhsec_[A-Za-z0-9+/=]{20,80}/dg),
  rule('mailchimp-api-key', '-us', /\b[0-9a-f]{32}-us\d{1,2}\b/dg),
  rule('mongodb-atlas-token', 'mdb_sa_', /\bmdb_sa_sk_[\w-]{30,80}/dg),
  rule('elevenlabs-api-key', 'sk_', /\bsk_[0-9a-f]{48}\b/dg),
  rule('contentful-token', 'cfpat-', /\bCFPAT-[\w-]{40,50}/dg),
  rule(
    'bitbucket-token',
    ['atbb', 'atctt3'],
    /\b(?:ATBB[A-Za-z0-9]{28,40}|ATCTT3[\w=-]{100,300})/dg,
  ),
  rule(
    'discord-bot-token',
    '.',
    /\b[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,45}/dg,
    true,
  ),
  rule('telegram-bot-token', ':aa', /(?<!\d)\d{8,10}:AA[\w-]{32,34}/dg),
  rule('twilio-api-key', ['sk', 'ac'], /\b(?:SK|AC)[0-9a-f]{32}\b/dg),
  rule(
    'slack-token',
    ['xoxb', 'xoxp', 'xoxa', 'xoxr', 'xoxs', 'xoxe', 'xoxc', 'xoxd', 'xapp-'],
    /\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9%/+=-]{10,400}/dg,
  ),
  rule(
    'slack-webhook-url',
    'hooks.slack',
    /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/([\w/+-]{20,120})/dg,
  ),
  rule(
    'discord-webhook-url',
    '/webhooks/',
    /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{15,22}\/([\w-]{40,100})/dg,
  ),
  rule(
    'microsoft-teams-webhook',
    '.office.com',
    /\.office\.com\/(?:webhook|webhookb2)\/([\w@/-]{40,400})/dg,
  ),
  rule(
    'zapier-webhook-url',
    'hooks.zapier',
    /hooks\.zapier\.com\/hooks\/catch\/([\w/]{8,60})/dg,
  ),
  rule(
    'password-hash',
    '$',
    /\$(?:2[abxy]?\$\d{2}\$[./A-Za-z0-9]{50,53}|[156]\$[./A-Za-z0-9=$,]{8,40}\$[./A-Za-z0-9]{22,86}|apr1\$[./A-Za-z0-9]{4,8}\$[./A-Za-z0-9]{22}|argon2(?:id|i|d)\$[\w=,$+/]{20,200})/dg,
  ),
  rule(
    'jwt',
    'eyj',
    /\beyJ[A-Za-z0-9_=-]{8,4096}\.(?:eyJ[A-Za-z0-9_=-]{8,4096}(?:\.[A-Za-z0-9_=-]{0,4096})?|[A-Za-z0-9_-]{0,4096}(?:\.[A-Za-z0-9_-]{4,4096}){3})/dg,
  ),
  rule('aws-access-token', ['akia', 'asia'], /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/dg),
];

/** Kinds of their placeholders. */
export const TOKEN_KINDS = RULES.map(({ kind }) => kind);

const CONTINUES = /[A-Za-z0-9_+/=-]{1,4096}/y;

let finder: KeywordFinder | undefined;

/** Tokens that are known by their form, wherever they stand. */
export const findTokens: Detector = text => {
  const found: Detection[] = [];
  finder ??= new KeywordFinder(RULES.flatMap(({ keywords }) => keywords));
  const words = finder.in(text);
  for (const { kind, keywords, pattern, random } of RULES) {
    if (keywords.some(keyword => words.has(keyword))) {
      for (const match of text.matchAll(pattern)) {
        const [start, end] = groupRange(match, match[1] ? 1 : 0) ?? [0, 0];
        const secret = text.slice(start, end);
        if (!random || (looksRandom(secret) && !isIdentifier(secret))) {
          found.push({ start, end, kind, secret, certain: true });
        }
      }
    }
  }
  return found;
};

/**
 * Where a token really ends: an expression's bound may have cut it.
 */
export function tokenEnd(text: string, end: number): number {
  let at = end;
  if (!/[A-Za-z0-9_+/=-]/.test(text.charAt(at - 1))) {
    return at;
  }
  CONTINUES.lastIndex = at;
  while (CONTINUES.test(text)) {
    at = CONTINUES.lastIndex;
  }
  return at;
}
