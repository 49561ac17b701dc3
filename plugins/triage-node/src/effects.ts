// SPDX-License-Identifier: Apache-2.0
import type {
  IncidentEffect,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import type { PipelineRun } from './pipelines';

/** What an effect is made from. @public */
export interface EffectContext {
  run: PipelineRun;
  report: TriageReport;
  /** Page of the incident in the portal. */
  portalUrl: string;
  /** Of drift: page of the model in the portal. */
  entityUrl?: string;
  /** Of drift: the model's dashboard in Grafana, where `grafana.domain` says where that is. */
  dashboardUrl?: string;
  /** Incidents of this signature in this repository. */
  seen: number;
  signal: AbortSignal;
}

/** Something that an effect made outside. @public */
export interface EffectResult {
  /** By which the effect finds it again. */
  externalId: string;
  url?: string;
  /** The text that was sent, for the auditor. */
  sent: string;
}

/** One alert of a group, as far as it is told of outside. Its texts are redacted. @public */
export interface GroupedAlert {
  name: string;
  status: 'firing' | 'resolved';
  /** Ms since 1970. */
  startsAt: number;
  endsAt?: number;
  /** `namespace/pod`, or what else it concerns. */
  where?: string;
  severity?: string;
  /** Page of its incident in the portal. */
  portalUrl: string;
}

/** What an effect is made from where alerts fire. @public */
export interface AlertEffectContext {
  /** In hex: by which a group is found again that somebody else told of. */
  groupId: string;
  /** The earliest first; at most 50. */
  alerts: GroupedAlert[];
  /** Of the alert that began the group; its signature is the group's id. */
  report: TriageReport;
  /** Of the entity that the alerts are of. */
  repository?: { host: string; repository: string };
  /** Page of that alert's incident in the portal. */
  portalUrl: string;
  /** Alerts that Alertmanager left out of its message. */
  truncated: number;
  signal: AbortSignal;
}

/**
 * What an effect makes of a group of alerts: one thing at its target, which shows how
 * the group stands.
 *
 * @public
 */
export interface AlertEffect {
  /** @returns undefined where the group has no such place */
  findTarget(context: AlertEffectContext): Promise<string | undefined>;

  /**
   * Makes or renews it, also when the last alert ended. It may have been made before
   * without our knowledge, by a process that was killed: looks for it first.
   *
   * @throws RetryLaterError; any other error is final
   */
  apply(
    context: AlertEffectContext,
    options: { target: string; externalId?: string },
  ): Promise<EffectResult>;
}

/**
 * A place outside of the portal that reports go to. For one target, no two calls run
 * at once, on all replicas.
 *
 * @public
 */
export interface TriageEffect {
  readonly kind: IncidentEffect['kind'];

  /**
   * Where the report goes: incidents of one target and signature share what is made
   * there.
   *
   * @returns undefined where the run has no such place
   * @throws RetryLaterError
   */
  findTarget(context: EffectContext): Promise<string | undefined>;

  /**
   * Makes or renews the report at the target. It may have been made before without
   * our knowledge, by a process that was killed: looks for it first.
   *
   * @param options - `externalId`: what an earlier call returned for this target
   * @throws RetryLaterError; any other error is final
   */
  apply(
    context: EffectContext,
    options: { target: string; externalId?: string },
  ): Promise<EffectResult>;

  /**
   * Says that a later run passed; called more than once where a process was killed.
   *
   * @returns undefined where nothing has to be said
   */
  recover?(options: {
    target: string;
    externalId: string;
    /** The failed one. */
    run: PipelineRun;
    passed: PipelineRun;
    signal: AbortSignal;
  }): Promise<EffectResult | undefined>;

  /** Absent where alerts have no such place. */
  readonly alerts?: AlertEffect;
}
