// SPDX-License-Identifier: Apache-2.0
import { require } from './require.mjs';

/**
 * @typedef {object} FormProblem
 * @property {string} field Where, for example `repository.owner`; empty for the form as a whole.
 * @property {string} message The form's sentence.
 */

/**
 * Kept, since the validator compiles each object that it sees.
 *
 * @type {WeakMap<object, any[]>}
 */
const pages = new WeakMap();

/** The pages of a template's form. @param {any} entity @returns {any[]} */
function pagesOf(entity) {
  const found =
    pages.get(entity) ?? withoutTitles([entity.spec.parameters ?? []].flat());
  pages.set(entity, found);
  return found;
}

/** rjsf says of each `enumNames` that it is out of date. @param {any} schema @returns {any} */
function withoutTitles(schema) {
  if (Array.isArray(schema)) {
    return schema.map(withoutTitles);
  }
  return schema && typeof schema === 'object'
    ? Object.fromEntries(
        Object.entries(schema)
          .filter(
            ([key, value]) => key !== 'enumNames' || !Array.isArray(value),
          )
          .map(([key, value]) => [key, withoutTitles(value)]),
      )
    : schema;
}

/** @type {any} */
let validator;

/** The validator of Backstage's form: rjsf's, with the sentences of `errorMessage`. */
function getValidator() {
  if (!validator) {
    const { customizeValidator } = require('@rjsf/validator-ajv8');
    const ajvErrors = require('ajv-errors');
    validator = customizeValidator();
    (ajvErrors.default ?? ajvErrors)(validator.ajv);
  }
  return validator;
}

/**
 * Holds values against every page of the form. A parameter that the form does not have is a typing
 * error: the portal would ignore it, and the person would not learn that.
 *
 * @param {any} entity
 * @param {Record<string, unknown>} values
 * @returns {FormProblem[]}
 */
export function checkValues(entity, values) {
  const form = pagesOf(entity);
  const known = new Set(form.flatMap(page => [...parameterNames(page)]));
  const unknown = Object.keys(values)
    .filter(name => !known.has(name))
    .map(name => ({
      field: name,
      message: `The form has no such parameter; it has ${[...known].join(', ')}.`,
    }));
  const problems = form.flatMap(page => {
    const { errors = [], validationError } = getValidator().rawValidation(
      page,
      values,
    );
    if (validationError) {
      throw validationError;
    }
    return errors.flatMap(toProblems);
  });
  return [...unknown, ...problems].filter(
    (problem, index, all) =>
      all.findIndex(
        each =>
          each.field === problem.field && each.message === problem.message,
      ) === index,
  );
}

/** @param {any} schema @returns {Generator<string>} */
function* parameterNames(schema) {
  if (Array.isArray(schema)) {
    for (const each of schema) {
      yield* parameterNames(each);
    }
  } else if (schema && typeof schema === 'object') {
    yield* Object.keys(schema.properties ?? {});
    for (const key of ['allOf', 'anyOf', 'oneOf', 'then', 'else']) {
      yield* parameterNames(schema[key]);
    }
    yield* parameterNames(
      Object.values(schema.dependencies ?? {}).filter(
        each => !Array.isArray(each),
      ),
    );
  }
}

/** @param {any} error One of Ajv's. @returns {FormProblem[]} */
function toProblems(error) {
  const place = error.instancePath
    .split('/')
    .slice(1)
    .map((/** @type {string} */ part) =>
      part.replaceAll('~1', '/').replaceAll('~0', '~'),
    );
  // ajv-errors puts its sentence in the place of the errors that it stands for.
  const causes =
    error.keyword === 'errorMessage' ? error.params.errors : [error];
  return causes.map((/** @type {any} */ cause) => {
    const inside =
      cause.params.missingProperty ?? cause.params.additionalProperty;
    return {
      field: [...place, ...(inside === undefined ? [] : [inside])].join('.'),
      message: messageOf(error),
    };
  });
}

/** @param {any} error */
function messageOf({ keyword, message, params }) {
  switch (keyword) {
    case 'enum':
      return `Choose one of ${params.allowedValues.join(', ')}.`;
    case 'required':
      return 'This value is missing.';
    case 'additionalProperties':
      return 'The form has no such value.';
    default:
      return message;
  }
}

/**
 * The values that the form sends when a person fills in only what it insists on.
 *
 * @param {any} entity
 * @returns {Record<string, unknown>}
 */
export function defaultValues(entity) {
  const { getDefaultFormState } = require('@rjsf/utils');
  /** @type {Record<string, unknown>} */
  let values = {};
  for (const page of pagesOf(entity)) {
    const state = Object(
      getDefaultFormState(getValidator(), page, values, page, false, {
        allOf: 'populateDefaults',
      }),
    );
    for (const [name, schema] of Object.entries(page.properties ?? {})) {
      values[name] = fieldValue(
        /** @type {any} */ (schema),
        state[name],
        values,
      );
    }
    values = { ...values, ...state, ...values };
  }
  return JSON.parse(JSON.stringify(values));
}

/**
 * What a field of the form sets by itself, and an example where only a person can know.
 *
 * @param {any} schema
 * @param {any} value
 * @param {Record<string, any>} values
 */
function fieldValue(schema, value, values) {
  switch (schema['ui:field']) {
    case 'DatasetPicker': {
      const { BUNDLED_DATASETS } = common();
      const { name, target, task } = BUNDLED_DATASETS[0];
      return { dataset: name, target, task, ...value };
    }
    case 'GatePicker': {
      const { getGateMetrics, suggestThreshold } = common();
      const { dataset, task } = values.data;
      const metric = getGateMetrics(task)[0].name;
      return { metric, threshold: suggestThreshold(dataset, metric), ...value };
    }
    case 'ModelPicker':
      return common().resolveChoices({ model: value }).model;
    case 'DeliveryPicker':
      return common().resolveChoices({ model: values.model, delivery: value })
        .delivery;
    case 'ModelRepositoryPicker':
      return { host: 'github.com', ...value };
    case 'ModelNamePicker':
    case 'EntityNamePicker':
      return value ?? schema.examples?.[0] ?? 'churn-model';
    case 'ModelOwnerPicker':
    case 'OwnerPicker':
      return value ?? schema.examples?.[0] ?? 'group:default/fraud-team';
    case 'MultiEntityPicker':
      // rjsf fills an array up to minItems, with nothing.
      return schema.minItems ? ['group:default/fraud-team'] : [];
    case 'RepoUrlPicker':
      return value ?? 'github.com?owner=greenroom-demo&repo=example';
    default:
      return value ?? schema.examples?.[0];
  }
}

function common() {
  return require('@greenroom/plugin-scaffolder-ml-common');
}
