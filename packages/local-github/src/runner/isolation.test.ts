// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensurePythonEnvironment } from '../testing';
import { findIsolationWarning } from './findIsolationWarning';
import { findProcesses } from './__testUtils__/findProcesses';
import {
  eventually,
  readIfThere,
  type RepositoryUnderTest,
  type RunJson,
} from './__testUtils__/RepositoryUnderTest';
import { RunnerUnderTest } from './__testUtils__/RunnerUnderTest';

jest.setTimeout(180_000);

const mark = `mark-${process.pid}-${Date.now()}`;
const CI = '.github/workflows/ci.yml';
const succeeds = (command: string, ...args: string[]) =>
  spawnSync(command, args).status === 0;

/** What this machine offers, found without the code under test. */
const offered = {
  bubblewrap: succeeds(
    'bwrap',
    ...['--unshare-user', '--unshare-pid', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', 'true'],
  ),
  namespaces: succeeds(
    'unshare',
    ...['--user', '--map-current-user', '--mount', '--pid', '--fork'],
    ...['--mount-proc', 'true'],
  ),
  landlock: succeeds(
    'python3',
    '-c',
    'import ctypes; assert ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) >= 1',
  ),
  // The same tests see the opposite: they can fail.
  none: process.platform === 'linux',
};

function indented(script: string): string {
  return script.replace(/^/gm, '          ').trim();
}

describe.each(['bubblewrap', 'namespaces', 'landlock', 'none'] as const)(
  'jobs kept apart by %s',
  kind => {
    if (!offered[kind]) {
      it.todo(`${kind}: this machine does not offer it, so it was not tried`);
      return;
    }
    const isOn = kind !== 'none';
    let parent: string;
    let home: string;
    let runner: RunnerUnderTest;
    const start = () => runner.start({ HOME: home, PLATFORM_SECRET: mark });

    beforeAll(async () => {
      const { cacheDir } = await ensurePythonEnvironment();
      // Not below /tmp, which a job may have one of its own of; below what a job sees.
      parent = mkdtempSync(path.join(cacheDir, 'isolation-test-'));
      home = path.join(parent, 'home');
      runner = new RunnerUnderTest(parent, { isolation: [kind] });
      for (const file of secretFiles()) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, `${mark}\n`, { mode: 0o600 });
      }
      await start();
    }, 300_000);

    afterAll(async () => {
      await runner.stop();
      rmSync(parent, { recursive: true, force: true });
    });

    function secretFiles(): string[] {
      return [
        path.join(runner.root, 'secrets.json'),
        path.join(runner.root, 'mlflow', 'mlflow.db'),
        path.join(runner.workDir, 'jobs', 'other', 'file'),
        path.join(home, '.netrc'),
        path.join(home, '.ssh', 'id_ed25519'),
        path.join(home, '.config', 'gh', 'hosts.yml'),
      ];
    }

    it('says by what, or that nothing is kept from them', async () => {
      await eventually('the line that says so', async () =>
        runner.stderr.includes('info Jobs ') ? true : undefined,
      );
      expect(runner.stderr).toContain(
        isOn
          ? "Jobs are kept from your files and the platform's secrets by"
          : 'Jobs can read what you can read:',
      );
      // The start list shows it where nothing keeps them apart.
      const log = path.join(parent, 'forge.log');
      writeFileSync(log, runner.stderr);
      const warning = await findIsolationWarning(
        log,
        new AbortController().signal,
      );
      expect(warning ?? '').toMatch(
        isOn ? /^$/ : /^Jobs can read what you can read: /,
      );
    });

    it('lets a job read neither secrets, databases, other jobs nor other processes, and do its work', async () => {
      const files = [
        ...secretFiles(),
        path.join(runner.root, 'forge', 'forge.db'),
      ];
      const cacheDir = path.dirname(parent);
      const platformFolders = ['.', 'envs', 'node', 'uv', 'uv-cache'].map(
        name => path.join(cacheDir, name),
      );
      const repository = await runner.repository(
        {
          [CI]: `on: push
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - name: look around
        run: |
          for file in ${files.map(file => `'${file}'`).join(' ')}; do
            if head -c 100 "$file" > /dev/null 2>&1; then echo "reads $file"; else echo "refused $file"; fi
          done
          if cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -q "^PLATFORM_SECRET="; then echo "reads the platform's environment"; fi
          if head -c 1 /proc/$PPID/mem 2>/dev/null; then echo "reads memory"; fi
          if echo x > '${path.join(home, '.netrc')}' 2>/dev/null && test -s '${path.join(home, '.netrc')}' && test ! -e "$HOME/../own"; then echo wrote; fi
          if umount '${home}' 2>/dev/null; then echo "unmounted"; fi
          if unshare --user --map-root-user --mount umount '${home}' 2>/dev/null; then echo "unmounted below"; fi
          for folder in ${platformFolders.map(folder => `'${folder}'`).join(' ')}; do
            if touch "$folder/by-a-job" 2>/dev/null; then echo "writes $folder"; rm "$folder/by-a-job"; fi
          done
          echo looked
      - name: work
        run: |
          echo kept > "$HOME/own"; echo kept > "$RUNNER_TEMP/own"; echo kept > own
          echo "$(mktemp)" > list; python3 -c 'import sys, ssl, multiprocessing; print("python", sys.version_info[0])'
          git --version; curl -sf "$GITHUB_API_URL/meta" > /dev/null && echo "reaches forge"
          echo "out=worked" >> "$GITHUB_OUTPUT"; (sleep 0.2; echo later > later) &
      - run: sleep 1; cat later "$HOME/own" "$RUNNER_TEMP/own" own
`,
        },
        false,
      );
      // Its answer says that the runner has cleared away what an earlier one left.
      await repository.runs();
      const other = path.join(runner.workDir, 'jobs', 'other', 'file');
      mkdirSync(path.dirname(other), { recursive: true });
      writeFileSync(other, `${mark}\n`);
      repository.push();
      const run = await repository.completed();
      const text = await repository.text(run, 'main');
      expect({ conclusion: run.conclusion, text }).toMatchObject({
        conclusion: 'success',
        text: expect.stringContaining('looked\n'),
      });
      for (const file of files) {
        expect(text).toContain(`${isOn ? 'refused' : 'reads'} ${file}\n`);
      }
      expect(text.includes("\nreads the platform's environment\n")).toBe(!isOn);
      expect(text).not.toMatch(/\n(reads memory|unmounted.*)\n/);
      // What the platform runs, and what uv links into that.
      expect(text.includes('\nwrites ')).toBe(!isOn);
      expect(text).toContain('reaches forge\n');
      expect(text).toContain('python 3\n');
      expect(text).toContain('later\nkept\nkept\nkept\n');
    });

    (isOn ? it : it.skip)(
      'is not led by links to open for a job what the job cannot open',
      async () => {
        const secret = path.join(runner.root, 'secrets.json');
        const step = (run: string) =>
          `      - continue-on-error: true\n        run: ${run}\n`;
        const repository = await runner.repository({
          [CI]: `on: push
jobs:
  main:
    runs-on: ubuntu-latest
    outputs: { stolen: "\${{ steps.s.outputs.stolen }}" }
    steps:
${step(`ln -sf ${secret} "$GITHUB_STEP_SUMMARY"`)}${step(`ln -sf ${secret} "$GITHUB_ENV"`)}${step(
            `ln -s ${secret} link; ln -s ${runner.root} folder; ln -s ${secret} requirements.txt; mkdir act; ln -s ${secret} act/action.yml`,
          )}      - uses: actions/upload-artifact@v7
        continue-on-error: true
        with: { name: absolute, path: "${secret}" }
      - uses: actions/upload-artifact@v7
        continue-on-error: true
        with: { name: home, path: "~/.netrc" }
      - uses: actions/upload-artifact@v7
        continue-on-error: true
        with: { name: link, path: link }
      - uses: ./act
        continue-on-error: true
      - uses: actions/checkout@v7
        continue-on-error: true
        with: { path: folder }
      - continue-on-error: true
        run: "echo hash \${{ hashFiles('link') }}"
      - run: echo over
`,
        });
        const run = await repository.completed();
        const page = await (
          await fetch(
            `${runner.url}/acme/${repository.name}/actions/runs/${run.id}`,
          )
        ).text();
        const text = await repository.text(run, 'main');
        expect(text).toContain('is not a file that this job can open');
        expect(text).toContain('\nover\n');
        expect(text + page).not.toContain(mark);
        const { artifacts } = await runner.json<{
          artifacts: { name: string }[];
        }>(`${repository.api}/actions/artifacts`);
        expect(artifacts).toEqual([]);
        // The checkout empties its folder first: not this one.
        expect(readIfThere(secret)).toBe(`${mark}\n`);
      },
    );

    describe('what tries to outlive its job', () => {
      let count = 0;

      /** A step that starts what a job could try, then goes on for `seconds`; and how to find it. */
      async function escapes(seconds: number, more = '') {
        count += 1;
        const length = `${7000 + count}.${process.pid}${count}`;
        const begun = path.join(runner.exchange, `begun-${kind}-${count}`);
        const sleep = `sleep ${length}`;
        const repository = await runner.repository({
          [CI]: `on: push
jobs:
  main:
    runs-on: ubuntu-latest
${more}    steps:
      - run: |
          ${indented(`
exec 2>/dev/null
setsid ${sleep} > /dev/null &
(setsid bash -c '${sleep} & disown' > /dev/null &)
env -i /usr/bin/env ${sleep} > /dev/null &
env -i setsid ${sleep} > /dev/null &
(nohup ${sleep} > /dev/null &)
cat > fork.py <<'END'
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 100)
        os.execve("/bin/sleep", ["sleep", "${length}"], {})
END
python3 fork.py
sleep 0.5
echo begun > ${begun}
sleep ${seconds}`)}
`,
        });
        await eventually('what the step started', async () =>
          readIfThere(begun),
        );
        const left = () => findProcesses(sleep);
        return { repository, left };
      }

      async function ended(
        repository: RepositoryUnderTest,
        conclusion: string,
      ): Promise<RunJson> {
        const run = await repository.completed();
        expect(run.conclusion).toBe(conclusion);
        return run;
      }

      it('ends with it, and is named', async () => {
        const { repository, left } = await escapes(1);
        expect(left().length).toBeGreaterThanOrEqual(6);
        const run = await ended(repository, 'success');
        expect(left()).toEqual([]);
        expect(
          (await repository.text(run, 'main')).match(
            /Terminate orphan process: pid \(\d+\) \(sleep\)/g,
          ),
        ).toHaveLength(6);
      });

      it('ends when the job is cancelled', async () => {
        const { repository, left } = await escapes(600);
        expect(left().length).toBeGreaterThanOrEqual(6);
        const [run] = await repository.runs();
        await runner.api(
          'POST',
          `${repository.api}/actions/runs/${run.id}/cancel`,
        );
        await ended(repository, 'cancelled');
        expect(left()).toEqual([]);
      });

      it('ends when the time of the job is over', async () => {
        const { repository, left } = await escapes(
          600,
          '    timeout-minutes: 0.08\n',
        );
        await ended(repository, 'cancelled');
        expect(left()).toEqual([]);
      });

      it('ends when the runner is killed', async () => {
        const { left } = await escapes(600);
        expect(left().length).toBeGreaterThanOrEqual(6);
        await runner.end('SIGKILL');
        await eventually(
          'the end of what the job started',
          async () => (left().length === 0 ? true : undefined),
          15,
        );
        await start();
      });
    });
  },
);

