// SPDX-License-Identifier: Apache-2.0

// `npm run template -- upgrade`, through its own command line, on clones as people have them: made by the previous
// template (tests/fixtures/repository-2.0.0.tar.gz) and by today's.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { greenroom, root, withEnv } from './testing/helpers.mjs';

const PREVIOUS = path.join(
  root,
  'templates/model-service/tests/fixtures/repository-2.0.0.tar.gz',
);
const MODEL = 'src/churn_risk/model.py';
const GATE = 'src/churn_risk/gate.py';
const TABLE = 'data/churn-risk.csv';

/** @type {string} */
let folder;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-upgrade-test-'));
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** @param {string[]} args */
function upgrade(...args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [greenroom, 'template', 'upgrade', ...args],
    { cwd: root, env: withEnv({ INIT_CWD: folder }), encoding: 'utf8' },
  );
  return { code: status, stdout, stderr };
}

/** A clone, and what a person does in it. */
class Work {
  /** @param {string} name */
  constructor(name) {
    this.directory = path.join(folder, name);
  }

  /** @param {string[]} args */
  git(...args) {
    return execFileSync('git', args, {
      cwd: this.directory,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trimEnd();
  }

  start() {
    this.git('init', '--quiet', '--initial-branch', 'main');
    this.git('config', 'user.name', 'Jane');
    this.git('config', 'user.email', 'jane@example.com');
    this.commit('Create the model');
    return this;
  }

  /** @param {string} message */
  commit(message) {
    this.git('add', '--all');
    this.git('commit', '--quiet', '-m', message);
  }

  /** @param {string} file */
  read(file) {
    return fs.readFileSync(path.join(this.directory, file), 'utf8');
  }

  /** @param {string} file @param {string | RegExp} search @param {string} text */
  change(file, search, text) {
    const old = this.read(file);
    assert.notEqual(old.replace(search, text), old, file);
    fs.writeFileSync(
      path.join(this.directory, file),
      old.replace(search, text),
    );
  }

  /** What must not change where an upgrade is refused. */
  state() {
    return [
      this.git('for-each-ref'),
      this.git('status', '--porcelain'),
      this.git('write-tree'),
      fs.readdirSync(path.join(this.directory, '.git')).sort(),
    ];
  }
}

/** @param {string} name */
function unpackPrevious(name) {
  const work = new Work(name);
  fs.mkdirSync(work.directory);
  execFileSync('tar', ['-xzf', PREVIOUS, '-C', work.directory]);
  return work.start();
}

describe('a repository of the previous template that its owner has edited', () => {
  /** @type {Work} */
  let work;
  /** @type {ReturnType<typeof upgrade>} */
  let told;
  /** @type {string} */
  let first;
  before(() => {
    work = unpackPrevious('previous');
    first = work.git('rev-parse', 'HEAD');
    work.change(
      MODEL,
      'import RandomForestClassifier, RandomForestRegressor',
      'import ExtraTreesClassifier, RandomForestRegressor',
    );
    work.change(GATE, /$/, '\nMINORITY_RECALL = 0.6\n');
    work.change(
      'README.md',
      '# churn-risk\n',
      '# churn-risk\n\nAsk Jane first.\n',
    );
    work.change(TABLE, /$/, 'C99999,33,plus,40.5,2024-03-01,yes\n');
    work.change('config.yaml', 'threshold: 0.7', 'threshold: 0.75');
    fs.writeFileSync(
      path.join(work.directory, 'src/churn_risk/segments.py'),
      'from .schema import Schema\n\n__all__ = ["Schema"]\n',
    );
    fs.writeFileSync(
      path.join(work.directory, 'logo.bin'),
      Buffer.from([0, 255, 13, 10, 0]),
    );
    work.commit('A model of our own');
  });

  test('says beforehand what would happen, and changes nothing', () => {
    const before = work.state();
    told = upgrade(work.directory, '--dry-run');
    assert.equal(told.code, 1, told.stderr);
    assert.match(
      told.stdout,
      /^template:default\/model-service 2\.0\.0 → 3\.0\.0$/m,
    );
    assert.match(told.stdout, /Nothing was changed\.$/m);
    assert.match(told.stdout, /leaveOut: ".*customer_id/);
    assert.deepEqual(work.state(), before);
  });

  test("merges: edits stay, the platform's files go, conflicts are git's", () => {
    const { code, stdout } = upgrade('previous');
    assert.equal(code, 1);
    for (const line of told.stdout.split('\n').slice(0, 4)) {
      assert.ok(stdout.includes(line), line);
    }
    const status = work.git('status', '--porcelain').split('\n');
    const inConflict = status
      .filter(line => /^(DD|AU|UD|UA|DU|AA|UU) /.test(line))
      .map(line => line.slice(3));
    assert.ok(inConflict.includes(MODEL));
    assert.ok(status.includes(`UD ${GATE}`));
    for (const file of inConflict) {
      assert.ok(stdout.includes(`  ${file}\n`), file);
    }
    assert.match(
      stdout,
      /are yours to resolve:[\s\S]*greenroom-ml[\s\S]*git merge --abort/,
    );
    assert.match(
      stdout,
      /module of the package that is gone:\n {2}src\/churn_risk\/segments\.py\n/,
    );
    assert.match(work.read(MODEL), /^<{7} HEAD$/m);
    assert.match(work.read(GATE), /MINORITY_RECALL/);
    assert.match(work.read('README.md'), /^Ask Jane first\.$/m);
    assert.match(work.read(TABLE), /C99999/);
    assert.ok(
      !fs.existsSync(path.join(work.directory, 'src/churn_risk/serve.py')),
    );
    assert.ok(fs.existsSync(path.join(work.directory, 'logo.bin')));

    const branch = 'greenroom/upgrade-3.0.0';
    assert.equal(work.git('rev-parse', `${branch}~1`), first);
    assert.equal(work.git('rev-list', '--count', branch), '2');
    const record = JSON.parse(
      work.git('show', `${branch}:.greenroom/template.json`),
    );
    assert.equal(record.base, first);
    assert.equal(record.version, '3.0.0');
    assert.match(
      work.git('ls-tree', branch, '.github/scripts/push-image.sh'),
      /^100755 /,
    );
    const wheel = work.git('ls-tree', '-r', '--name-only', branch, 'vendor');
    assert.equal(
      work.git('rev-parse', `${branch}:${wheel}`),
      execFileSync(
        'git',
        [
          'hash-object',
          '--no-filters',
          path.join(root, 'templates/model-service/skeleton', wheel),
        ],
        { encoding: 'utf8' },
      ).trim(),
    );
    assert.equal(
      work.git('rev-parse', `${branch}:${TABLE}`),
      work.git('rev-parse', `${first}:${TABLE}`),
    );
  });

  test('waits while the merge is under way, and is done after it', () => {
    const waiting = upgrade('previous');
    assert.equal(waiting.code, 2);
    assert.match(
      waiting.stderr,
      /A merge is under way here: commit it, or give it up/,
    );
    work.git('rm', '--quiet', GATE);
    work.git('rm', '--quiet', 'src/churn_risk/segments.py');
    for (const file of work
      .git('diff', '--name-only', '--diff-filter=U')
      .split('\n')
      .filter(Boolean)) {
      work.git('checkout', '--theirs', file);
    }
    work.commit('Upgrade');
    const sources = fs
      .readdirSync(path.join(work.directory, 'src'), { recursive: true })
      .map(file => path.join(work.directory, 'src', String(file)))
      .filter(file => file.endsWith('.py'));
    const compiled = spawnSync('python3', ['-m', 'py_compile', ...sources], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPYCACHEPREFIX: path.join(folder, 'cache') },
    });
    assert.equal(compiled.status, 0, compiled.stderr);

    const done = upgrade('previous');
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^✓ Already up to date: .* 3\.0\.0/);
  });

  test('takes another answer, begins from the last upgrade, and needs no old conflict again', () => {
    const { code, stdout, stderr } = upgrade(
      'previous',
      '--set',
      'delivery.driftMonitor=false',
    );
    assert.equal(code, 0, stderr + stdout);
    assert.match(stdout, /, the last upgrade\./);
    assert.match(stdout, /^ {2}driftMonitor: false$/m);
    assert.match(stdout, /✓ Merged greenroom\/upgrade-3\.0\.0 into main/);
    assert.equal(work.git('status', '--porcelain'), '');
    assert.ok(
      !fs.existsSync(
        path.join(work.directory, '.github/workflows/drift-analysis.yml'),
      ),
    );
  });

  test('a squashed upgrade is passed over, and said so', () => {
    const squashed = unpackPrevious('squashed');
    squashed.change('Makefile', /$/, '\n# Ours.\n');
    squashed.commit('Ours');
    assert.equal(upgrade('squashed').code, 0);
    squashed.git('reset', '--quiet', '--soft', 'HEAD~1');
    squashed.git('commit', '--quiet', '-m', 'Upgrade (#1)');
    squashed.git('branch', '-D', '--quiet', 'greenroom/upgrade-3.0.0');
    const again = upgrade('squashed', '--set', 'gate.threshold=0.6');
    assert.match(again.stdout, /squashed or rebased, so that git cannot know/);
    // Both sides have come from the first commit, so that the same lines meet again.
    assert.equal(again.code, 1, again.stderr);
    assert.match(again.stdout, /^ {2}config\.yaml$/m);
    assert.match(squashed.read('Makefile'), /^# Ours\.$/m);
    assert.match(squashed.read('config.yaml'), /^ {2}threshold: 0\.6$/m);
  });
});

/** In a process of its own, which the engine would keep alive. @param {string} out */
const renderFromIndex = out => `
  import { startEngine } from './scripts/lib/templates/engine.mjs';
  import { defaultValues } from './scripts/lib/templates/form.mjs';
  import { writeFiles } from './scripts/lib/templates/render.mjs';
  import { loadTemplate } from './scripts/lib/templates/templateFiles.mjs';
  const template = loadTemplate('model-service');
  const engine = await startEngine({
    packageSource: { source: 'index', indexUrl: 'https://packages.example/' },
  });
  const files = await engine.render(template, defaultValues(template.entity));
  writeFiles(files, ${JSON.stringify(out)});
  process.exit();
`;

test('a repository that has greenroom-ml from an index keeps it', () => {
  const work = new Work('index');
  const rendered = spawnSync(
    process.execPath,
    [
      ...[greenroom, 'exec', '--', 'node', '--input-type=module', '--eval'],
      renderFromIndex(work.directory),
    ],
    { cwd: root, encoding: 'utf8', timeout: 300_000 },
  );
  assert.equal(rendered.status, 0, rendered.stderr);
  work.start();
  assert.match(work.read('requirements.lock'), /^greenroom-ml==/m);
  assert.ok(!fs.existsSync(path.join(work.directory, 'vendor')));
  const { code, stdout, stderr } = upgrade('index');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /✓ Already up to date/);
});

