// SPDX-License-Identifier: Apache-2.0
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { IncidentLists } from '../services/IncidentLists';
import type { TriageService } from '../services/TriageService';
import { registerGetIncidentAction } from './registerGetIncidentAction';
import { registerGiveFeedbackAction } from './registerGiveFeedbackAction';
import { registerListIncidentsAction } from './registerListIncidentsAction';

/** What every action of this plugin needs. */
export interface ActionOptions {
  actionsRegistry: ActionsRegistryService;
  lists: IncidentLists;
  service: TriageService;
}

/** Offers the plugin's routes as MCP tools and template steps. */
export function registerActions(options: ActionOptions): void {
  registerListIncidentsAction(options);
  registerGetIncidentAction(options);
  registerGiveFeedbackAction(options);
}
