// SPDX-License-Identifier: Apache-2.0
import { FakeGithub } from './__testUtils__/FakeGithub';
import { FAILING_LOG, startPortal } from './__testUtils__/startPortal';

jest.setTimeout(60_000);

describe('triage', () => {
  let github: FakeGithub;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
  });

  afterEach(async () => {
    await portal?.stop();
    await github.stop();
  });

  it('goes from a webhook to a report, a comment and an issue, and closes them when the pipeline is green', async () => {
    portal = await startPortal({ github });
    const failed = { id: 501, log: FAILING_LOG };
    github.runs.push(failed);

    expect(await portal.send(failed)).toBe(202);
    // Recorded before the answer, whatever happens to it then.
    const [recorded] = (await portal.list()).items;
    expect(recorded).toMatchObject({
      repository: 'acme/churn',
      runId: '501',
      state: 'new',
    });

    const [incident] = await portal.waitFor(
      ([first]) => first?.progress.stage === 'done',
    );
    expect(incident).toMatchObject({
      kind: 'pipeline',
      entityRef: 'component:default/churn',
      type: 'unit-test',
      outcome: 'identified',
      isDefaultBranch: true,
      signature: expect.stringMatching(/^[0-9a-f]+$/),
    });

    const details = await portal.get(incident.id);
    expect(details.report?.ai.status).toBe('off');
    expect(details.effects.map(({ kind, status }) => [kind, status])).toEqual(
      expect.arrayContaining([
        ['comment', 'done'],
        ['issue', 'done'],
      ]),
    );
    const marker = `<!-- greenroom-triage:v1 signature=${incident.signature} -->`;
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0].body.startsWith(marker)).toBe(true);
    expect(github.comments[0].body).toContain(
      `http://localhost:3000/inbox/incidents/${incident.id}`,
    );
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0]).toMatchObject({
      state: 'open',
      labels: expect.arrayContaining(['triage', 'test']),
    });

    // A quote opens the log at its line.
    const [evidence] =
      details.report?.rootCause.outcome === 'identified'
        ? details.report.rootCause.evidence
        : [];
    const { body: log } = await portal.call(
      `incidents/${incident.id}/log?job=${encodeURIComponent(evidence.source)}&from=${evidence.line}&limit=1`,
    );
    expect(log).toEqual({
      job: evidence.source,
      total: FAILING_LOG.length,
      lines: [{ number: evidence.line, text: evidence.quote }],
    });

    expect(portal.audited).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          eventId: 'effect',
          end: 'success',
          kind: 'issue',
          repository: 'acme/churn',
          sent: github.issues[0].body,
        }),
      ]),
    );

    const passed = { id: 502, conclusion: 'success' };
    github.runs.push(passed);
    expect(await portal.send(passed)).toBe(202);
    await portal.waitFor(
      ([first]) =>
        first.state === 'recovered' && github.issues[0].state === 'closed',
    );
    expect(github.issueComments.map(({ body }) => body)).toEqual([
      expect.stringContaining('Recovered'),
    ]);
    expect(github.comments[0].body.startsWith(marker)).toBe(true);
    expect(github.comments[0].body).toContain('Recovered');
  });
});
