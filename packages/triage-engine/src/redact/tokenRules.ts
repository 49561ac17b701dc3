// SPDX-License-Identifier: Apache-2.0

/** A token that is known by its form. */
export interface TokenRule {
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
export const TOKEN_RULES: TokenRule[] = [
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
  // Forms with a prefix that words have too: they have to look drawn.
  rule('bedrock-api-key', 'absk', /\bABSK[A-Za-z0-9+/]{60,400}={0,2}/dg),
  rule('fireworks-api-key', 'fw_', /\bfw_[A-Za-z0-9]{20,40}\b/dg, true),
  rule('together-api-key', 'tgp_v1_', /\btgp_v1_[\w-]{20,80}/dg),
  rule('runpod-api-key', 'rpa_', /\brpa_[A-Za-z0-9]{40,60}/dg),
  rule(
    'modal-token',
    ['ak-', 'as-'],
    /(?<![\w-])a[ks]-[A-Za-z0-9]{22}(?![\w-])/dg,
    true,
  ),
  rule('cerebras-api-key', 'csk-', /\bcsk-[a-z0-9]{40,60}\b/dg, true),
  rule('voyage-api-key', 'pa-', /(?<![\w-])pa-[\w-]{43}(?![\w-])/dg, true),
  rule('jina-api-key', 'jina_', /\bjina_[A-Za-z0-9_-]{40,80}/dg, true),
  rule('firecrawl-api-key', 'fc-', /(?<![\w-])fc-[0-9a-f]{32}\b/dg),
  rule('e2b-api-key', 'e2b_', /\be2b_[0-9a-f]{40}\b/dg),
  rule('anyscale-secret', 'esecret_', /\besecret_[a-z0-9]{26,40}\b/dg, true),
  rule('lambda-cloud-key', 'secret_', /\bsecret_[A-Za-z0-9_.]{30,90}/dg, true),
  rule('dvc-studio-token', 'isat_', /\bisat_[A-Za-z0-9]{30,90}/dg, true),
  rule(
    'zenml-key',
    ['zenkey_', 'zenprokey_'],
    /\bZEN(?:PRO)?KEY_[\w=+/-]{30,400}/dg,
  ),
  rule('dbt-cloud-token', ['dbtc_', 'dbtu_'], /\bdbt[cu]_[\w-]{30,90}/dg, true),
  rule('astronomer-token', 'astro_', /\bastro_[A-Za-z0-9]{30,90}/dg, true),
  rule(
    'prefect-key',
    ['pnu_', 'pnb_'],
    /\bpn[ub]_[A-Za-z0-9]{30,40}\b/dg,
    true,
  ),
  rule('atlassian-api-token', 'atatt3', /\bATATT3[\w=-]{60,300}/dg),
  rule(
    'vercel-token',
    ['vcp_', 'vck_', 'vca_'],
    /\bvc[pka]_[A-Za-z0-9]{24,80}/dg,
    true,
  ),
  rule('neon-api-key', 'napi_', /\bnapi_[a-z0-9]{40,80}/dg, true),
  rule('aiven-secret', 'avns_', /\bAVNS_[\w-]{16,40}/dg),
  rule('confluent-secret', 'cflt', /\bcflt[A-Za-z0-9+/]{56,64}/dg, true),
  rule(
    'infisical-token',
    'st.',
    /\bst\.[0-9a-f]{24}\.[0-9a-f]{32}\.[0-9a-f]{32}/dg,
  ),
  rule(
    'new-relic-key',
    ['nrak-', 'nrii-', 'nriq-', 'nrra-', 'nrjs-', 'nrbr-'],
    /\bNR(?:AK|II|IQ|RA|JS|BR)-[\w-]{19,48}/dg,
  ),
  rule('new-relic-licence', 'nral', /\b[0-9a-f]{36}NRAL\b/dg),
  rule('honeycomb-key', 'hc', /\bhc[abi][il][kcm]_[a-z0-9]{40,80}/dg, true),
  rule('sentry-org-token', 'sntrys_', /\bsntrys_[A-Za-z0-9+/=_]{60,400}/dg),
  rule('posthog-key', 'phx_', /\bphx_[A-Za-z0-9]{40,60}/dg),
  rule(
    'launchdarkly-key',
    ['sdk-', 'api-', 'mob-', 'rel-'],
    /(?<![\w-])(?:sdk|api|mob|rel)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/dg,
  ),
  rule('linear-token', 'lin_', /\blin_(?:oauth|api)_[A-Za-z0-9]{30,80}/dg),
  rule(
    'asana-token',
    '/',
    /(?<![\w/])[12]\/\d{12,18}(?:\/\d{12,18})?:[0-9a-f]{32}\b/dg,
  ),
  rule(
    'hubspot-token',
    'pat-',
    /\bpat-[a-z]{2}\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/dg,
  ),
  rule('mailgun-key', 'key-', /(?<![\w-])key-[0-9a-f]{32}\b/dg),
  rule('resend-key', 're_', /\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,40}\b/dg, true),
  rule('mailchimp-key', 'md-', /(?<![\w-])md-[\w-]{22}(?![\w-])/dg, true),
  rule(
    'k3s-token',
    '::',
    /\bK10[0-9a-f]{64}::(?:server|node|agent|[a-z0-9]{6})[:.][A-Za-z0-9._-]{8,128}/dg,
  ),
  rule(
    'yandex-token',
    't1.',
    /\bt1\.[A-Z0-9a-z_-]{20,2000}={0,2}\.[\w-]{86}={0,2}/dg,
  ),
  rule('yandex-api-key', 'aqvn', /\bAQVN[\w-]{35,40}/dg),
  rule('firebase-key', ':apa91b', /\b[\w-]{7,30}:APA91b[\w-]{100,160}/dg),
  rule('typeform-token', 'tfp_', /\btfp_[\w-]{40,80}/dg),
  rule(
    'ngrok-key',
    ['ak_', 'cr_'],
    /\b(?:ak|cr)_[A-Za-z0-9]{25,30}_[A-Za-z0-9]{20,25}\b/dg,
    true,
  ),
  rule('rancher-token', 'token-', /\btoken-[a-z0-9]{5}:[a-z0-9]{40,60}\b/dg),
  rule('cursor-key', 'key_', /\bkey_[0-9a-f]{64}\b/dg),
  rule('socket-token', 'sktsec_', /\bsktsec_[\w-]{30,80}/dg),
  rule('square-token', 'eaaa', /\bEAAA[\w-]{60}\b/dg, true),
];
