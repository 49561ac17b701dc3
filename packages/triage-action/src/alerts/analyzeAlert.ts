// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  collectAlertEvidence,
  PrometheusEvidence,
} from '@greenroom/plugin-triage-node';
import { createAlertReport } from '@greenroom/triage-engine';
import { createLlm } from '../createLlm';
import type { AlertInputs } from '../readInputs';
import { readAlertGroup, toSubject } from './AlertGroup';
import { withKubeconfig } from './withKubeconfig';

const COLLECT_TIMEOUT_MS = 2 * 60_000;

/**
 * The report of the first alert that fires, from what the cluster and Prometheus have of
 * it: collected as the portal does, and kept in memory. Nothing is posted.
 *
 * @returns undefined where nothing fires, and where a message only repeats itself
 */
export async function analyzeAlert(
  env: NodeJS.ProcessEnv,
  inputs: AlertInputs,
): Promise<TriageReport | undefined> {
  const { body, id, isRepeated, main } = await readAlertGroup(inputs);
  if (!main || isRepeated) {
    return undefined;
  }
  const { gemini, kubeconfig, owner, prometheus, repo } = inputs;
  const llm = createLlm(gemini);
  const subject = toSubject(main);
  const evidence = await withKubeconfig(env, kubeconfig, api =>
    collectAlertEvidence({
      alert: subject,
      api,
      prometheus: new PrometheusEvidence(
        prometheus ? [{ name: 'PROMETHEUS_URL', ...prometheus }] : [],
        'PROMETHEUS_URL',
      ),
      signal: AbortSignal.timeout(COLLECT_TIMEOUT_MS),
    }),
  );
  const { errors, expression: _, ...read } = evidence;
  const report = await createAlertReport(
    {
      incident: { repository: `${owner}/${repo}`, model: subject.service },
      alert: main,
      groupLabels: body.groupLabels,
      commonAnnotations: body.commonAnnotations,
      ...read,
    },
    {
      llm,
      knownSecrets: Object.fromEntries(
        Object.entries({
          'gemini-api-key': gemini.apiKey,
          'prometheus-token': prometheus?.token,
        }).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      ),
    },
  );
  return {
    ...report,
    incident: { ...report.incident, repository: `${owner}/${repo}` },
    // By it the issue of the group is found again, whatever the cause is.
    failure: { ...report.failure, signature: id },
    errors: [...report.errors, ...errors],
  };
}
