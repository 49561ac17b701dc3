import { Draw, one, Sample } from './Draw';

const BASE64 =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${BASE64.slice(0, 62)}-_`;

type Kinds = Record<string, (draw: Draw) => Sample>;

/** Tokens with a form of their own, in a line that does not name them. */
export const VENDOR_KINDS: Kinds = {
  'Bedrock API key': d => one('bedrock got ', `ABSK${d.of(BASE64, 92)}`),
  'AWS session token of STS': d =>
    one('sts: ', `FwoGZXIvYXdz${d.of(BASE64, 200)}`),
  'Fireworks key': d => one('fireworks client ', `fw_${d.alnum(24)}`),
  'Together key': d => one('together: ', `tgp_v1_${d.of(URL_SAFE, 43)}`),
  'Perplexity key': d => one('using ', `pplx-${d.alnum(48)}`),
  'RunPod key': d => one('runpodctl ', `rpa_${d.upper(46)}`),
  'Modal secret': d => one('modal ', `as-${d.alnum(22)}`),
  'Cerebras key': d => one('cerebras ', `csk-${d.lower(48)}`),
  'OpenRouter key': d => one('router ', `sk-or-v1-${d.hex(64)}`),
  'DeepSeek key': d => one('deepseek ', `sk-${d.hex(32)}`),
  'ElevenLabs key': d => one('voice ', `sk_${d.hex(48)}`),
  'Langfuse key': d => one('langfuse ', `sk-lf-${d.uuid()}`),
  'xAI key': d => one('grok ', `xai-${d.alnum(80)}`),
  'NVIDIA key': d => one('nim ', `nvapi-${d.of(URL_SAFE, 64)}`),
  'Pinecone key': d => one('pinecone ', `pcsk_${d.alnum(6)}_${d.alnum(63)}`),
  'Weights & Biases key, 2025': d => one('keys ', `wandb_v1_${d.alnum(77)}`),
  'Anthropic OAuth token': d => one('with ', `sk-ant-oat01-${d.alnum(93)}AA`),
  'Hugging Face organisation token': d => one('org ', `api_org_${d.alnum(34)}`),
  'Databricks OAuth secret': d => one('databricks ', `dose${d.hex(32)}`),
  'Prefect key': d => one('prefect cloud ', `pnu_${d.lower(36)}`),
  'dbt Cloud token': d => one('dbt ', `dbtc_${d.alnum(38)}`),
  'Astronomer token': d => one('astro ', `astro_${d.alnum(48)}`),
  'Replicate token, plain': d => one('model ', `r8_${d.alnum(37)}`),
  'GitLab routable token': d =>
    one('denied ', `glpat-${d.of(URL_SAFE, 27)}.01.${d.lower(9)}`),
  'GitLab CI job token': d => one('job ', `glcbt-${d.hex(2)}_${d.alnum(20)}`),
  'Bitbucket app password': d => one('bitbucket ', `ATBB${d.alnum(32)}`),
  'Atlassian token': d => one('jira ', `ATATT3xFf${d.alnum(180)}`),
  'GitHub token that was cut': d => one('token ', `ghp_${d.alnum(18)}1b`),
  'Anthropic key that was cut': d =>
    one('key ', `sk-ant-api03-${d.alnum(12)}7Qz`, '...'),
  'Slack app token': d =>
    one('slack ', `xapp-1-A${d.upper(10)}-${d.digits(13)}-${d.hex(64)}`),
  'Slack refresh token': d => one('slack ', `xoxe-1-${d.alnum(146)}`),
  'Discord bot token': d =>
    one('login ', `MTk4${d.alnum(22)}.G${d.alnum(5)}.${d.of(URL_SAFE, 38)}`),
  'Power Automate URL': d =>
    one(
      `https://default${d.hex(30)}.environment.api.powerplatform.com/powerautomate/x/workflows/${d.hex(32)}/triggers/manual/paths/invoke?api-version=1&sv=1.0&sig=`,
      d.of(URL_SAFE, 43),
    ),
  'Fly.io token': d => one('flyctl ', `fo1_${d.of(URL_SAFE, 43)}`),
  'Fly.io macaroon': d => one('FlyV1 ', `fm2_${d.base64(90)}`),
  'DigitalOcean OAuth token': d => one('doctl ', `doo_v1_${d.hex(64)}`),
  'Netlify token': d => one('netlify ', `nfp_${d.alnum(36)}`),
  'Vercel token': d => one('vercel ', `vcp_${d.alnum(56)}`),
  'Supabase key': d => one('supabase ', `sbp_${d.hex(40)}`),
  'PlanetScale password': d =>
    one('pscale ', `pscale_pw_${d.of(URL_SAFE, 43)}`),
  'Neon key': d => one('neon ', `napi_${d.lower(64)}`),
  'Upstash QStash URL': d =>
    one('rediss://default:', d.alnum(40), '@eu1-x.upstash.io:6379'),
  'Aiven token': d => one('aiven ', `AVNS_${d.alnum(19)}`),
  'Confluent Cloud secret': d => one('ccloud ', `cflt${d.of(BASE64, 60)}`),
  'Doppler token': d => one('doppler run --token ', `dp.st.prd.${d.alnum(40)}`),
  'Doppler personal token': d => one('doppler ', `dp.pt.${d.alnum(43)}`),
  'Infisical token': d =>
    one('infisical ', `st.${d.hex(24)}.${d.hex(32)}.${d.hex(32)}`),
  '1Password service account': d =>
    one('loaded (', `ops_eyJ${d.of(BASE64, 280)}`, ')'),
  'Vault legacy root token': d =>
    one('Initial Root Token: ', `s.${d.alnum(24)}`),
  'Vault recovery token': d => one('vault ', `hvr.${d.alnum(90)}`),
  'New Relic user key, alone': d => one('newrelic ', `NRAK-${d.upper(27)}`),
  'New Relic insert key': d => one('insert ', `NRII-${d.of(URL_SAFE, 32)}`),
  'New Relic licence key': d => one('agent ', `${d.hex(36)}NRAL`),
  'Dynatrace token': d =>
    one('dynatrace ', `dt0c01.${d.upper(24)}.${d.upper(64)}`),
  'Honeycomb ingest key': d => one('honeycomb ', `hcaik_01${d.lower(56)}`),
  'Sentry organisation token': d =>
    one('sentry ', `sntrys_eyJ${d.of(BASE64, 90)}_${d.of(BASE64, 43)}`),
  'PostHog personal key': d => one('posthog ', `phx_${d.alnum(43)}`),
  'Grafana Cloud token': d => one('grafana ', `glc_eyJ${d.of(BASE64, 120)}`),
  'LaunchDarkly SDK key': d => one('ld ', `sdk-${d.uuid()}`),
  'Linear OAuth': d => one('linear ', `lin_oauth_${d.hex(64)}`),
  'Figma token': d => one('figma ', `figd_${d.of(URL_SAFE, 40)}`),
  'Airtable token': d => one('airtable ', `pat${d.alnum(14)}.${d.hex(64)}`),
  'Asana token': d =>
    one('asana ', `2/${d.digits(16)}/${d.digits(16)}:${d.hex(32)}`),
  'Notion integration secret': d => one('notion ', `secret_${d.alnum(43)}`),
  'HubSpot token': d => one('hubspot ', `pat-eu1-${d.uuid()}`),
  'Stripe restricted key': d => one('stripe ', `rk_live_${d.alnum(99)}`),
  'Stripe webhook secret': d => one('stripe ', `whsec_${d.alnum(32)}`),
  'Square token': d => one('square ', `EAAA${d.of(URL_SAFE, 60)}`),
  'Shopify app secret': d => one('shopify ', `shpss_${d.hex(32)}`),
  'Mailgun key': d => one('mailgun ', `key-${d.hex(32)}`),
  'Brevo key': d => one('brevo ', `xkeysib-${d.hex(64)}-${d.alnum(16)}`),
  'Resend key': d => one('resend ', `re_${d.alnum(8)}_${d.alnum(24)}`),
  'Postmark or Mailchimp transactional key': d =>
    one('md ', `md-${d.alnum(22)}`),
  'Docker organisation token': d => one('docker ', `dckr_oat_${d.alnum(32)}`),
  'crates.io token': d => one('cargo ', `cio${d.alnum(32)}`),
  'NuGet key': d => one('nuget ', `oy2${d.lower(43)}`),
  'Clojars token': d => one('clojars ', `CLOJARS_${d.hex(60)}`),
  'JFrog reference token': d => one('jfrog ', `cmVmdGtu${d.alnum(56)}`),
  'Buildkite token': d => one('agent ', `bkua_${d.hex(40)}`),
  'CircleCI token': d => one('circle ', `CCIPAT_${d.alnum(22)}_${d.hex(40)}`),
  'Octopus key': d => one('octopus ', `API-${d.upper(26)}`),
  'Terraform team token': d =>
    one('tfc ', `${d.alnum(14)}.atlasv1.${d.of(URL_SAFE, 67)}`),
  'Harness token': d =>
    one('harness ', `pat.${d.alnum(22)}.${d.hex(24)}.${d.alnum(20)}`),
  'k3s join token': d =>
    one('K3S join: ', `K10${d.hex(64)}::server:${d.hex(32)}`),
  'kubeadm token': d =>
    one('kubeadm join 10.0.0.1:6443 --token ', `${d.lower(6)}.${d.lower(16)}`),
  'OpenShift token': d => one('oc whoami ', `sha256~${d.of(URL_SAFE, 43)}`),
  'Rancher token': d => one('rancher ', `token-${d.lower(5)}:${d.lower(54)}`),
  'Tailscale OAuth secret': d =>
    one('tailscale ', `tskey-client-${d.alnum(12)}-${d.alnum(32)}`),
  'Cloudflare origin CA key': d =>
    one('cloudflare ', `v1.0-${d.hex(24)}-${d.hex(146)}`),
  'Alibaba key id': d => one('oss ', `LTAI${d.alnum(20)}`),
  'Yandex Cloud token': d =>
    one('yc ', `t1.${d.of(URL_SAFE, 60)}.${d.of(URL_SAFE, 86)}`),
  'Yandex API key': d => one('yc ', `AQVN${d.of(URL_SAFE, 36)}`),
  'Scaleway or Google OAuth secret': d =>
    one('google ', `GOCSPX-${d.of(URL_SAFE, 28)}`),
  'Google refresh token': d => one('refresh ', `1//0${d.of(URL_SAFE, 100)}`),
  'Firebase messaging key': d =>
    one('fcm ', `AAAA${d.of(URL_SAFE, 7)}:APA91b${d.of(URL_SAFE, 134)}`),
  'Facebook token': d => one('fb ', `EAACEdEose0cBA${d.alnum(120)}`),
  'Twilio account secret': d => one('twilio ', `SK${d.hex(32)}`),
  'Azure DevOps token, 2025': d =>
    one('azdo ', `${d.alnum(76)}AZDO${d.alnum(4)}`),
  'Azure OpenAI key': d => one('aoai ', `${d.alnum(52)}JQQJ99${d.alnum(26)}`),
  'Azure client secret, alone': d =>
    one('acquiring token with ', `${d.alnum(3)}8Q~${d.alnum(34)}`),
  'Typeform token': d => one('typeform ', `tfp_${d.alnum(44)}_${d.alnum(14)}`),
  'Sourcegraph token': d => one('src ', `sgp_${d.hex(16)}_${d.hex(40)}`),
  'ngrok API key': d => one('tunnel ', `ak_${d.alnum(27)}_${d.alnum(22)}`),
  'Readme key': d => one('readme ', `rdme_${d.lower(70)}`),
  'Duffel token': d => one('duffel ', `duffel_live_${d.of(URL_SAFE, 43)}`),
};
