// SPDX-License-Identifier: Apache-2.0
import { PortalClient } from '../portal/PortalClient';
import { DEMO_ORGANIZATION } from '../portal/portalConfig';
import { BackgroundTasks } from '../supervisor/BackgroundTasks';
import { PlatformState } from '../supervisor/PlatformState';
import { DemoPipeline } from './DemoPipeline';
import { DEMO_MODEL, createDemoModel, isDemoWanted } from './createDemoModel';

/** Begins to create the demo model, if it is not there yet. */
export function makeDemo(options: {
  tasks: BackgroundTasks;
  state: PlatformState;
  portalUrl: string;
}): Promise<void> | undefined {
  const { tasks, state, portalUrl } = options;
  const recordFile = state.path('demo.json');
  if (!isDemoWanted(recordFile)) {
    return undefined;
  }
  const forgeHost = `localhost:${state.ports.forge}`;
  const pipeline = new DemoPipeline({
    forgeApiUrl: `http://${forgeHost}/api/v3`,
    token: state.secrets.forgeToken,
    mlflowUrl: `http://localhost:${state.ports.mlflow}`,
    owner: DEMO_ORGANIZATION,
    name: DEMO_MODEL,
  });
  return tasks.run(
    { id: 'demo-model', title: 'Your first model' },
    ({ report, signal }) =>
      createDemoModel({
        portal: new PortalClient(portalUrl),
        pipeline,
        forgeHost,
        recordFile,
        step: { detail: detail => report({ detail }) },
        signal,
      }),
  );
}
