// SPDX-License-Identifier: Apache-2.0
export { ModelVersion } from './ModelVersion';
export { Quote } from './Quote';
export { StateLabel } from './StateLabel';
