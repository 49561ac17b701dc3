// SPDX-License-Identifier: Apache-2.0
import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import {
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import {
  mlflowServiceRef,
  type MlflowService,
  quoteMlflowFilterValue,
  readMlflowInstances,
  toMlflowPageUrl,
} from '.';

const read = (mlflow?: JsonObject) =>
  readMlflowInstances(new ConfigReader(mlflow ? { mlflow } : {}));

const EU = { name: 'eu', baseUrl: 'https://mlflow.example.com/prefix/' };

describe('readMlflowInstances', () => {
  it('reads instances, the default one first, with all defaults', () => {
    expect(read()).toEqual([]);
    expect(read({ instances: [] })).toEqual([]);
    const instances = read({
      defaultInstance: 'us',
      instances: [
        EU,
        {
          name: 'us',
          baseUrl: 'http://mlflow.us.svc:5000',
          webUrl: 'https://mlflow.us.example.com',
          trackingUri: 'databricks://us',
          auth: { type: 'basic', username: 'portal', password: 'sécret' },
          headers: { 'CF-Access-Client-Id': 'abc' },
          workspace: 'fraud',
          timeout: { minutes: 1 },
          maxResponseSize: 1024,
          maxConcurrent: 2,
        },
      ],
    });
    expect(instances).toEqual([
      {
        name: 'us',
        baseUrl: 'http://mlflow.us.svc:5000',
        webUrl: 'https://mlflow.us.example.com',
        trackingUri: 'databricks://us',
        workspace: 'fraud',
        headers: {
          authorization: `Basic ${Buffer.from('portal:sécret').toString('base64')}`,
          'cf-access-client-id': 'abc',
          'x-mlflow-workspace': 'fraud',
        },
        timeoutMs: 60_000,
        maxResponseSize: 1024,
        maxConcurrent: 2,
      },
      {
        name: 'eu',
        baseUrl: 'https://mlflow.example.com/prefix',
        webUrl: 'https://mlflow.example.com/prefix',
        trackingUri: 'https://mlflow.example.com/prefix',
        workspace: undefined,
        headers: {},
        timeoutMs: 10_000,
        maxResponseSize: 10 * 1024 * 1024,
        maxConcurrent: 8,
      },
    ]);
    // Of MLflow's own pages the one in the instance's workspace is meant.
    expect(
      instances.map(each => toMlflowPageUrl(each, 'models', 'a/b c')),
    ).toEqual([
      'https://mlflow.us.example.com/#/models/a%2Fb%20c?workspace=fraud',
      'https://mlflow.example.com/prefix/#/models/a%2Fb%20c',
    ]);
    expect(read({ instances: [{ ...EU, timeout: 2500 }] })[0].timeoutMs).toBe(
      2500,
    );
    expect(read({ instances: [{ ...EU, timeout: '3s' }] })[0].timeoutMs).toBe(
      3000,
    );
  });

  it.each<[string, JsonObject]>([
    ['mlflow.instances[0].name', { name: 'e:u' }],
    ['mlflow.instances[0].name', { name: '' }],
    ['mlflow.instances[0].baseUrl', { baseUrl: 'hunter2' }],
    ['mlflow.instances[0].baseUrl', { baseUrl: 'ftp://hunter2' }],
    ['mlflow.instances[0].baseUrl', { baseUrl: 'https://u:hunter2@mlflow' }],
    ['mlflow.instances[0].baseUrl', { baseUrl: 'https://mlflow/?t=hunter2' }],
    [
      'mlflow.instances[0].baseUrl',
      { baseUrl: 'https://mlflow/api/2.0/mlflow' },
    ],
    ['mlflow.instances[0].webUrl', { webUrl: 'data:text/html,hunter2' }],
    ['mlflow.instances[0].trackingUri', { trackingUri: 'file:///hunter2' }],
    ['mlflow.instances[0].trackingUri', { trackingUri: 'http://a:hunter2@b' }],
    ['mlflow.instances[0].auth.type', { auth: { type: 'hunter2' } }],
    [
      'mlflow.instances[0].auth.token',
      { auth: { type: 'bearer', token: 'hunter2\n' } },
    ],
    [
      'mlflow.instances[0].auth.username',
      { auth: { type: 'basic', username: 'a:b', password: 'hunter2' } },
    ],
    [
      'mlflow.instances[0].auth.password',
      { auth: { type: 'basic', username: 'a' } },
    ],
    [
      'mlflow.instances[0].headers.x-key',
      { headers: { 'x-key': 'hunter2\r\nx: y' } },
    ],
    ['mlflow.instances[0].workspace', { workspace: 'hunter2/..' }],
    ['mlflow.instances[0].timeout', { timeout: 0 }],
    ['mlflow.instances[0].timeout', { timeout: 'hunter2' }],
    ['mlflow.instances[0].timeout', { timeout: { hours: 1 } }],
    ['mlflow.instances[0].maxResponseSize', { maxResponseSize: 0.5 }],
    ['mlflow.instances[0].maxConcurrent', { maxConcurrent: 0 }],
  ])('names the key %s of a wrong value and not the value', (key, entry) => {
    let message = '';
    try {
      read({ instances: [{ ...EU, ...entry }] });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(`'${key}'`);
    expect(message).not.toContain('hunter2');
  });

  it('refuses a name that is used twice and a default that does not exist', () => {
    expect(() => read({ instances: [EU, EU] })).toThrow(
      "'mlflow.instances[1].name': 'eu' is the name of another instance already",
    );
    expect(() => read({ defaultInstance: 'us', instances: [EU] })).toThrow(
      "'mlflow.defaultInstance': must be the name of one of mlflow.instances",
    );
  });
});

const mlflowServiceTestRef = createServiceRef<MlflowService>({
  id: 'test.mlflow',
});

describe('mlflowServiceRef', () => {
  const getService = async (mlflow?: JsonObject) => {
    // The default factory is what plugins get without any wiring.
    const tester = ServiceFactoryTester.from(
      createServiceFactory({
        service: mlflowServiceTestRef,
        deps: { mlflow: mlflowServiceRef },
        factory: ({ mlflow: service }) => service,
      }),
      {
        dependencies: [
          mockServices.rootConfig.factory({ data: mlflow ? { mlflow } : {} }),
        ],
      },
    );
    return tester.getSubject('plugin');
  };

  it('hands out clients by name and says which there are', async () => {
    const service = await getService({
      instances: [
        { ...EU, auth: { type: 'bearer', token: 'hunter2' } },
        { name: 'us', baseUrl: 'http://us' },
      ],
    });
    expect(service.instances.map(({ name }) => name)).toEqual(['eu', 'us']);
    expect(service.getClient().instance.name).toBe('eu');
    expect(service.getClient('us').instance.name).toBe('us');
    expect(() => service.getClient('asia')).toThrow(
      "There is no MLflow instance 'asia'; configured are 'eu', 'us'",
    );
    expect(JSON.stringify(service.instances)).not.toContain('hunter2');
  });

  it('says where to configure an instance when there is none', async () => {
    const service = await getService();
    expect(service.instances).toEqual([]);
    expect(() => service.getClient()).toThrow(
      "No MLflow instance is configured: add one to 'mlflow.instances'",
    );
  });
});

describe('quoteMlflowFilterValue', () => {
  it('quotes what MLflow can express and refuses the rest', () => {
    expect(quoteMlflowFilterValue('churn')).toBe("'churn'");
    expect(quoteMlflowFilterValue("jane's")).toBe('"jane\'s"');
    expect(() => quoteMlflowFilterValue(`'"`)).toThrow('MLflow cannot search');
    expect(quoteMlflowFilterValue('a\nb')).toBe("'a\nb'");
  });
});
