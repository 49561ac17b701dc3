import { Draw } from './Draw';

/** Lines as strangers' logs hold them, with what is random in them. */
const VARIED: Array<(d: Draw) => string> = [
  // git
  d => `HEAD is now at ${d.hex(7)} Fix the loader`,
  d => `HEAD is now at ${d.hex(9)} chore: rotate token cache`,
  d => `commit ${d.hex(40)}`,
  d => `commit ${d.hex(40)} (HEAD -> main, origin/main)`,
  d => `Merge ${d.hex(40)} into ${d.hex(40)}`,
  d => `index ${d.hex(7)}..${d.hex(7)} 100644`,
  d => ` * [new ref]  ${d.hex(40)} -> origin/main`,
  d => `git checkout --progress --force ${d.hex(40)}`,
  d => `/usr/bin/git log -1 --format=%H ${d.hex(40)}`,
  d => `'${d.hex(40)}'`,
  d => `tree ${d.hex(40)}`,
  d => `parent ${d.hex(40)}`,
  d => `${d.hex(40)} refs/tags/v1.${d.below(30)}.0`,
  d => `+refs/pull/${d.digits(3)}/merge:refs/remotes/pull/${d.digits(3)}/merge`,
  d => `Note: switching to '${d.hex(40)}'.`,
  d => `Download action repository 'actions/checkout@v4' (SHA:${d.hex(40)})`,
  d => `GITHUB_SHA=${d.hex(40)}`,
  d => `CI_COMMIT_SHA: ${d.hex(40)}`,
  d => `secret scanning passed for ${d.hex(40)}`,
  d => `token rotation was merged in ${d.hex(40)}`,
  d => `submodule vendor/secrets at ${d.hex(40)}`,
  d => `Revert "Add password reset" (${d.hex(10)})`,
  // digests
  d => `ghcr.io/acme/churn@sha256:${d.hex(64)}`,
  d => `Digest: sha256:${d.hex(64)}`,
  d => `#12 sha256:${d.hex(64)} 28.23MB / 28.23MB 0.9s done`,
  d => `#8 extracting sha256:${d.hex(64)} 1.2s done`,
  d => `#19 exporting config sha256:${d.hex(64)} done`,
  d => `#19 writing image sha256:${d.hex(64)} done`,
  d => `${d.hex(12)}: Pull complete`,
  d => `${d.hex(12)}: Layer already exists`,
  d => ` ---> Running in ${d.hex(12)}`,
  d => ` ---> ${d.hex(12)}`,
  d => `Removing intermediate container ${d.hex(12)}`,
  d => `latest: digest: sha256:${d.hex(64)} size: 2839`,
  d => `Status: Downloaded newer image for python:3.12-slim (${d.hex(12)})`,
  d => `Writing manifest to image destination ${d.hex(64)}`,
  d => `tlog entry created with index: ${d.digits(9)}`,
  d => `Verified signature for sha256:${d.hex(64)}`,
  d => `${d.hex(64)}  dist/churn-1.0-py3-none-any.whl`,
  d => `${d.hex(32)}  model.pkl`,
  d => `${d.hex(128)}  archive.tar`,
  d => `md5: ${d.hex(32)}`,
  d => `outs: md5 ${d.hex(32)}.dir size 1203`,
  d => `sha1:${d.hex(40)}`,
  d => `SHA256(model.onnx)= ${d.hex(64)}`,
  d => `checksum mismatch: want ${d.hex(64)}, got ${d.hex(64)}`,
  d => `    Expected sha256 ${d.hex(64)}`,
  d => `         Got        ${d.hex(64)}`,
  d => `    --hash=sha256:${d.hex(64)} \\`,
  d => `  integrity sha512-${d.base64(64)}`,
  d => `"integrity": "sha512-${d.base64(64)}",`,
  d =>
    `Integrity check failed for "left-pad" (got "sha512-${d.base64(64)} sha1-${d.base64(20)}")`,
  d =>
    `verbose stack Error: wanted sha512-${d.base64(64)} but got sha512-${d.base64(64)}.`,
  d => `"@babel/core@npm:7.29.0": checksum: 10c0/${d.hex(128)}`,
  d => `go: downloading golang.org/x/net v0.48.0 h1:${d.base64(32)}`,
  d => `golang.org/x/crypto v0.31.0 h1:${d.base64(32)}`,
  d =>
    `resolved "https://registry.yarnpkg.com/core-js/-/core-js-3.1.tgz#${d.hex(40)}"`,
  d =>
    `source = "git+https://github.com/acme/auth-token?rev=${d.hex(7)}#${d.hex(40)}"`,
  d => `checksum = "${d.hex(64)}"`,
  d => `narHash = "sha256-${d.base64(32)}";`,
  d => `nix-store /nix/store/${d.lower(32)}-python3-3.12.7`,
  d => `  "narHash": "sha256-${d.base64(32)}"`,
  d => `sri: sha384-${d.base64(48)}`,
  // identifiers
  d => `Run ID: ${d.uuid()}`,
  d => `request id ${d.uuid()} took 12 ms`,
  d => `x-request-id: ${d.uuid()}`,
  d => `x-amzn-requestid: ${d.uuid()}`,
  d => `x-amz-id-2: ${d.base64(56)}`,
  d => `x-amz-request-id: ${d.upper(16)}`,
  d =>
    `RequestId: ${d.upper(16)}; S3 Extended Request ID: ${d.base64(56)}; Proxy: null`,
  d => `x-github-request-id: ${d.upper(4)}:${d.upper(6)}:${d.upper(7)}`,
  d => `cf-ray: ${d.hex(16)}-FRA`,
  d => `traceparent: 00-${d.hex(32)}-${d.hex(16)}-01`,
  d => `trace_id=${d.hex(32)} span_id=${d.hex(16)}`,
  d => `etag: W/"${d.hex(32)}"`,
  d => `ETag: "${d.hex(32)}-3"`,
  d => `correlationId=${d.uuid()} tenant=${d.uuid()}`,
  d => `subscription ${d.uuid()} was not found`,
  d => `Operation id: ${d.uuid()}`,
  d => `tracking id ${d.uuid()}`,
  d => `mlflow run ${d.hex(32)} finished`,
  d => `run_id: ${d.hex(32)}`,
  d => `runs:/${d.hex(32)}/model`,
  d => `models:/m-${d.hex(32)}`,
  d => `View run at http://mlflow.corp/#/experiments/3/runs/${d.hex(32)}`,
  d => `Logged model m-${d.hex(32)} to experiment ${d.digits(18)}`,
  d => `experiment_id=${d.digits(18)}`,
  d => `dataset digest ${d.hex(8)}`,
  d =>
    `wandb: Run data is saved locally in wandb/run-20261128_081401-${d.lower(8)}`,
  d =>
    `wandb: Synced happy-sun-12: https://wandb.ai/acme/churn/runs/${d.lower(8)}`,
  d => `wandb: git commit ${d.hex(40)}`,
  d => `wandb version 0.19.1 at ${d.hex(40)}`,
  d => `Ray job raysubmit_${d.alnum(16)} succeeded`,
  d => `prefect flow-run ${d.uuid()} is running`,
  d => `airflow dag_run manual__2026-11-28T08:14:01+00:00 ${d.hex(8)}`,
  d => `spark application_${d.digits(13)}_0012 state: FINISHED`,
  d => `container_${d.digits(13)}_0012_01_000002 exited with 143`,
  d => `arn:aws:iam::${d.digits(12)}:role/ci-deploy`,
  d => `arn:aws:secretsmanager:eu-central-1:${d.digits(12)}:secret:mlflow-db`,
  d => `projects/ml-prod/secrets/db-password/versions/${d.below(9) + 1}`,
  d => `vol-0${d.hex(16)} attached to i-0${d.hex(16)}`,
  d => `subnet-0${d.hex(16)} in vpc-0${d.hex(16)}`,
  d => `ami-0${d.hex(16)} (Ubuntu 24.04)`,
  // kubernetes
  d => `pod churn-predictor-${d.hex(9)}-${d.lower(5)} is ready`,
  d => `kube-api-access-${d.word(5)} mounted`,
  d =>
    `MountVolume.SetUp failed for volume "db-secret" : secret "mlflow-db-${d.lower(10)}" not found`,
  d =>
    `/var/run/secrets/kubernetes.io/serviceaccount from default-token-${d.lower(5)} (ro)`,
  d =>
    `default-token-${d.lower(5)}   kubernetes.io/service-account-token   3      12d`,
  d => `secret/mlflow-credentials-${d.lower(10)} created`,
  d => `secret/registry-${d.lower(10)} configured`,
  d => `Controlled By:  ReplicaSet/token-service-${d.hex(10)}`,
  d => `replicaset.apps/auth-proxy-${d.hex(10)} scaled`,
  d => `"uid":"${d.uuid()}","resourceVersion":"${d.digits(8)}"`,
  d =>
    `Warning  FailedMount  5s  kubelet  references non-existent secret key: pre-stop-${d.below(9)}`,
  d => `Container ID:  containerd://${d.hex(64)}`,
  d => `Image ID:      docker.io/acme/churn@sha256:${d.hex(64)}`,
  d => `revision churn-predictor-0000${d.below(9)} is ready`,
  d => `pod-template-hash=${d.hex(10)}`,
  d => `controller-revision-hash: ${d.hex(10)}`,
  d => `--discovery-token-ca-cert-hash sha256:${d.hex(64)}`,
  // packages
  d =>
    `numpy-2.${d.below(9)}.1-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl`,
  d => `pytorch-2.${d.below(9)}.1-py3.12_cuda12.4_cudnn9.1.0_0`,
  d => `numpy 1.26.4 py312h${d.hex(7)}_0 conda-forge`,
  d => `ca-certificates 2024.8.30 h${d.hex(7)}_0`,
  d => `  libgcc-ng-14.2.0-h${d.hex(7)}_1.conda`,
  d => `tokenizers 0.20.3 py312h${d.hex(7)}_0`,
  d =>
    `BUILD START: ['simsopt-v1.10.6+406_ge${d.hex(7)}-py311h${d.hex(7)}_0.conda']`,
  d => `Collecting keyring==25.${d.below(9)}.0`,
  d =>
    `Created wheel for secretstorage: filename=secretstorage-3.3.3-py3-none-any.whl size=15231 sha256=${d.hex(64)}`,
  d =>
    `Stored in directory: /root/.cache/pip/wheels/${d.hex(2)}/${d.hex(2)}/${d.hex(2)}/${d.hex(56)}`,
  d =>
    `Get:12 http://archive.ubuntu.com/ubuntu noble/main amd64 libsecret-1-0 amd64 0.21.4-1build${d.below(9)} [116 kB]`,
  d => `Unpacking libpam-gnome-keyring:amd64 (46.1-2build${d.below(9)}) ...`,
  d =>
    `npm http fetch GET 200 https://registry.npmjs.org/token-types/-/token-types-6.0.${d.below(9)}.tgz 120ms`,
  d =>
    `Cache restored from key: setup-uv-2-x86_64-unknown-linux-gnu-${d.hex(64)}`,
  d => `Cache saved with key: node-cache-Linux-x64-npm-${d.hex(64)}`,
  d => `Cache Size: ~${d.digits(3)} MB (${d.digits(9)} B)`,
  d => `key: Linux-pip-${d.hex(64)}`,
  d => `restore-keys: Linux-gradle-${d.hex(40)}`,
  d =>
    `Artifact triage-report has been successfully uploaded! Final size is ${d.digits(5)} bytes. Artifact ID is ${d.digits(10)}`,
  d => `SHA256 hash of uploaded artifact zip is ${d.hex(64)}`,
  d =>
    `Artifact download URL: https://github.com/acme/churn/actions/runs/${d.digits(11)}/artifacts/${d.digits(10)}`,
  // stack traces and tests
  d =>
    `java.lang.IllegalStateException: context [WebMergedContextConfiguration@${d.hex(8)}]`,
  d =>
    `com.example.TokenService$$EnhancerBySpringCGLIB$$${d.hex(8)}.login(<generated>)`,
  d => `<torch.nn.Linear object at 0x7f${d.hex(10)}>`,
  d => `Segmentation fault at 0x${d.hex(16)} (core dumped)`,
  d => `rip:0x${d.hex(12)} rsp:0x${d.hex(12)}`,
  d => `  ${d.below(90)}: 0x${d.hex(12)} - core::panicking::panic`,
  d => `tests/test_auth.py::test_token[${d.lower(4)}-expired-401] PASSED`,
  d => `tests/test_hash.py::test_digest[${d.hex(64)}] PASSED`,
  d => `tests/test_ids.py::test_parse[${d.uuid()}] FAILED`,
  d =>
    `FAILED tests/test_api.py::test_api_key_missing[param${d.below(9)}] - KeyError: 'api_key'`,
  d => `assert '${d.hex(64)}' == '${d.hex(64)}'`,
  d => `E       AssertionError: assert '${d.hex(8)}' != '${d.hex(8)}'`,
  d => `random seed: ${d.digits(10)}`,
  d => `PYTHONHASHSEED=${d.digits(9)}`,
  d => `Using seed ${d.digits(10)} for numpy, torch and random`,
  d =>
    `hypothesis: @reproduce_failure('6.112.1', b'AXicY2BgYGRgAA${d.alnum(4)}')`,
  d =>
    `seed=${d.digits(6)} token_budget=${d.digits(4)} tokens_per_second=${d.digits(3)}.4`,
  // images and numbers
  d =>
    `<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${d.base64(600)}">`,
  d =>
    `![plot](data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD${d.base64(400)})`,
  d => `url("data:font/woff2;base64,d09GMgABAAAAA${d.base64(300)}")`,
  d =>
    `step ${d.digits(4)} loss 0.${d.digits(6)} lr 1.${d.digits(3)}e-05 tokens ${d.digits(9)}`,
  d => `perplexity=12.${d.digits(4)} num_tokens=${d.digits(7)} max_tokens=4096`,
  d => `eos_token_id=${d.digits(5)} bos_token_id=1 pad_token_id=${d.digits(5)}`,
  d =>
    `prompt_tokens: ${d.digits(4)}, completion_tokens: ${d.digits(3)}, total_tokens: ${d.digits(4)}`,
  d => `TOKEN_COUNT=${d.digits(5)} max_tokens: 4096`,
  d => `2026-11-28T08:14:01.${d.digits(6)}Z INFO token refresh in 3600 s`,
  d => `Timing: 0x${d.hex(8)} cycles, key lookups ${d.digits(7)}`,
  d => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${d.alnum(43)} ci@runner`,
  d => `SHA256:${d.base64(32).replace('=', '')} ci@runner (ED25519)`,
  d => `The key fingerprint is: SHA256:${d.base64(32).replace('=', '')}`,
  d => `gpg: Signature made with RSA key ${d.upper(16)}`,
  d => `gpg:                using EDDSA key ${d.hex(40).toUpperCase()}`,
  d => `gpg: key ${d.hex(16).toUpperCase()}: public key "Jane Doe" imported`,
  d =>
    `X509v3 Subject Key Identifier: ${d.hex(2)}:${d.hex(2)}:${d.hex(2)}:${d.hex(2)}`,
  d => `Serial Number: ${d.hex(32)}`,
  d => `openssl: public key sha256 ${d.hex(64)}`,
  d => `"kid":"${d.hex(40)}","kty":"RSA","e":"AQAB","n":"${d.base64url(64)}"`,
  d =>
    `{"kty":"EC","crv":"P-256","x":"${d.base64url(32)}","y":"${d.base64url(32)}"}`,
  d =>
    `{"d":"${d.digits(4)}-11-28","k":"${d.lower(6)}","p":0.${d.digits(3)},"q":${d.digits(2)}}`,
  d => `quantiles: {"p":"${d.digits(2)}","q":"0.${d.digits(2)}"}`,
  d => `curl -u ${d.word(6)} https://nexus.corp.example/`,
  d => `curl -sSfL https://get.example.com/${d.hex(8)} -o install.sh`,
  d => `mysql -h db -P 3306 -p features_${d.digits(2)}`,
  d => `docker run -p 8080:8080 acme/churn:${d.hex(7)}`,
  d => `docker run -u 1000:1000 -p 127.0.0.1:${d.digits(4)}:80 acme/churn`,
  d => `mkdir -p build/${d.lower(6)}`,
  d => `pytest -p no:cacheprovider -k token_${d.word(4)}`,
  d => `ssh -p 2222 ci@host-${d.digits(3)}`,
  d => `redis-cli -h cache -p 6379 -n ${d.below(9)} ping`,
  d => `psql -h db -U ml -p 5432 features_${d.digits(3)}`,
  d => `kubectl get secret mlflow-${d.lower(5)} -o yaml`,
  d =>
    `kubectl create secret generic churn-${d.word(4)} --from-file=./settings.json`,
  d => `helm upgrade --install churn ./chart --set image.tag=${d.hex(7)}`,
  d => `terraform apply -var region=eu-central-${d.below(3) + 1}`,
  d => `  + resource_id = "${d.uuid()}" -> (known after apply)`,
  d => `random_password.db: Refreshing state... [id=none-${d.below(9)}]`,
  d => `  # kubernetes_secret.db will be created (${d.below(9)} to add)`,
  d =>
    `module.db.random_id.suffix: Creation complete after 0s [id=${d.alnum(6)}]`,
  d => `npm WARN deprecated request-token@2.1.${d.below(9)}: use undici`,
  d => `vllm/tokenizers/cache/${d.hex(40)}/tokenizer.json`,
  d =>
    `~/.cache/huggingface/hub/models--gpt2/snapshots/${d.hex(40)}/config.json`,
  d =>
    `Downloading tokenizer_config.json: 100% 26.0/26.0 [00:00<00:00, ${d.digits(2)}.1kB/s]`,
  d =>
    `loading file tokenizer.model from cache at /root/.cache/${d.hex(64)}.${d.hex(64)}`,
  d => `jti ${d.uuid()} has expired`,
  d => `session ${d.uuid()} was closed`,
  d => `client_id=${d.uuid()} scope=openid`,
  d => `"client_id": "${d.digits(12)}-abc.apps.googleusercontent.com"`,
  d => `access key id was rotated on 2026-11-0${d.below(9) + 1}`,
  d => `user_id=${d.digits(8)} login succeeded`,
  d => `Login Succeeded for run ${d.digits(8)}`,
  d => `The secret was last used ${d.below(9)} days ago`,
  d => `invalid token at line ${d.digits(3)} column ${d.digits(2)}`,
  d => `unexpected token '<' at position ${d.digits(4)}`,
  d => `Token ${d.digits(4)} is out of vocabulary`,
  d => `token ${d.digits(5)} of 32000`,
  d => `pass ${d.digits(2)} of 20`,
  d => `passed ${d.digits(3)}, failed 2, skipped 1`,
  d => `key ${d.digits(3)} not in index`,
  d => `password attempt ${d.below(9)} of 3`,
  d => `tokens/sec ${d.digits(4)}.${d.digits(2)}`,
  d => `cache key ${d.hex(64)} was not found`,
  d => `key hash ${d.hex(16)} is in partition ${d.digits(2)}`,
  d => `Primary key (${d.digits(5)}) already exists`,
  d => `passing rate 0.${d.digits(4)}`,
  d => `bypass=true compass=${d.digits(2)}`,
];

