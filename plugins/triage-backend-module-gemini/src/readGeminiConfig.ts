// SPDX-License-Identifier: Apache-2.0
import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import type {
  BudgetAmounts,
  LlmRequest,
  TokenPrice,
} from '@greenroom/triage-engine';
import { DEFAULT_GEMINI_MODELS } from './defaultModels';

/** How Gemini is called. @public */
export interface GeminiConfig {
  auth:
    | { type: 'api-key'; apiKey: string }
    | { type: 'vertex'; project: string; location: string };
  baseUrl?: string;
  models: Record<LlmRequest['tier'], string>;
  /** Of one question, with all attempts. */
  timeoutMs: number;
  attemptTimeoutMs: number;
  maxAttempts: number;
  /** In bytes. */
  maxResponseSize: number;
  budgets: {
    perMinute: Partial<BudgetAmounts>;
    perDay: Partial<BudgetAmounts>;
  };
  /** `currency` as in ISO 4217. */
  prices?: Record<LlmRequest['tier'], TokenPrice> & { currency: string };
}

const ROOT = 'triage.gemini';

function invalid(key: string, expected: string): InputError {
  // Never with the value: it may be a key in the wrong place.
  return new InputError(`Invalid config at '${ROOT}.${key}': ${expected}`);
}

function readAuth(config: Config): GeminiConfig['auth'] | undefined {
  const apiKey = config.getOptionalString('apiKey')?.trim();
  const vertex = config.getOptionalConfig('vertex');
  if (apiKey && vertex) {
    throw invalid('vertex', `must not stand beside '${ROOT}.apiKey'`);
  }
  if (vertex) {
    const project = vertex.getString('project');
    const location = vertex.getOptionalString('location') ?? 'global';
    // Both become a part of the address.
    if (!/^[a-z0-9][a-z0-9.:-]{0,99}$/.test(project)) {
      throw invalid('vertex.project', 'must be the id of a project');
    }
    if (!/^[a-z][a-z0-9-]{0,49}$/.test(location)) {
      throw invalid('vertex.location', "must be a region, or 'global'");
    }
    return { type: 'vertex', project, location };
  }
  if (apiKey && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw invalid('apiKey', 'must have no spaces and no line breaks');
  }
  return apiKey ? { type: 'api-key', apiKey } : undefined;
}

function readBaseUrl(config: Config): string | undefined {
  const value = config.getOptionalString('baseUrl');
  if (value === undefined) {
    return undefined;
  }
  if (!URL.canParse(value)) {
    throw invalid('baseUrl', 'must be an address such as https://example.com');
  }
  const url = new URL(value);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid('baseUrl', 'must start with http:// or https://');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw invalid(
      'baseUrl',
      'must have no credentials, no query and no fragment',
    );
  }
  return url.toString().replace(/(?<!\/)\/+$/, '');
}

function readModel(config: Config, tier: LlmRequest['tier']): string {
  const id =
    config.getOptionalString(`models.${tier}`) ?? DEFAULT_GEMINI_MODELS[tier];
  if (!/^[\w-][\w./:@-]{0,199}$/.test(id) || id.includes('..')) {
    throw invalid(
      `models.${tier}`,
      'must be the id of a model such as gemini-3.8-flash',
    );
  }
  return id;
}

function readMs(config: Config, key: string, fallback: number): number {
  if (!config.has(key)) {
    return fallback;
  }
  const value = config.getOptional(key);
  const ms =
    typeof value === 'number'
      ? value
      : durationToMilliseconds(readDurationFromConfig(config, { key }));
  if (!(ms >= 1 && ms <= 600_000)) {
    throw invalid(key, 'must be between 1 ms and 10 minutes');
  }
  return ms;
}

function readNumber(
  config: Config,
  key: string,
  rule: { min: number; max?: number; integer?: boolean },
): number | undefined {
  const value = config.getOptionalNumber(key);
  const { min, max = Infinity, integer = false } = rule;
  if (
    value !== undefined &&
    (!(value >= min && value <= max) || (integer && !Number.isInteger(value)))
  ) {
    throw invalid(
      key,
      `must be a${integer ? ' whole' : ''} number of at least ${min}${
        max === Infinity ? '' : ` and at most ${max}`
      }`,
    );
  }
  return value;
}

function readLimits(
  config: Config,
  span: string,
  defaults: Partial<BudgetAmounts>,
): Partial<BudgetAmounts> {
  const read = (kind: keyof BudgetAmounts, integer: boolean) =>
    readNumber(config, `budgets.${span}.${kind}`, { min: 0, integer }) ??
    defaults[kind];
  return {
    requests: read('requests', true),
    tokens: read('tokens', true),
    cost: read('cost', false),
  };
}

function readPrices(config: Config): GeminiConfig['prices'] {
  if (!config.has('prices')) {
    return undefined;
  }
  const read = (tier: LlmRequest['tier'], side: keyof TokenPrice) => {
    const key = `prices.${tier}.${side}`;
    const price = readNumber(config, key, { min: 0 });
    if (price === undefined) {
      throw invalid(key, 'is missing');
    }
    return price;
  };
  const currency = config.getOptionalString('prices.currency') ?? 'USD';
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw invalid('prices.currency', 'must be a currency such as EUR');
  }
  return {
    currency,
    light: { input: read('light', 'input'), output: read('light', 'output') },
    heavy: { input: read('heavy', 'input'), output: read('heavy', 'output') },
  };
}

/**
 * Reads `triage.gemini`.
 *
 * @returns undefined where there is neither a key nor Vertex AI
 * @throws InputError that names the config key that is wrong
 * @public
 */
export function readGeminiConfig(root: Config): GeminiConfig | undefined {
  const config = root.getOptionalConfig(ROOT);
  const auth = config && readAuth(config);
  if (!config || !auth) {
    return undefined;
  }
  const budgets = {
    perMinute: readLimits(config, 'perMinute', { requests: 10 }),
    perDay: readLimits(config, 'perDay', { requests: 500, tokens: 5_000_000 }),
  };
  const prices = readPrices(config);
  for (const span of ['perMinute', 'perDay'] as const) {
    if (budgets[span].cost !== undefined && !prices) {
      throw invalid(`budgets.${span}.cost`, `needs '${ROOT}.prices'`);
    }
  }
  return {
    auth,
    baseUrl: readBaseUrl(config),
    models: {
      light: readModel(config, 'light'),
      heavy: readModel(config, 'heavy'),
    },
    timeoutMs: readMs(config, 'timeout', 90_000),
    attemptTimeoutMs: readMs(config, 'attemptTimeout', 60_000),
    maxAttempts:
      readNumber(config, 'maxAttempts', { min: 1, max: 10, integer: true }) ??
      4,
    maxResponseSize:
      readNumber(config, 'maxResponseSize', {
        min: 1_024,
        max: 64 * 1_048_576,
        integer: true,
      }) ?? 1_048_576,
    budgets,
    prices,
  };
}