// Each half of the agent is held up where the other overtook it about once in a hundred jobs.
const HELD_UP = `
import builtins, os, runpy, sys, time
fork, opened = os.fork, builtins.open
def slow_fork():
    child = fork()
    if child:
        time.sleep(0.2)
    return child
def slow_open(file, *args, **options):
    if str(file).startswith('/dev/'):
        time.sleep(0.6)
    return opened(file, *args, **options)
os.fork, builtins.open = slow_fork, slow_open
runpy.run_path(sys.argv[1], run_name='__main__')
`;

describe('the agent', () => {
  if (!offered.namespaces) {
    it.todo(
      'namespaces: this machine does not offer them, so it was not tried',
    );
    return;
  }

  it('starts a job however its namespaces and its /dev are made in time', () => {
    const agent = require.resolve('./execution/isolation/agent.py');
    const requests = [{ by: 'namespaces', mounts: [] }, { end: true }];
    const { stdout } = spawnSync('python3', ['-c', HELD_UP, agent], {
      input: requests.map(line => `${JSON.stringify(line)}\n`).join(''),
      encoding: 'utf8',
      timeout: 60_000,
    });
    const answers = stdout.trim().split('\n');
    expect(answers.map(line => JSON.parse(line))).toEqual([
      { ready: true },
      { ended: [] },
    ]);
  });
});
