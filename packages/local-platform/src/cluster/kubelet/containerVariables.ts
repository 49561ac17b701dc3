// SPDX-License-Identifier: Apache-2.0
import { expandVariables } from './expandVariables';
import { ContainerSpec, EnvVar, Pod, podKey } from './kubeTypes';
import { fieldOfPod, PodPlace, resourceOfContainer } from './podFields';
import { ConfigError, PodObjects } from './PodObjects';

/**
 * The variables that a container's spec names, in its order: what they refer to is read now, and `$(NAME)` in a value stands for
 * what came before it.
 *
 * @throws {@link ConfigError} for what is not there.
 */
export async function containerVariables(
  container: ContainerSpec,
  pod: Pod,
  place: PodPlace,
  objects: PodObjects,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ??
    []) {
    const found = configMapRef
      ? await objects.configMap(configMapRef.name ?? '', configMapRef.optional)
      : await objects.secret(secretRef?.name ?? '', secretRef?.optional);
    for (const [key, bytes] of found ?? []) {
      values[prefix + key] = bytes.toString();
    }
  }
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom
      ? await referredValue(variable, container, pod, place, objects)
      : expandVariables(variable.value ?? '', values);
    if (value !== undefined) {
      values[variable.name] = value;
    }
  }
  return values;
}

async function referredValue(
  variable: EnvVar,
  container: ContainerSpec,
  pod: Pod,
  place: PodPlace,
  objects: PodObjects,
): Promise<string | undefined> {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } =
    variable.valueFrom!;
  if (fieldRef) {
    return fieldOfPod(pod, place, fieldRef.fieldPath);
  }
  if (resourceFieldRef) {
    const { resource, divisor } = resourceFieldRef;
    return resourceOfContainer(container, resource, divisor);
  }
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference) {
    throw new ConfigError(
      `the source of the variable ${variable.name} is not supported`,
    );
  }
  const { name = '', key, optional } = reference;
  const found = configMapKeyRef
    ? await objects.configMap(name, optional)
    : await objects.secret(name, optional);
  const value = found?.get(key)?.toString();
  if (value === undefined && !optional) {
    const kind = configMapKeyRef ? 'ConfigMap' : 'Secret';
    throw new ConfigError(
      `couldn't find key ${key} in ${kind} ${podKey(pod).namespace}/${name}`,
    );
  }
  return value;
}
