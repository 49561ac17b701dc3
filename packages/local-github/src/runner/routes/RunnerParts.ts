// SPDX-License-Identifier: Apache-2.0
import type { RunnerServices } from '../execution/JobState';
import type { RunEngine } from '../execution/RunEngine';
import type { ActionsSerializer } from '../serialize/ActionsSerializer';
import type { TriggerService } from '../triggers/TriggerService';
import type { DownloadLinks } from './DownloadLinks';

/** What routes and pages work with. */
export interface RunnerParts {
  services: RunnerServices;
  engine: RunEngine;
  triggers: TriggerService;
  serializer: ActionsSerializer;
  links: DownloadLinks;
}