describe('what cannot be upgraded is refused, and left as it was', () => {
  /** @type {Array<[string, (work: Work) => void, RegExp, string[]?]>} */
  const REFUSED = [
    [
      'work that is not committed',
      work => work.change('README.md', /$/, 'x\n'),
      /There is work that is not committed: .*\n M README\.md/,
    ],
    [
      'a detached HEAD',
      work => work.git('switch', '--quiet', '--detach'),
      /No branch is checked out/,
    ],
    [
      'a repository without a record',
      work => {
        work.git('rm', '--quiet', '.greenroom/template.json');
        work.commit('No record');
      },
      /There is no \.greenroom\/template\.json/,
    ],
    [
      'a record that is none',
      work => {
        work.change('.greenroom/template.json', '{', '');
        work.commit('Broken');
      },
      /template\.json is not what a template wrote/,
    ],
    [
      'another template',
      work => {
        work.change(
          '.greenroom/template.json',
          'default/model-service',
          'default/infra-manifests',
        );
        work.commit('Other');
      },
      /only those of template:default\/model-service can be upgraded/,
    ],
    [
      'a branch of that name with more than an upgrade',
      work => work.git('branch', 'greenroom/upgrade-3.0.0'),
      /The branch greenroom\/upgrade-3\.0\.0 exists and holds more than an upgrade/,
    ],
    [
      'an answer that the template does not take',
      () => {},
      /Today's template does not take the recorded answers:\n.*gate\.threshold: /s,
      ['--set', 'gate.threshold=7'],
    ],
    [
      'an answer that the form does not ask',
      () => {},
      /framwork: The form has no such parameter/,
      ['--set', 'framwork=xgboost'],
    ],
    [
      'half an answer',
      () => {},
      /--set: give gate\.threshold=VALUE/,
      ['--set', 'gate.threshold'],
    ],
  ];
  for (const [
    index,
    [what, change, sentence, args = []],
  ] of REFUSED.entries()) {
    test(what, () => {
      const work = unpackPrevious(`refused-${index}`);
      change(work);
      const before = work.state();
      const { code, stdout, stderr } = upgrade(work.directory, ...args);
      assert.match(stderr, sentence);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.deepEqual(work.state(), before);
    });
  }

  test('a shallow clone, and what is no clone', () => {
    const work = unpackPrevious('whole');
    work.change('README.md', /$/, 'x\n');
    work.commit('x');
    execFileSync(
      'git',
      ['clone', '--quiet', '--depth=1', `file://${work.directory}`, 'shallow'],
      { cwd: folder, stdio: 'pipe' },
    );
    const shallow = upgrade('shallow');
    assert.equal(shallow.code, 2);
    assert.match(shallow.stderr, /Run: git fetch --unshallow/);
    for (const none of ['.', 'nowhere', 'whole/src']) {
      const refused = upgrade(none);
      assert.match(
        refused.stderr,
        /is not the root of a clone|There is no folder .*nowhere/,
      );
      assert.equal(refused.code, 2, none);
    }
  });
});
