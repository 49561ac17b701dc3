// SPDX-License-Identifier: Apache-2.0
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { MlflowEntityService } from '../services/MlflowEntityService';
import { registerGetEntityMlflowOverviewAction } from './registerGetEntityMlflowOverviewAction';
import { registerListEntityModelVersionsAction } from './registerListEntityModelVersionsAction';
import { registerSearchEntityRunsAction } from './registerSearchEntityRunsAction';

/** What every action of this plugin needs. */
export interface ActionOptions {
  actionsRegistry: ActionsRegistryService;
  service: MlflowEntityService;
}

/** Offers the plugin's reads as MCP tools and template steps. */
export function registerActions(options: ActionOptions): void {
  registerGetEntityMlflowOverviewAction(options);
  registerSearchEntityRunsAction(options);
  registerListEntityModelVersionsAction(options);
}
