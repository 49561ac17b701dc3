// SPDX-License-Identifier: Apache-2.0
import { Steps } from '../../bootstrap/Steps.mjs';
import { PortalClient } from '../portal/PortalClient';
import { DEMO_ORGANIZATION } from '../portal/portalConfig';
import { PlatformState } from '../supervisor/PlatformState';
import { DemoPipeline } from './DemoPipeline';
import { DEMO_MODEL, createDemoModel, isDemoWanted } from './createDemoModel';

/** Creates the demo model as a step of the start, if it is not there yet; its failure is said and the start goes on. */
export async function makeDemo(options: {
  state: PlatformState;
  portalUrl: string;
  steps: Steps;
  signal: AbortSignal;
}): Promise<void> {
  const { state, portalUrl, steps, signal } = options;
  const recordFile = state.path('demo.json');
  if (!isDemoWanted(recordFile)) {
    return;
  }
  const forgeHost = `localhost:${state.ports.forge}`;
  const pipeline = new DemoPipeline({
    forgeApiUrl: `http://${forgeHost}/api/v3`,
    token: state.secrets.forgeToken,
    mlflowUrl: `http://localhost:${state.ports.mlflow}`,
    owner: DEMO_ORGANIZATION,
    name: DEMO_MODEL,
  });
  const portal = new PortalClient(portalUrl);
  try {
    await steps.run(`Demo model ${DEMO_MODEL}`, step =>
      createDemoModel({
        portal,
        pipeline,
        forgeHost,
        recordFile,
        step,
        signal,
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    steps.note(
      `! The demo model could not be made: ${why}\n` +
        `  Greenroom works without it; the next start tries again. Logs: ${state.path('logs')}`,
    );
  }
}
