// SPDX-License-Identifier: Apache-2.0
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { KserveEntityService } from '../services/KserveEntityService';
import { registerGetInferenceServiceLogsAction } from './registerGetInferenceServiceLogsAction';
import { registerGetModelMetadataAction } from './registerGetModelMetadataAction';
import { registerListClustersAction } from './registerListClustersAction';
import { registerListEntityInferenceServicesAction } from './registerListEntityInferenceServicesAction';
import { registerPredictAction } from './registerPredictAction';

/** What every action of this plugin needs. */
export interface ActionOptions {
  actionsRegistry: ActionsRegistryService;
  service: KserveEntityService;
}

/** Offers the plugin's routes as MCP tools and template steps. */
export function registerActions(options: ActionOptions): void {
  registerListEntityInferenceServicesAction(options);
  registerGetInferenceServiceLogsAction(options);
  registerGetModelMetadataAction(options);
  registerPredictAction(options);
  registerListClustersAction(options);
}
