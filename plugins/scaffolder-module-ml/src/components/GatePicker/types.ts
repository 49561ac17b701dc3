// SPDX-License-Identifier: Apache-2.0

/** What the field answers; see templates/model-service/template.yaml. */
export interface GateValue {
  metric?: string;
  threshold?: number;
}
