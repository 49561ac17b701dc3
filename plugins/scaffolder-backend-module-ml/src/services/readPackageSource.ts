// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Where generated repositories get greenroom-ml from. */
export interface PackageSource {
  /** `vendored`: the wheel in the repository. `index`: an index of packages. */
  source: 'vendored' | 'index';
  /** An index beside the one that machines use anyway. */
  indexUrl?: string;
}

const KEY = 'scaffolder.ml.package';

/** Reads `scaffolder.ml.package`; throws InputError for what cannot be used. */
export function readPackageSource(config: Config): PackageSource {
  const source = config.getOptionalString(`${KEY}.source`) ?? 'vendored';
  const indexUrl = config.getOptionalString(`${KEY}.indexUrl`);
  if (source !== 'vendored' && source !== 'index') {
    throw new InputError(
      `${KEY}.source is ${JSON.stringify(source)}, but must be vendored or index`,
    );
  }
  if (indexUrl === undefined) {
    return { source };
  }
  if (source === 'vendored') {
    throw new InputError(`${KEY}.indexUrl needs ${KEY}.source: index`);
  }
  const url = URL.canParse(indexUrl) ? new URL(indexUrl) : undefined;
  // It is written into files: neither a secret nor a second line may be in it.
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.username ||
    url.password ||
    /[\s"'`\\#]/.test(indexUrl)
  ) {
    throw new InputError(
      `${KEY}.indexUrl must be an http(s) address without user and password, since every repository holds it: give credentials to the machines (UV_INDEX or pip's configuration)`,
    );
  }
  return { source, indexUrl };
}
