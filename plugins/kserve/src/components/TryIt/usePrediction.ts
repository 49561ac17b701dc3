// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  KservePredictRequest,
  KservePredictResponse,
} from '@greenroom/plugin-kserve-common';
import { useEffect, useRef, useState } from 'react';
import { kserveApiRef, type KserveServiceRef } from '../../api';

/** What came of a request: an answer, or why there is none. */
export interface Outcome {
  answer?: KservePredictResponse;
  error?: Error;
}

export interface Prediction {
  stable: Outcome;
  /** Only where a canary was asked as well. */
  canary?: Outcome & { name: string };
}

/** Sends requests to a model, and beside it to its canary. */
export function usePrediction(service: KserveServiceRef) {
  const api = useApi(kserveApiRef);
  const controller = useRef<AbortController>();
  const [prediction, setPrediction] = useState<Prediction>();
  const [isPending, setIsPending] = useState(false);
  useEffect(() => () => controller.current?.abort(), []);

  const send = async (request: KservePredictRequest, canary?: string) => {
    controller.current?.abort();
    const { signal } = (controller.current = new AbortController());
    setIsPending(true);
    const ask = (asked: KservePredictRequest): Promise<Outcome> =>
      api.predict(service, asked, { signal }).then(
        answer => ({ answer }),
        error => ({ error }),
      );
    const [stable, beside] = await Promise.all([
      ask(request),
      canary ? ask({ ...request, canary }) : undefined,
    ]);
    if (!signal.aborted) {
      setPrediction({
        stable,
        canary: canary && beside ? { ...beside, name: canary } : undefined,
      });
      setIsPending(false);
    }
  };
  return { prediction, isPending, send };
}
