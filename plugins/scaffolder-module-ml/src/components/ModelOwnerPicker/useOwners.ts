// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { useCallback, useEffect, useState } from 'react';
import { loadOwners, type Owners } from './loadOwners';

type OwnersState =
  | { status: 'loading' }
  | { status: 'failed'; message: string }
  | { status: 'loaded'; owners: Owners };

/** Possible owners, or why they are not known. */
export function useOwners(): OwnersState & { retry: () => void } {
  const catalogApi = useApi(catalogApiRef);
  const identityApi = useApi(identityApiRef);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<OwnersState>({ status: 'loading' });

  useEffect(() => {
    let active = true;
    loadOwners({ catalogApi, identityApi }).then(
      owners => active && setState({ status: 'loaded', owners }),
      error =>
        active &&
        setState({
          status: 'failed',
          message: toError(error).message,
        }),
    );
    return () => {
      active = false;
    };
  }, [catalogApi, identityApi, attempt]);

  const retry = useCallback(() => setAttempt(count => count + 1), []);
  return { ...state, retry };
}
