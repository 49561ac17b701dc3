// SPDX-License-Identifier: Apache-2.0
import type {
  ActionInvocation,
  ActionResult,
  MappedAction,
} from '../../execution/stepTypes';
import type { LocalRegistry } from '../../images/LocalRegistry';
import { whyUnavailable } from '../whyUnavailable';

/** An action that is skipped where there is no registry of images. */
export function withRegistry(
  action: (
    invocation: ActionInvocation,
    registry: LocalRegistry,
  ) => Promise<ActionResult>,
): MappedAction {
  return async invocation => {
    const { registry } = invocation.state.services;
    return registry
      ? action(invocation, registry)
      : {
          skipped: whyUnavailable(invocation.uses.split('@')[0].toLowerCase()),
        };
  };
}
