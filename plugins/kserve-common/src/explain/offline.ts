// SPDX-License-Identifier: Apache-2.0

// What `npm run serving` needs, without what only the portal has.
export { explainInferenceService } from '../explainInferenceService';
export { isServingObject } from './findOwn';
