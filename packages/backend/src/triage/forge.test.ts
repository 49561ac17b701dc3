// SPDX-License-Identifier: Apache-2.0
import { startForge, type TestForge } from '@greenroom/local-platform/testing';
import { incidentDetailsSchema } from '@greenroom/plugin-triage-common';
import { Octokit } from '@octokit/rest';
import { createServer } from 'node:net';
import { createModel, startPortal } from './__testUtils__/startPortal';
import { SECRET, TOKEN } from './__testUtils__/FakeGithub';

// A runner that starts real processes, on a machine that may be busy with more.
jest.setTimeout(240_000);

const of = { owner: 'greenroom-demo', repo: 'churn' };

const WORKFLOW = `name: CI
on: push
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Test
        run: sh ./test.sh
`;
const BROKEN = `echo "E       KeyError: 'tenure_months'"
echo "FAILED tests/test_model.py::test_ratios - KeyError: 'tenure_months'"
echo "1 failed, 61 passed in 12.41s"
exit 1
`;

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('triage of what runs on this machine', () => {
  let forge: TestForge | undefined;
  let portal: Awaited<ReturnType<typeof startPortal>> | undefined;

  afterEach(async () => {
    await portal?.stop();
    await forge?.stop();
  });

  it('hears of forge’s runs by its signed webhook, answers in its commits and issues, and closes them', async () => {
    const port = await findPort();
    const host = `localhost:${port}`;
    const token = TOKEN;
    portal = await startPortal({
      github: {
        host,
        integration: { host, apiBaseUrl: `http://${host}/api/v3`, token },
      },
      entities: [createModel('churn', 'greenroom-demo/churn', host)],
    });
    forge = await startForge({
      port,
      token,
      webhook: {
        url: portal.eventsUrl,
        secret: SECRET,
        events: ['workflow_run'],
      },
    });
    const quiet = () => {};
    const { rest } = new Octokit({
      auth: token,
      baseUrl: forge.apiUrl,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    await rest.repos.createInOrg({
      org: of.owner,
      name: of.repo,
      auto_init: true,
    });
    const put = async (path: string, text: string) => {
      const before = await rest.repos
        .getContent({ ...of, path })
        .catch(() => undefined);
      const data = before?.data;
      await rest.repos.createOrUpdateFileContents({
        ...of,
        path,
        message: `Change ${path}`,
        content: Buffer.from(text).toString('base64'),
        sha: data && 'sha' in data ? data.sha : undefined,
      });
    };
    await put('test.sh', BROKEN);
    await put('.github/workflows/ci.yml', WORKFLOW);

    const [incident] = await portal.waitFor(
      ([first]) => first?.progress.stage === 'done',
    );
    expect(incident).toMatchObject({
      repository: 'greenroom-demo/churn',
      branch: 'main',
      isDefaultBranch: true,
      type: 'unit-test',
      outcome: 'identified',
    });
    const { effects } = await portal.get(incident.id);
    expect(effects.map(({ status }) => status)).toEqual(['done', 'done']);
    const { data: comments } = await rest.repos.listCommentsForCommit({
      ...of,
      commit_sha: incident.commit ?? '',
    });
    expect(comments).toHaveLength(1);
    const { data: issues } = await rest.issues.listForRepo({
      ...of,
      state: 'open',
    });
    expect(issues).toHaveLength(1);
    for (const { url } of effects) {
      expect((await fetch(`${url}`)).status).toBe(200);
    }

    const draft = await portal.call(`incidents/${incident.id}/incident-report`);
    expect(draft.body).toEqual({
      path: expect.stringMatching(/^docs\/incidents\/\d{4}-\d\d-\d\d-.+\.md$/),
      markdown: expect.stringContaining('# Incident: '),
    });
    const propose = async () => {
      const answer = await portal?.call(
        `incidents/${incident.id}/incident-report`,
        {},
      );
      expect(answer?.status).toBe(200);
      const details = incidentDetailsSchema.parse(answer?.body);
      return details.activity.filter(
        ({ action }) => action === 'incident-report',
      );
    };
    const [first] = await propose();
    const proposed = await propose();
    expect(proposed.map(({ text }) => text)).toEqual([first.text, first.text]);
    const { data: pulls } = await rest.pulls.list({ ...of, state: 'open' });
    expect(pulls).toMatchObject([
      {
        html_url: first.text,
        draft: true,
        head: { ref: `triage/incident-${incident.id}` },
        base: { ref: 'main' },
      },
    ]);
    const { data: file } = await rest.repos.getContent({
      ...of,
      path: draft.body.path,
      ref: pulls[0].head.ref,
    });
    expect(
      'content' in file && Buffer.from(file.content, 'base64').toString(),
    ).toBe(draft.body.markdown);

    await put('test.sh', 'echo "62 passed in 12.41s"\n');
    await portal.waitFor(items =>
      items.some(
        ({ id, state }) => id === incident.id && state === 'recovered',
      ),
    );
    for (let round = 0; ; round++) {
      const { data } = await rest.issues.get({
        ...of,
        issue_number: issues[0].number,
      });
      if (data.state === 'closed') {
        break;
      }
      if (round > 100) {
        throw new Error('the issue stays open');
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  });
});