/** Lines in which nothing is random. */
const FIXED = `
Authorization: Bearer ***
password: ***
SECRET_KEY is not set
key: value
cache key: Linux-pip-3.12
primary key (id) on table runs
foreign key constraint "fk_1" violated
export PATH=/usr/local/bin:$PATH
AWS_REGION=eu-central-1
author: Jane Doe <jane@example.com>
Signed-off-by: J <j@example.com>
password authentication failed for user "ml"
password field is required
password must contain at least one digit
The password you entered is incorrect
Password: [hidden]
Enter password for user ci:
Passwords do not match
password = getpass.getpass()
password=os.environ["DB_PASSWORD"]
password: {{ .Values.db.password }}
password: !vault |
password: ENC[AES256_GCM,data:,tag:]
token: \${{ github.token }}
token: \${{ secrets.GITHUB_TOKEN }}
GITHUB_TOKEN: ***
github-token: ***
  token: ***
  ssh-key:
  ssh-strict: true
  persist-credentials: true
Token expired at 2026-11-28T08:14:01Z
token has expired, please log in again
Token is invalid or has been revoked
TokenExpiredError: jwt expired
JsonWebTokenError: jwt malformed
KeyError: 'api_key'
KeyError: 'MLFLOW_TRACKING_TOKEN'
ValueError: api_key must be set either by passing api_key to the client or by setting OPENAI_API_KEY
openai.OpenAIError: The api_key client option must be set
Invalid API key provided
wandb: ERROR api_key not configured (no-tty). call wandb.login(key=[your_api_key])
wandb: W&B API key is configured. Use \`wandb login --relogin\` to force relogin
wandb: Currently logged in as: trainer. Use \`wandb login --relogin\` to force relogin
wandb.errors.UsageError: api_key not configured (no-tty). Run wandb login
wandb: You can find your API key in your browser here: https://wandb.ai/authorize
huggingface_hub.errors.GatedRepoError: 401 Client Error. Access to model is restricted
Token is valid (permission: read).
Your token has been saved to /root/.cache/huggingface/token
Login successful
The attention mask and the pad token id were not set
Special tokens have been added in the vocabulary, make sure the associated word embeddings are fine-tuned
tokenizer=AutoTokenizer.from_pretrained("gpt2")
tokenizer=gpt2 num_tokens=4096
num_tokens 4096
num_tokens: 4096
token_type_ids=None
return_token_type_ids: false
use_fast_tokenizer=True
pad_token='<pad>' eos_token='</s>'
"eos_token": "<|endoftext|>",
"unk_token": {"content": "<unk>", "lstrip": false},
added_tokens_decoder={0: AddedToken("<s>")}
Token indices sequence length is longer than the specified maximum sequence length for this model (1032 > 1024)
secretName: mlflow-credentials
secretKeyRef: {name: mlflow-credentials, key: password}
  secretKeyRef:
    name: mlflow-credentials
    key: tracking-password
imagePullSecrets: [{name: regcred}]
secretRef: {name: churn-env}
serviceAccountName: churn-sa
Error: secret "mlflow-credentials" not found
Error from server (NotFound): secrets "db-credentials" not found
Error: couldn't find key password in Secret default/mlflow-db
secret/db-credentials created
secrets "mlflow-db" is forbidden: User "system:serviceaccount:ci:runner" cannot get resource "secrets"
NAME                  TYPE                                  DATA   AGE
regcred               kubernetes.io/dockerconfigjson        1      12d
mlflow-db             Opaque                                2      3d
SealedSecret.bitnami.com "db" is invalid: spec.encryptedData: Required value
ExternalSecret churn-db: SecretSyncedError
--mount=type=secret,id=npmrc,target=/root/.npmrc
RUN --mount=type=secret,id=pip pip install -r requirements.txt
--secret id=token,env=GITHUB_TOKEN
--password-stdin < /run/secrets/token
docker login ghcr.io -u ci --password-stdin
Login with --password-stdin instead
WARNING! Using --password via the CLI is insecure. Use --password-stdin.
WARNING! Your password will be stored unencrypted in /root/.docker/config.json.
##[error]Password required
##[error]Input required and not supplied: token
##[debug]Evaluating: (success() && steps.snyk.outcome == "success")
##[debug]Result: 'token'
Error: Input required and not supplied: personal_access_token
fatal: could not read Username for 'https://github.com': terminal prompts disabled
fatal: Authentication failed for 'https://github.com/acme/churn.git/'
remote: Invalid username or password.
remote: Support for password authentication was removed on August 13, 2021.
git@github.com: Permission denied (publickey).
Host key verification failed.
Warning: Permanently added 'github.com' (ED25519) to the list of known hosts.
debug1: Offering public key: /home/runner/.ssh/id_ed25519 ED25519
debug1: Trying private key: /home/runner/.ssh/id_rsa
Load key "/home/runner/.ssh/id_rsa": invalid format
sign_and_send_pubkey: no mutual signature supported
npm ERR! code E401
npm ERR! Incorrect or missing password.
npm ERR! 401 Unauthorized - authentication token not provided
npm ERR! need auth This command requires you to be logged in.
//registry.npmjs.org/:_authToken=\${NPM_TOKEN}
always-auth=true
YN0033: No authentication configured for request
error Couldn't find package "token-utils" on the "npm" registry.
src/auth/token.ts(12,3): error TS2322: Type 'string' is not assignable to type 'Token'.
src/token/TokenService.java:41: error: cannot find symbol
src/secrets/secret_manager.py:12:80: E501 line too long (93 > 79 characters)
src/auth/password_reset.py:7:1: F401 'secrets.token_hex' imported but unused
from secrets import token_hex
import secrets, getpass
secrets.token_urlsafe(32)
password_hash = generate_password_hash(password)
api_key = config.get("api_key")
api_key=settings.API_KEY,
token = response.json()["access_token"]
token = request.headers.get("X-Token")
headers = {"Authorization": f"Bearer {token}"}
client = OpenAI(api_key=os.getenv("OPENAI_API_KEY"))
def test_password_is_hashed(self):
class PasswordField(serializers.CharField):
TypeError: login() missing 1 required positional argument: 'password'
TypeError: __init__() got an unexpected keyword argument 'token'
AttributeError: 'NoneType' object has no attribute 'token'
pydantic_core.ValidationError: 1 validation error for Settings secret_key Field required
  File "/app/src/auth/tokens.py", line 41, in issue_token
  File "/usr/lib/python3.12/secrets.py", line 12, in token_bytes
    at TokenStream.next (/app/node_modules/parser/token-stream.js:41:12)
    at com.example.auth.PasswordEncoder.encode(PasswordEncoder.java:88)
goroutine 1 [running]: main.loadSecret(0xc000124000, 0x12)
thread 'main' panicked at src/token.rs:41:13
[B105:hardcoded_password_string] Possible hardcoded password: 'changeme'
>> Issue: [B106:hardcoded_password_funcarg] Possible hardcoded password
Location: src/config/password.py:12:0
leaks found: 0
no leaks found
1 secret found in commit history
Secret detected in commit, push declined due to repository rule violations
Finding: generic-api-key at src/settings.py:12
RuleID: generic-api-key
Fingerprint: src/settings.py:generic-api-key:12
Test: Use of Hardcoded Credentials [Medium Severity]
CKV_SECRET_6: "Base64 High Entropy String"
aws_secret_access_key = <redacted>
aws_access_key_id = \${AWS_ACCESS_KEY_ID}
botocore.exceptions.NoCredentialsError: Unable to locate credentials
botocore.exceptions.PartialCredentialsError: Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY
The security token included in the request is expired
An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation
google.auth.exceptions.DefaultCredentialsError: File credentials.json was not found.
azure.identity.CredentialUnavailableError: EnvironmentCredential authentication unavailable
AADSTS7000215: Invalid client secret provided.
Vault: permission denied, token lookup failed
Key                  Value
token_duration       768h
token_renewable      true
token_policies       ["default"]
lease_id             database/creds/ml
secret_id_ttl        24h
path "secret/data/churn" { capabilities = ["read"] }
Initialized: true, sealed: false
Unseal Progress 2/3
ERROR 1045 (28000): Access denied for user 'ml'@'10.0.0.4' (using password: YES)
FATAL: password authentication failed for user "mlflow"
psycopg2.OperationalError: fe_sendauth: no password supplied
redis.exceptions.AuthenticationError: WRONGPASS invalid username-password pair or user is disabled.
NOAUTH Authentication required.
pymongo.errors.OperationFailure: Authentication failed., code=18
sqlalchemy.exc.ArgumentError: Could not parse SQLAlchemy URL from string 'postgres'
postgresql://localhost:5432/features
postgresql://ml@db.corp.example/features
redis://cache:6379/0
mysql://root@localhost/x
https://github.com/login/oauth/access_token
https://token.actions.githubusercontent.com
https://api.example.com/v1/tokens?limit=10&page=2
https://example.com/reset-password?step=2
GET /oauth/token 401 12ms
POST /api/auth/password/reset HTTP/1.1" 200
"POST /v1/token HTTP/1.1" 429
WWW-Authenticate: Basic realm="Registry"
www-authenticate: Bearer realm="https://auth.docker.io/token",service="registry.docker.io"
Set-Cookie: theme=
Cookie: ***
x-api-key header is missing
x-ratelimit-remaining-tokens: 149000
Proxy-Authorization header is not allowed
Content-Security-Policy: script-src 'self'
ENV PASSWORD_FILE /run/secrets/db
ENV TOKEN_PATH /var/run/secrets/token
ARG SECRET_NAME
export TOKEN_FILE /run/secrets/github
export KEY_LENGTH 4096
setx PASSWORD_POLICY strict
set password policy to strict
token file /var/run/secrets/tokens/vault-token
key file /etc/ssl/private/server.key not found
private key file must have mode 0600
secret manager is not enabled for project ml-prod
secret store default
password manager
password policy strict
secret rotation every 30 days
token bucket refilled
token stream ended
token type Bearer
token endpoint https://login.example.com/oauth/token
token budget exceeded
access token scopes read:packages write:packages
access key not found
api key authentication failed
api key is missing
API key header X-API-Key
public key infrastructure
signing key rotated
encryption key not configured
deploy key added
host key algorithms ssh-ed25519,rsa-sha2-512
ssh key type ed25519
session key exchange curve25519-sha256
sort key created_at
partition key tenant_id
shard key user_id
idempotency key order-2026-11-28
registry key HKEY_LOCAL_MACHINE
arrow key pressed
seed corpus fuzz/corpus
seed database with fixtures
seed 42
seed: 42
wallet mnemonic must have 12 or 24 words
seed phrase is required
recovery phrase was not given
auth provider github
auth method kubernetes
auth mode none
credentials provider chain
credentials helper osxkeychain
bearer token required
basic auth disabled
sas token expired
csrf token missing or incorrect
pw not set
pwd
PWD=/home/runner/work/churn/churn
OLDPWD=/home/runner
pwd: /home/runner/work
pass rate 0.98
pass through authentication
passed in 12.04s
PASS src/auth/token.test.ts (5.2 s)
PASSED tests/test_password.py::test_reset
✓ rejects a password without digits (12 ms)
✕ token is refreshed (31 ms)
ok 12 - secret is not logged
--- PASS: TestToken (0.01s)
pass: 41, fail: 2
# pass 41
machine learning password policies are login free
machine: x86_64
machine type n1-standard-8
default login shell /bin/bash
login ci
user ci logged in
auto-detected credentials for ci@corp.example
username and password are required
Logging in with username and password...
Incorrect username or password
d: 12, p: 0.05, q: 3
{"p": 0.05, "d": 1, "q": 2}
order=(5, 1, 0) # p, d, q
{"k": "value", "d": "2026-11-28"}
p = 0.0431, dp = 0.01, dq = 0.2
kty RSA is not supported
-----BEGIN CERTIFICATE-----
-----END CERTIFICATE-----
-----BEGIN PUBLIC KEY-----
-----END PUBLIC KEY-----
Setting up Python 3.12
Setting up git version
Post job cleanup.
Complete job name: Check / Test
Process completed with exit code 1.
Requested labels: ubuntu-24.04
Runner Image: ubuntu-24.04 Version: 20261120.1
GITHUB_TOKEN Permissions
  Contents: read
  Metadata: read
Secret source: Actions
Secret source: Dependabot
Prepare workflow directory
ml-prod-token-service:8443 refused
fw_cfg_file is missing
key-value store is empty
re_compile_pattern failed
ak_linux_helper_module loaded
sk_buff allocation failed
sk-learn is deprecated, use scikit-learn
csk-policy-default applied
md-sidebar-navigation collapsed
sdk-version-manager 1.2
as-designed-and-built.pdf
hf_hub_download() is deprecated
hf_transfer_enabled=1
npm_config_registry is set
npm_lifecycle_event=build
npm_package_config_port
pat-based authentication
secret_manager_client_factory
astro_config_loader_plugin
st.cache_data is deprecated
t1.micro and t2.nano instances
pypi-publish workflow finished
glpat- prefix expected
ghp_ tokens are deprecated
`
  .split('\n')
  .filter(line => line !== '');

/**
 * Lines that hold no secret, though many look or read like one; collected
 * from public logs, documentation and tools' sources before the redactor saw them.
 */
export function ordinaryLines(draws = 3): string[] {
  const lines = Array.from({ length: draws }, (_, seed) =>
    VARIED.map((make, index) => make(new Draw(7000 + seed * 1000 + index))),
  );
  return [...new Set([...FIXED, ...lines.flat()])];
}
