// SPDX-License-Identifier: Apache-2.0
import { configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  chooseFile,
  press,
  renderForm,
  toData,
} from './__testUtils__/renderForm';

// The pages of the wizard load lazily, and the first test pays for all of them.
jest.setTimeout(180_000);
configure({ asyncUtilTimeout: 60_000 });

describe('the form of the Model service template', () => {
  it('asks nothing of a newcomer but Next', async () => {
    const { scaffold } = renderForm({ components: ['my-model', 'my-model-2'] });
    expect(await screen.findByDisplayValue('my-model-3')).toBeInTheDocument();
    await screen.findByRole('button', { name: /Fraud team/ });
    await press('Next');
    expect(
      await screen.findByRole('radio', { name: /Breast cancer/ }),
    ).toBeChecked();
    await press('Next');
    expect(
      await screen.findByRole('radio', { name: /scikit-learn/ }),
    ).toBeChecked();
    await press('Next');
    expect(
      await screen.findByRole('radio', { name: /Accuracy/ }),
    ).toBeChecked();
    await press('Next');
    expect(
      await screen.findByText(
        'The code goes to http://localhost:3002/greenroom-demo/my-model-3, and its pipeline runs there.',
      ),
    ).toBeInTheDocument();
    await press('Next');
    expect(
      await screen.findByText(
        'The pipeline pushes ghcr.io/greenroom-demo/my-model-3 and hands each version to greenroom-demo/infra-manifests.',
      ),
    ).toBeInTheDocument();
    // What most people leave as it is stays closed.
    expect(
      screen.queryByRole('radiogroup', { name: 'Registry' }),
    ).not.toBeInTheDocument();
    await press('Review');
    expect(
      await screen.findByText('GitHub Container Registry'),
    ).toBeInTheDocument();
    await press('Create model');
    await waitFor(() => expect(scaffold).toHaveBeenCalled());
    expect(scaffold.mock.calls[0][0]).toEqual({
      templateRef: 'template:default/model-service',
      secrets: {},
      values: {
        name: 'my-model-3',
        description:
          'A model that its own pipeline trains, judges and delivers.',
        owner: 'group:default/fraud-team',
        data: {
          dataset: 'breast_cancer',
          target: 'target',
          task: 'classification',
        },
        model: { framework: 'scikit-learn', format: 'native' },
        gate: { metric: 'accuracy', threshold: 0.9 },
        repository: {
          host: 'localhost:3002',
          owner: 'greenroom-demo',
          visibility: 'private',
        },
        delivery: {
          serving: 'image',
          registry: 'ghcr',
          mlflowAccess: 'token',
          environments: 'dev-prod',
          canary: 'none',
          driftMonitor: true,
          gpu: false,
          manifestsRepository: 'infra-manifests',
        },
      },
    });
  });

  const retype = async (field: HTMLElement, text: string) => {
    await userEvent.clear(field);
    if (text) {
      // At once: each letter would draw the whole form.
      await userEvent.paste(text);
    }
  };

  const passModel = async () => {
    await screen.findByRole('radio', { name: /XGBoost/ });
    await press('Next');
  };

  const toReview = async () => {
    await screen.findByRole('radiogroup', { name: 'Serving' });
    await press('Review');
  };

  const table = (count: number) =>
    [
      'age,"in, come",churned',
      ...Array.from(
        { length: count },
        (_, i) => `${i},${i * 1.5},${i % 2 ? 'yes' : 'no'}`,
      ),
    ].join('\n');

  it('refuses a name that is taken, malformed, reserved or missing', async () => {
    renderForm({ components: ['churn-model'] });
    const name = await screen.findByDisplayValue('my-model');
    await screen.findByRole('button', { name: /Fraud team/ });
    for (const [text, message] of [
      [
        'churn-model',
        /has a component churn-model already, owned by group:default\/fraud-team/,
      ],
      ['Churn Model', /Start with a lower-case letter/],
      ['random', /Add a word, for example random-model/],
      ['ab', /Use at least 3 characters/],
      [
        'the-model-of-all-models-that-we-ever-made',
        /Use at most 40 characters/,
      ],
      [
        'the-model-of-all-models-that-we-had-so',
        /becomes the-\S+-predictor-fraud-team-prod.* use at most 37 characters/,
      ],
      ['', /Give the model a name|Use at least 3 characters/],
    ] as const) {
      await retype(name, text);
      await press('Next');
      expect((await screen.findAllByText(message))[0]).toBeInTheDocument();
    }
    // What was refused does not hold up what is right.
    await retype(name, 'churn-model-2');
    expect(
      await screen.findByText(/repository will be named churn-model-2 too/),
    ).toBeInTheDocument();
    await press('Next');
    expect(
      await screen.findByRole('radio', { name: /Breast cancer/ }),
    ).toBeChecked();
  });

  it('refuses a description of a word, with a sentence', async () => {
    renderForm();
    await screen.findByDisplayValue('my-model');
    await screen.findByRole('button', { name: /Fraud team/ });
    await retype(await screen.findByDisplayValue(/^A model that its own/), 'A');
    await press('Next');
    expect(
      (await screen.findAllByText(/Say in at least 10 characters/))[0],
    ).toBeInTheDocument();
  });

  it('offers who belongs to no group to own the model', async () => {
    renderForm({ ownershipEntityRefs: ['user:default/guest'] });
    expect(
      await screen.findByRole('button', { name: /guest/ }),
    ).toBeInTheDocument();
  });

  it('takes a table, and says at once what is wrong with another', async () => {
    const { scaffold } = renderForm();
    await toData();
    await userEvent.click(
      screen.getByRole('radio', { name: /Your own table/ }),
    );
    await press('Next');
    expect(
      (await screen.findAllByText(/Choose the column that the model/))[0],
    ).toBeInTheDocument();

    await chooseFile('short.csv', table(49));
    expect(
      await screen.findByText('The table has 49 rows; it needs at least 50.'),
    ).toBeInTheDocument();
    await chooseFile('photo.csv', new Uint8Array([0x89, 0x50, 0xff, 0x00]));
    expect(
      await screen.findByText(/The file is not text\. Export/),
    ).toBeInTheDocument();
    await chooseFile('book.xlsx', 'PK\u0003\u0004[Content_Types].xml');
    expect(
      await screen.findByText(/the file of a spreadsheet program/),
    ).toBeInTheDocument();

    await chooseFile('churn.csv', table(60));
    expect(
      await screen.findByText('churn.csv: 60 rows, 3 columns'),
    ).toBeInTheDocument();
    expect(screen.queryByText(/spreadsheet program/)).not.toBeInTheDocument();
    expect(
      screen.getByText('age: numbers · in, come: numbers · churned: yes or no'),
    ).toBeInTheDocument();
    // The last column, and classes since it holds words.
    expect(screen.getByRole('button', { name: /churned/ })).toBeInTheDocument();
    expect(screen.getByRole('radio', { name: /Classification/ })).toBeChecked();

    await userEvent.click(screen.getByRole('radio', { name: /Regression/ }));
    await press('Next');
    expect(
      (
        await screen.findAllByText(
          'Column "churned" holds "no" in row 2; regression needs numbers, with the decimal mark "." throughout the table. Choose another column, or classification.',
        )
      )[0],
    ).toBeInTheDocument();

    await userEvent.click(screen.getByRole('button', { name: /churned/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'in, come' }),
    );
    expect(screen.getByRole('radio', { name: /Regression/ })).toBeChecked();
    await press('Next');
    await passModel();
    expect(await screen.findByRole('radio', { name: /R²/ })).toBeChecked();
    await userEvent.click(screen.getByRole('radio', { name: /RMSE/ }));
    // No default can be right for an error in an unknown unit.
    const threshold = screen.getByRole('textbox', { name: /Threshold/ });
    expect(threshold).toHaveValue('');
    await press('Next');
    expect(
      (
        await screen.findAllByText(/Give the value that the metric must reach/)
      )[0],
    ).toBeInTheDocument();
    await userEvent.type(threshold, '12.5');
    await userEvent.tab();
    expect(
      await screen.findByText(
        /registered when its RMSE on the test data is 12.5 or less/,
      ),
    ).toBeInTheDocument();
    await press('Next');
    await screen.findByDisplayValue('greenroom-demo');
    await press('Next');
    await toReview();
    // The review names the file and does not show its bytes.
    expect(await screen.findByText('churn.csv')).toBeInTheDocument();
    expect(document.body.textContent).not.toContain('base64');
    await press('Create model');
    await waitFor(() => expect(scaffold).toHaveBeenCalled());
    expect(scaffold.mock.calls[0][0].values).toMatchObject({
      data: {
        dataset: 'csv',
        csvName: 'churn.csv',
        csvUpload: `data:text/csv;base64,${btoa(table(60))}`,
        target: 'in, come',
        task: 'regression',
      },
      gate: { metric: 'rmse', threshold: 12.5 },
    });
  });

  it('takes an address, a gate of its task, and another repository', async () => {
    const { scaffold } = renderForm();
    await toData();
    await userEvent.click(
      screen.getByRole('radio', { name: /Your own table/ }),
    );
    await userEvent.click(screen.getByRole('radio', { name: 'At an address' }));
    await press('Next');
    expect(
      (await screen.findAllByText(/begins with https:\/\//))[0],
    ).toBeInTheDocument();
    await userEvent.type(
      screen.getByRole('textbox', { name: /Address/ }),
      'https://example.com/churn.csv?private_token=hush&ref=main',
    );
    expect(screen.getByRole('textbox', { name: /Address/ })).toHaveValue(
      'https://example.com/churn.csv?private_token=hush&ref=main',
    );
    await userEvent.type(
      screen.getByRole('textbox', { name: /Target column/ }),
      'left',
    );
    await press('Next');
    await passModel();

    const threshold = await screen.findByRole('textbox', { name: /Threshold/ });
    await retype(threshold, '90');
    await userEvent.tab();
    await press('Next');
    expect(
      (
        await screen.findAllByText(
          'Accuracy cannot be a gate at 90. Above 0, at most 1.',
        )
      )[0],
    ).toBeInTheDocument();
    await retype(threshold, '0.8125');
    await userEvent.tab();
    await press('Next');

    const owner = await screen.findByRole('textbox', { name: /Organisation/ });
    const name = screen.getByRole('textbox', { name: /Repository name/ });
    expect(name).toHaveValue('my-model');
    await retype(owner, 'my organisation');
    await press('Next');
    expect(
      (await screen.findAllByText(/GitHub organisation or user/))[0],
    ).toBeInTheDocument();
    await retype(owner, 'fraud');
    await retype(name, 'churn');
    await userEvent.click(screen.getByRole('radio', { name: /Internal/ }));
    await press('Next');
    await toReview();
    expect(document.body).toHaveTextContent('churn.csv?ref=main');
    expect(document.body).not.toHaveTextContent('hush');
    await press('Create model');
    await waitFor(() => expect(scaffold).toHaveBeenCalled());
    expect(scaffold.mock.calls[0][0].secrets).toMatchObject({
      csvUrl: 'https://example.com/churn.csv?private_token=hush&ref=main',
    });
    expect(scaffold.mock.calls[0][0].values).toMatchObject({
      data: {
        dataset: 'csv',
        csvUrl: 'https://example.com/churn.csv?ref=main',
        target: 'left',
        task: 'classification',
      },
      gate: { metric: 'accuracy', threshold: 0.8125 },
      repository: {
        host: 'localhost:3002',
        owner: 'fraud',
        name: 'churn',
        visibility: 'internal',
      },
    });
  });

  it('follows when a person goes back to other data and another name', async () => {
    const { scaffold } = renderForm();
    await toData();
    await press('Next');
    await passModel();
    await screen.findByRole('radio', { name: /Accuracy/ });
    await press('Next');
    await screen.findByDisplayValue('greenroom-demo');
    await press('Back');
    await screen.findByRole('radio', { name: /Accuracy/ });
    await press('Back');
    await screen.findByRole('radio', { name: /XGBoost/ });
    await press('Back');
    await userEvent.click(
      await screen.findByRole('radio', { name: /Diabetes/ }),
    );
    await press('Back');
    await retype(await screen.findByDisplayValue('my-model'), 'sugar-model');
    await press('Next');
    expect(
      await screen.findByRole('radio', { name: /Diabetes/ }),
    ).toBeChecked();
    await press('Next');
    await passModel();
    expect(await screen.findByRole('radio', { name: /R²/ })).toBeChecked();
    expect(screen.queryByRole('radio', { name: /Accuracy/ })).toBeNull();
    await press('Next');
    expect(await screen.findByDisplayValue('sugar-model')).toBeInTheDocument();
    await press('Next');
    await toReview();
    await press('Create model');
    await waitFor(() => expect(scaffold).toHaveBeenCalled());
    const { values } = scaffold.mock.calls[0][0];
    expect(values).toMatchObject({
      name: 'sugar-model',
      data: { dataset: 'diabetes', target: 'target', task: 'regression' },
      gate: { metric: 'r2', threshold: 0.3 },
    });
    expect(values.repository).not.toHaveProperty('name');
  });

  const choose = async (role: 'radio' | 'switch', name: RegExp) =>
    userEvent.click(await screen.findByRole(role, { name }));

  const toDelivery = async (options: { framework?: RegExp } = {}) => {
    await toData();
    await press('Next');
    await choose('radio', options.framework ?? /scikit-learn/);
    await press('Next');
    await screen.findByRole('radio', { name: /Accuracy/ });
    await press('Next');
    await screen.findByDisplayValue('greenroom-demo');
    await press('Next');
    await screen.findByRole('radiogroup', { name: 'Serving' });
  };

  it('takes every choice about delivery, and shows why some do not fit', async () => {
    const { scaffold } = renderForm();
    await toDelivery({ framework: /PyTorch/ });
    const storageUri = screen.getByRole('radio', { name: /KServe's runtime/ });
    expect(storageUri).toBeDisabled();
    expect(
      screen.getByText(/TorchServe, which wants a .mar archive/),
    ).toBeInTheDocument();

    await press(/^Image ?GitHub Container Registry/);
    await choose('radio', /Docker Hub/);
    const namespace = screen.getByRole('textbox', { name: /namespace/ });
    expect(namespace).toHaveValue('greenroom-demo');
    await retype(namespace, 'Acme');
    expect(
      await screen.findByText(/Give the namespace as in the address/),
    ).toBeInTheDocument();
    await press('Review');
    expect(
      (await screen.findAllByText(/Give the namespace as in the address/))[0],
    ).toBeInTheDocument();
    await retype(namespace, 'acme');
    await choose('switch', /GPU/);

    await press(/^Access to MLflow ?Token or password/);
    await choose('radio', /Tailscale/);

    await choose('radio', /dev only/);
    await press(/Canary: None; drift monitor: on/);
    expect(screen.getByRole('radio', { name: /HTTPRoute/ })).toBeDisabled();
    expect(screen.getAllByText(/there is no prod/)).toHaveLength(2);
    await choose('radio', /dev, staging, prod/);
    await choose('radio', /HTTPRoute/);
    await choose('switch', /Drift monitor/);

    await press(/^Manifests repository/);
    const manifests = screen.getByRole('textbox', { name: /Repository name/ });
    await retype(manifests, 'my-model');
    expect(
      (
        await screen.findAllByText(
          /Manifests live in a repository of their own/,
        )
      )[0],
    ).toBeInTheDocument();
    await retype(manifests, 'deployments');
    expect(
      await screen.findByText(
        'The pipeline pushes docker.io/acme/my-model and hands each version to greenroom-demo/deployments.',
      ),
    ).toBeInTheDocument();
    await press('Review');
    await press('Create model');
    await waitFor(() => expect(scaffold).toHaveBeenCalled());
    expect(scaffold.mock.calls[0][0].values).toMatchObject({
      model: { framework: 'pytorch', format: 'native' },
      delivery: {
        serving: 'image',
        registry: 'docker-hub',
        registryNamespace: 'acme',
        mlflowAccess: 'tailscale',
        environments: 'dev-staging-prod',
        canary: 'http-route',
        driftMonitor: false,
        gpu: true,
        manifestsRepository: 'deployments',
      },
    });
  });

  it('says what a change on an earlier page has made impossible, and changes nothing by itself', async () => {
    const { scaffold } = renderForm();
    await toDelivery();
    await choose('radio', /KServe's runtime/);
    // What goes with an image only leaves with it, visibly.
    await press(/^Image ?No image/);
    expect(screen.getByRole('radio', { name: /Docker Hub/ })).toBeDisabled();
    expect(screen.getByRole('switch', { name: 'GPU' })).toBeDisabled();
    await press(/Canary: None; drift monitor: off/);
    expect(
      screen.getByRole('switch', { name: 'Drift monitor' }),
    ).toBeDisabled();
    expect(
      screen.getByText(/KServe's own servers count no feature values/),
    ).toBeInTheDocument();
    await press(/^Access to MLflow ?Token or password/);
    await choose('radio', /Self-hosted runner/);

    await press('Back');
    await choose('radio', /Public/);
    await press('Back');
    await screen.findByRole('radio', { name: /Accuracy/ });
    await press('Back');
    await choose('radio', /ONNX/);
    expect(
      await screen.findByText(/page Delivery has choices that do not fit/),
    ).toBeInTheDocument();
    await press('Next');
    await screen.findByRole('radio', { name: /Accuracy/ });
    await press('Next');
    await screen.findByDisplayValue('greenroom-demo');
    await press('Next');

    expect(
      await screen.findByRole('radio', { name: /KServe's runtime/ }),
    ).toBeChecked();
    expect(
      screen.getByText(/KServe serves ONNX with Triton/),
    ).toBeInTheDocument();
    // A closed section opens when something in it must be changed.
    expect(
      await screen.findByRole('radio', { name: /Self-hosted runner/ }),
    ).toBeChecked();
    await press('Review');
    expect(
      (await screen.findAllByText(/its code would run in your cluster/)).length,
    ).toBeGreaterThan(1);
    expect(scaffold).not.toHaveBeenCalled();

    await choose('radio', /Its own image/);
    await choose('radio', /OIDC/);
    await press('Review');
    // A row for each answer, and none for what nobody was asked.
    expect(await screen.findByText('Drift monitor')).toBeInTheDocument();
    expect(screen.getAllByText(/^(Yes|No)$/)).toHaveLength(2);
    expect(screen.queryByText('Docker Hub namespace')).toBeNull();
    await press('Create model');
    await waitFor(() => expect(scaffold).toHaveBeenCalled());
    expect(scaffold.mock.calls[0][0].values).toMatchObject({
      model: { framework: 'scikit-learn', format: 'onnx' },
      repository: { visibility: 'public' },
      delivery: {
        serving: 'image',
        registry: 'ghcr',
        mlflowAccess: 'oidc',
        driftMonitor: true,
      },
    });
  });
});
