// SPDX-License-Identifier: Apache-2.0
import { MANIFESTS_REPOSITORY } from '../cluster/images/delivery';
import { ImageSettings } from '../cluster/images/ImageSettings';
import { PortalClient } from '../portal/PortalClient';
import { DEMO_ORGANIZATION } from '../portal/portalConfig';
import { BackgroundTasks } from '../supervisor/BackgroundTasks';
import { PlatformState } from '../supervisor/PlatformState';
import { DemoManifests } from './DemoManifests';
import { DemoPipeline } from './DemoPipeline';
import { DEMO_MODEL, createDemoModel, isDemoWanted } from './createDemoModel';

/** The file that keeps what the demo has come to. */
export const demoRecord = (state: PlatformState): string =>
  state.path('demo.json');

/** Begins to create the demo model, if it is not there yet. */
export function makeDemo(options: {
  tasks: BackgroundTasks;
  state: PlatformState;
  portalUrl: string;
  /** Set where there is a local cluster: the model is handed off to it. */
  images?: ImageSettings;
}): Promise<void> | undefined {
  const { tasks, state, portalUrl, images } = options;
  const recordFile = demoRecord(state);
  if (!isDemoWanted(recordFile)) {
    return undefined;
  }
  const forgeHost = `localhost:${state.ports.forge}`;
  const forge = {
    forgeApiUrl: `http://${forgeHost}/api/v3`,
    token: state.secrets.forgeToken,
    owner: DEMO_ORGANIZATION,
  };
  const pipeline = new DemoPipeline({
    ...forge,
    mlflowUrl: `http://localhost:${state.ports.mlflow}`,
    name: DEMO_MODEL,
    isHandedOff: images !== undefined,
  });
  return tasks.run(
    { id: 'demo-model', title: 'Your first model' },
    ({ report, signal }) =>
      createDemoModel({
        portal: new PortalClient(portalUrl),
        pipeline,
        manifests:
          images && new DemoManifests({ ...forge, name: MANIFESTS_REPOSITORY }),
        forgeHost,
        recordFile,
        step: { detail: detail => report({ detail }) },
        signal,
      }),
  );
}
