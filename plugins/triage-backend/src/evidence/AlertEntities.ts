// SPDX-License-Identifier: Apache-2.0
import type { AuthService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  getKserveReferences,
  KSERVE_INFERENCE_SERVICE_ANNOTATION,
} from '@greenroom/plugin-kserve-common';
import {
  getMlflowReferences,
  MLFLOW_REGISTERED_MODEL_ANNOTATION,
} from '@greenroom/plugin-mlflow-common';
import type { AlertRow } from '../database/alertRow';

const KUBERNETES_ID_ANNOTATION = 'backstage.io/kubernetes-id';
const KUBERNETES_NAMESPACE_ANNOTATION = 'backstage.io/kubernetes-namespace';
const ANNOTATIONS = [
  KSERVE_INFERENCE_SERVICE_ANNOTATION,
  KUBERNETES_ID_ANNOTATION,
  MLFLOW_REGISTERED_MODEL_ANNOTATION,
];
const FIELDS = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.annotations',
  'spec.owner',
  'relations',
];
const FRESH_MS = 30_000;
/** Labels that name what runs, besides the pod. */
const WORKLOAD_LABELS = [
  'inferenceservice',
  'inference_service',
  'isvc',
  'label_serving_kserve_io_inferenceservice',
  'service_name',
  'service',
  'deployment',
  'statefulset',
  'model_name',
  'pod',
];
/** Prometheus writes the label of an object with underscores. */
const ID_LABELS = [
  'label_backstage_io_kubernetes_id',
  'backstage_io_kubernetes_id',
  'label_app_kubernetes_io_part_of',
  'app_kubernetes_io_part_of',
  'app',
  'service',
  'deployment',
];
const MODEL_LABELS = ['model_name', 'registered_model', 'model'];
/** KServe names its parts after the service: `churn-predictor-7c9`. */
const PARTS = ['predictor', 'transformer', 'explainer', 'kserve'];

/** What an alert concerns. */
export interface AlertEntity {
  entity: Entity;
  entityRef: string;
  /** As its annotation says it, where that led to it. */
  cluster?: string;
  /** The inference service, where the annotation led to it. */
  service?: string;
}

/** Which entity an alert is of, by its labels and the annotations of the catalog. */
export class AlertEntities {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  #known?: { at: number; entities: Promise<Entity[]> };

  constructor(options: { auth: AuthService; catalog: CatalogService }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
  }

  /** @returns undefined where none fits, and where it cannot be told which of several */
  async find(alert: AlertRow): Promise<AlertEntity | undefined> {
    const entities = await this.#list();
    return (
      choose(findByService(entities, alert)) ??
      choose(findById(entities, alert)) ??
      choose(findByModel(entities, alert))
    );
  }

  /** What comes next asks the catalog anew. */
  forget(): void {
    this.#known = undefined;
  }

  /** All that could be meant, once for many alerts. */
  async #list(): Promise<Entity[]> {
    const now = Date.now();
    if (!this.#known || now - this.#known.at > FRESH_MS) {
      const entities = this.#fetch();
      this.#known = { at: now, entities };
      entities.catch(() => {
        this.#known = undefined;
      });
    }
    return this.#known.entities;
  }

  async #fetch(): Promise<Entity[]> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const filter = ANNOTATIONS.map(annotation => ({
      [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
    }));
    const entities: Entity[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#catalog.queryEntities(
        cursor
          ? { cursor, fields: FIELDS, limit: 500 }
          : { filter, fields: FIELDS, limit: 500 },
        { credentials },
      );
      entities.push(...page.items);
      cursor = page.pageInfo.nextCursor;
    } while (cursor);
    return entities;
  }
}

/** The only component, else the only entity: an issue must not go to another team. */
function choose(found: AlertEntity[]): AlertEntity | undefined {
  const components = found.filter(({ entityRef }) =>
    entityRef.startsWith('component:'),
  );
  const fitting = components.length > 0 ? components : found;
  const refs = new Set(fitting.map(({ entityRef }) => entityRef));
  const clusters = new Set(fitting.map(({ cluster }) => cluster));
  const [first] = fitting;
  return first && refs.size === 1
    ? { ...first, cluster: clusters.size === 1 ? first.cluster : undefined }
    : undefined;
}

const toFound = <T extends Partial<AlertEntity>>(entity: Entity, more: T) => ({
  entity,
  entityRef: stringifyEntityRef(entity),
  ...more,
});

function isPartOf(service: string, name: string): boolean {
  return (
    name === service ||
    PARTS.some(
      part =>
        name === `${service}-${part}` || name.startsWith(`${service}-${part}-`),
    )
  );
}

function findByService(entities: Entity[], alert: AlertRow): AlertEntity[] {
  const { cluster, namespace, labels } = alert;
  const names = WORKLOAD_LABELS.flatMap(label => labels[label] ?? []);
  if (!namespace) {
    return [];
  }
  const found = entities.flatMap(entity =>
    getKserveReferences(entity).references.flatMap(reference =>
      reference.namespace === namespace &&
      (!reference.cluster || !cluster || reference.cluster === cluster) &&
      names.some(name => isPartOf(reference.name, name))
        ? toFound(entity, {
            cluster: reference.cluster ?? cluster ?? undefined,
            service: reference.name,
          })
        : [],
    ),
  );
  // `churn-predictor-v2` may be a service of its own beside `churn`.
  const longest = Math.max(...found.map(each => each.service.length));
  return found.filter(each => each.service.length === longest);
}

function findById(entities: Entity[], alert: AlertRow): AlertEntity[] {
  const ids = ID_LABELS.flatMap(label => alert.labels[label] ?? []);
  return entities.flatMap(entity => {
    const { annotations = {} } = entity.metadata;
    const id = annotations[KUBERNETES_ID_ANNOTATION];
    const namespace = annotations[KUBERNETES_NAMESPACE_ANNOTATION];
    return id &&
      ids.includes(id) &&
      (!namespace || !alert.namespace || namespace === alert.namespace)
      ? toFound(entity, {})
      : [];
  });
}

function findByModel(entities: Entity[], alert: AlertRow): AlertEntity[] {
  const names = MODEL_LABELS.flatMap(label => alert.labels[label] ?? []);
  return names.length === 0
    ? []
    : entities.flatMap(entity =>
        getMlflowReferences(entity).registeredModels.some(({ name }) =>
          names.includes(name),
        )
          ? toFound(entity, {})
          : [],
      );
}
