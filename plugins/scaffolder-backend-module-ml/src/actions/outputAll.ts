// SPDX-License-Identifier: Apache-2.0

/** Gives each output its value. */
export function outputAll<T extends object>(
  ctx: { output(name: keyof T, value: T[keyof T]): void },
  values: T,
): void {
  for (const [name, value] of Object.entries(values)) {
    ctx.output(name as keyof T, value);
  }
}
