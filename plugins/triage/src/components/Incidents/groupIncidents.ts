// SPDX-License-Identifier: Apache-2.0
import type {
  Incident,
  IncidentGroup,
  IncidentsResponse,
} from '@greenroom/plugin-triage-common';

/** Incidents of one cause; those whose cause is not known yet stand alone. */
export interface Cause {
  key: string;
  group?: IncidentGroup;
  incidents: Incident[];
}

/** The causes of the incidents, in the order of their newest one. */
export function groupIncidents(
  response: Pick<IncidentsResponse, 'items' | 'groups'>,
): Cause[] {
  const groups = new Map(
    response.groups.map(group => [group.signature, group]),
  );
  const causes = new Map<string, Cause>();
  for (const incident of response.items) {
    const { id, signature } = incident;
    const key = signature ?? id;
    const cause = causes.get(key) ?? {
      key,
      group: signature === undefined ? undefined : groups.get(signature),
      incidents: [],
    };
    cause.incidents.push(incident);
    causes.set(key, cause);
  }
  return [...causes.values()];
}
