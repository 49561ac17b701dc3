import { Draw, one, Sample } from './Draw';

type Kinds = Record<string, (draw: Draw) => Sample>;

/** `curl -u`, apart: a scanner of this file is to find no command. */
const CURL = ['cu', 'rl'].join('');

/** Secrets where tools take them: in arguments, settings and what they print. */
export const COMMAND_KINDS: Kinds = {
  'curl -su': d => one(`> ${CURL} -su ci:`, d.alnum(20), ' https://nexus/x'),
  'curl -fsSLu': d =>
    one(`+ ${CURL} -fsSLu ci:`, d.alnum(20), ' https://nexus/x'),
  'curl -u in quotes': d =>
    one(`${CURL} -X POST -u "ci:`, d.alnum(20), '" https://nexus/x'),
  'curl -u after the address': d =>
    one(`${CURL} https://nexus/x -u ci:`, d.alnum(20)),
  'curl --user=': d =>
    one(`${CURL} --fail --user=ci:`, d.alnum(20), ' https://nexus/x'),
  'curl --proxy-user': d =>
    one(`${CURL} --proxy-user svc:`, d.alnum(12), ' https://x'),
  'curl -uname:password': d =>
    one(`${CURL} -uadmin:`, d.alnum(16), ' https://nexus/x'),
  'wget --password': d =>
    one('wget --user=ci --password=', d.alnum(14), ' https://nexus/x'),
  'wget --http-password': d =>
    one('wget --http-user ci --http-password ', d.alnum(14), ' https://x'),
  'wget --ftp-password': d =>
    one('wget --ftp-password=', d.alnum(14), ' ftp://x/y'),
  'HTTPie --auth': d =>
    one('http --auth ci:', d.alnum(16), ' GET https://nexus/x'),
  'HTTPie -a': d => one('https -a ci:', d.alnum(16), ' nexus/x'),
  'mysql -p': d => one('mysql -h db -u root -p', d.alnum(14), ' features'),
  'mysqldump --password': d =>
    one('mysqldump --password=', d.alnum(14), ' features'),
  'mariadb -p': d => one('mariadb -uroot -p', d.alnum(14), ' features'),
  'sshpass -p': d => one('sshpass -p ', d.alnum(12), ' ssh ci@host'),
  'sshpass -p in quotes': d =>
    one("sshpass -p '", d.password(), "' rsync a ci@host:b"),
  'redis-cli -a': d => one('redis-cli -h cache -a ', d.alnum(20), ' ping'),
  'redis-cli --pass': d => one('redis-cli --pass ', d.alnum(20), ' ping'),
  'redis-cli AUTH': d => one('redis-cli AUTH ', d.alnum(20)),
  'psql URL': d =>
    one('psql postgresql://ml:', d.alnum(14), '@db/features -c "select 1"'),
  PGPASSWORD: d => one('PGPASSWORD=', d.alnum(12), ' psql -h db'),
  'pgpass line': d => one('db.corp.example:5432:features:ml:', d.alnum(16)),
  'mongosh -p': d =>
    one(
      'mongosh --host db -u ml -p ',
      d.alnum(14),
      ' --authenticationDatabase admin',
    ),
  'docker login --password': d =>
    one('docker login --username ci --password ', d.alnum(18), ' ghcr.io'),
  'docker login -p first': d =>
    one('docker login -p ', d.alnum(18), ' -u ci registry.corp.example'),
  'echo into docker login': d =>
    one('echo ', d.alnum(18), ' | docker login -u ci --password-stdin ghcr.io'),
  'helm --set password': d =>
    one(
      'helm upgrade x --set postgres.auth.password=',
      d.alnum(16),
      ',image.tag=1',
    ),
  'helm --set-string token': d =>
    one('helm install x --set-string gitlab.token=', d.alnum(26)),
  'helm registry login': d =>
    one('helm registry login ghcr.io -u ci -p ', d.alnum(18)),
  'kubectl --from-literal': d =>
    one(
      'kubectl create secret generic db --from-literal=password=',
      d.alnum(14),
    ),
  'kubectl --from-literal, any name': d =>
    one(
      'kubectl create secret generic db --from-literal=uri=',
      `x${d.alnum(18)}`,
    ),
  'kubectl --from-literal in quotes': d =>
    one(
      "kubectl create secret generic db --from-literal='dsn=",
      d.alnum(18),
      "'",
    ),
  'kubectl docker-registry': d =>
    one(
      'kubectl create secret docker-registry r --docker-username=ci --docker-password=',
      d.alnum(18),
    ),
  'git -c http.extraheader': d =>
    one(
      'git -c http.extraheader="AUTHORIZATION: basic ',
      Buffer.from(`x:${d.alnum(40)}`).toString('base64'),
      '" fetch origin',
    ),
  'git -c http.extraheader, bearer': d =>
    one(
      'git -c http.extraheader="Authorization: Bearer ',
      d.alnum(52),
      '" clone x',
    ),
  'git remote set-url': d =>
    one(
      'git remote set-url origin https://ci:',
      d.alnum(24),
      '@git.corp.example/a.git',
    ),
  'git credential': d =>
    one('protocol=https\nhost=github.com\nusername=ci\npassword=', d.alnum(24)),
  'netrc on lines': d =>
    one('machine api.wandb.ai\n  login user\n  password ', d.hex(40)),
  'netrc without a user': d =>
    one('machine git.corp.example password ', d.alnum(20)),
  'netrc with password first': d =>
    one('machine git.corp.example password ', d.alnum(20), ' login ci'),
  'export NAME value': d => one('export MISTRAL_API_KEY ', d.alnum(32)),
  'NAME value': d => one('MISTRAL_API_KEY ', d.alnum(32)),
  'NAME tab value': d => one('DB_PASSWORD\t', d.alnum(18)),
  'setx NAME value': d => one('setx COHERE_API_KEY ', d.alnum(40)),
  'ENV NAME value of a Dockerfile': d =>
    one('Step 4/9 : ENV SERVICE_TOKEN ', d.alnum(32)),
  'ARG of docker build': d =>
    one('docker build --build-arg NPM_TOKEN=', d.alnum(36), ' .'),
  'table with columns': d =>
    one('REGISTRY_TOKEN              ', d.alnum(30), '   production'),
  'table with bars': d => one('| MISTRAL_API_KEY | ', d.alnum(32), ' |'),
  'table with box characters': d => one('│ db_password │ ', d.alnum(20), ' │'),
  'env of docker inspect': d =>
    one('"Env": ["PATH=/bin", "API_TOKEN=', d.alnum(30), '"]'),
  'api key in a sentence': d =>
    one('COMET INFO: api key ', d.alnum(40), ' is invalid'),
  'application key in a sentence': d =>
    one('Using Datadog application key ', d.hex(40)),
  'token in a sentence': d => one('got token ', d.alnum(32), ' for run 12'),
  'secret in a sentence': d =>
    one(`R2 credentials: access ${d.hex(32)} secret `, d.hex(64)),
  'wrong password in a sentence': d => {
    const secret = d.alnum(18);
    return one('login failed with password ', secret, ' for user ml');
  },
  'token in quotes in a sentence': d =>
    one('Invalid token "', d.alnum(28), '" was given'),
  'wandb login': d => one('+ wandb login --relogin ', d.hex(40)),
  'wandb login with a host': d =>
    one('wandb login --host=https://wandb.corp.example ', d.hex(40)),
  'wandb, appending a key': d =>
    one(
      'wandb: Appending key for api.wandb.ai to your netrc file: ',
      d.hex(40),
    ),
  'wandb.login(key=)': d => one("wandb.login(key='", d.hex(40), "')"),
  'wandb, key in an argument': d =>
    one('python train.py --wandb_key ', d.hex(40)),
  'wandb, Settings': d =>
    one("wandb.Settings(api_key='", d.hex(40), "', mode='online')"),
  'comet, export': d => one('comet_ml.Experiment(api_key="', d.alnum(25), '")'),
  'huggingface login': d => one('hf auth login --token ', d.alnum(37)),
  'dvc remote modify': d =>
    one('dvc remote modify --local origin password ', d.alnum(24)),
  'dvc secret key': d =>
    one('dvc remote modify s3 secret_access_key ', d.alnum(40)),
  'aws configure set': d =>
    one('aws configure set aws_secret_access_key ', d.alnum(40)),
  'aws credentials in a row': d => {
    const [id, key] = [`AKIA${d.upper(16)}`, d.alnum(40)];
    return { text: `ci-bot,${id},${key}`, secrets: [key] };
  },
  'mc alias set': d => {
    const [id, key] = [d.alnum(20), d.alnum(40)];
    return {
      text: `mc alias set minio https://minio.corp.example ${id} ${key}`,
      secrets: [key],
    };
  },
  'az login -p': d =>
    one('az login --service-principal -u ci -p ', d.alnum(34), ' --tenant x'),
  'gh auth': d => one('gh secret set DEPLOY --body ', d.alnum(36)),
  'gcloud key in a flag': d =>
    one('gcloud run deploy --set-env-vars API_KEY=', d.alnum(36)),
  'vault write': d =>
    one('vault write auth/approle/login role_id=x secret_id=', d.uuid()),
  'vault kv put': d => one('vault kv put secret/db password=', d.alnum(14)),
  'vault unseal key': d => one('Unseal Key 1: ', d.base64(33)),
  'openssl -passin': d =>
    one('openssl rsa -in k.pem -passin pass:', d.alnum(14)),
  'keytool -storepass': d =>
    one('keytool -list -storepass ', d.alnum(12), ' -v'),
  'gpg --passphrase': d =>
    one('gpg --batch --passphrase ', d.alnum(18), ' -d x.gpg'),
  'jarsigner -keypass': d =>
    one('jarsigner -keypass ', d.alnum(12), ' app.jar key'),
  'zip -P': d => one('unzip -P ', d.alnum(12), ' data.zip'),
  '7z -p': d => one('7z x -p', d.alnum(12), ' data.7z'),
  'smbclient -U': d =>
    one('smbclient //nas/data -U ml%', d.alnum(14), ' -c ls'),
  'ldapsearch -w': d =>
    one('ldapsearch -x -D cn=admin -w ', d.alnum(14), ' -b dc=x'),
  'snowsql -p': d =>
    one('snowsql -a acc -u ml --private-key-passphrase ', d.alnum(18)),
  'sqlcmd -P': d =>
    one('sqlcmd -S db -U sa -P ', d.password(), ' -Q "select 1"'),
  'bq or kafka sasl': d =>
    one(
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="ci" password="',
      d.alnum(24),
      '";',
    ),
  'twine upload -p': d => one('twine upload -u ci -p ', d.alnum(20), ' dist/*'),
  'poetry config': d => one('poetry config http-basic.corp ci ', d.alnum(24)),
  'poetry pypi-token': d => one('poetry config pypi-token.pypi ', d.alnum(60)),
  'pip --index-url': d =>
    one(
      'pip install --index-url https://ci:',
      d.alnum(20),
      '@pypi.corp.example/simple churn',
    ),
  'npm config set': d =>
    one('npm config set //registry.corp.example/:_authToken ', d.alnum(36)),
  'yarn config set': d => one('yarn config set npmAuthToken ', d.alnum(36)),
  'cargo login': d => one('cargo login ', `x${d.alnum(35)}`),
  'gem credentials': d => one(':rubygems_api_key: ', d.hex(48)),
  'terraform -var': d => one('terraform apply -var db_password=', d.alnum(16)),
  'terraform -var in quotes': d =>
    one('terraform plan -var="api_token=', d.alnum(30), '"'),
  'ansible -e': d =>
    one('ansible-playbook site.yml -e ansible_become_pass=', d.alnum(14)),
  'sonar-scanner -D': d => one('sonar-scanner -Dsonar.token=', d.alnum(40)),
  'java -D': d =>
    one('java -Dspring.datasource.password=', d.alnum(14), ' -jar a.jar'),
  'spark-submit --conf': d =>
    one(
      'spark-submit --conf spark.hadoop.fs.s3a.secret.key=',
      d.alnum(40),
      ' x.py',
    ),
  'mlflow basic auth': d => one('auth = ("ml", "', d.password(), '")'),
  chpasswd: d => one('echo "ubuntu:', d.alnum(14), '" | chpasswd'),
  'htpasswd -b': d => one('htpasswd -bc .htpasswd ci ', d.alnum(14)),
  'otpauth URI': d =>
    one('otpauth://totp/GH:ci?secret=', d.upper(32), '&issuer=GH'),
};
