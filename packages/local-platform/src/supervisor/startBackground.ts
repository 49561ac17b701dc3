// SPDX-License-Identifier: Apache-2.0
import { makeDemo } from '../demo/makeDemo';
import { BackgroundTasks } from './BackgroundTasks';
import { PlatformState } from './PlatformState';

/** Begins what the portal need not wait for. */
export function startBackground(options: {
  tasks: BackgroundTasks;
  state: PlatformState;
  portalUrl: string;
  /** Create the demo model if this state has none yet. */
  demo: boolean;
}): void {
  if (options.demo) {
    makeDemo(options);
  }
}
