// SPDX-License-Identifier: Apache-2.0

/**
 * Name and version of `name@version` (`@scope/name@1.2.3`), and the version that
 * mends it, where Snyk's upgrade is of the same package.
 */
export function splitPackage(
  text: string | undefined,
  upgrade?: [string, string],
): { package?: string; version?: string; fixedVersion?: string } {
  if (!text) {
    return {};
  }
  const at = text.lastIndexOf('@');
  if (at <= 0) {
    return { package: text };
  }
  const name = text.slice(0, at);
  const target = upgrade?.[1] ?? '';
  const isSame = upgrade?.[0] === text && target.startsWith(`${name}@`);
  return {
    package: name,
    version: text.slice(at + 1),
    ...(isSame ? { fixedVersion: target.slice(name.length + 1) } : {}),
  };
}
