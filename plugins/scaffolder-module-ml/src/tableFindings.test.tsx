// SPDX-License-Identifier: Apache-2.0
import { configure, screen, waitFor, within } from '@testing-library/react';
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

const table = (
  columns: Record<string, (row: number) => string | number>,
  rows = 300,
) =>
  [
    Object.keys(columns).join(','),
    ...Array.from({ length: rows }, (_, row) =>
      Object.values(columns)
        .map(cell => cell(row))
        .join(','),
    ),
  ].join('\n');

const isRare = (row: number) => row % 16 === 3;
const churn = table({
  customer_id: row => 1000 + row,
  age: row => (row * 7) % 45,
  region: row => ['North', 'South', 'West'][(row * 5) % 3],
  joined: row => `0${1 + (row % 9)}/0${1 + ((row * 5) % 9)}/2024`,
  refund: row => (isRare(row) ? 12 + (row % 5) : 0),
  churned: row => (isRare(row) ? 'yes' : 'no'),
});

const chooseTable = async (content: string) => {
  await toData();
  await userEvent.click(screen.getByRole('radio', { name: /Your own table/ }));
  await chooseFile('churn.csv', content);
};

const answersTo = async (column: string) =>
  within(
    await screen.findByRole('radiogroup', {
      name: `What to do with ${column}`,
    }),
  );

it('names what is doubtful in a table, proposes, and asks what only a person knows', async () => {
  const { scaffold } = renderForm();
  await chooseTable(churn);
  const list = await screen.findByRole('list', {
    name: 'What the table shows',
  });
  // What must be answered comes first; each group of answers says to what.
  expect(
    within(list)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual([
    expect.stringMatching(/^"joined" has dates such as .*Choose one\.$/),
    expect.stringMatching(/^"refund" alone tells "churned" in 100 % /),
    expect.stringMatching(/^"customer_id" counts the rows: 1000, 1001, 1002/),
    expect.stringMatching(/^93\.\d % of the rows are "no": always answering/),
  ]);
  const dates = await answersTo('joined');
  expect(dates.queryByRole('radio', { checked: true })).toBeNull();
  expect(
    (await answersTo('customer_id')).getByRole('radio', {
      name: 'Leave out (proposed)',
    }),
  ).toBeChecked();

  await press('Next');
  expect(
    (
      await screen.findAllByText(/questions open .*: see joined, refund below/)
    )[0],
  ).toBeInTheDocument();

  // By keyboard alone: the group is one stop, arrows choose in it.
  const dayFirst = dates.getByRole('radio', { name: 'The day is first' });
  dayFirst.focus();
  await userEvent.keyboard(' ');
  expect(dayFirst).toBeChecked();
  await userEvent.keyboard('{ArrowDown}');
  expect(
    dates.getByRole('radio', { name: 'The month is first' }),
  ).toBeChecked();
  await userEvent.click(
    (await answersTo('refund')).getByRole('radio', { name: 'Leave out' }),
  );
  await userEvent.click(
    (await answersTo('customer_id')).getByRole('radio', { name: 'Keep' }),
  );
  const split = within(
    screen.getByRole('radiogroup', { name: 'Held-out rows' }),
  );
  expect(split.getByRole('radio', { name: /Any rows/ })).toBeChecked();
  await userEvent.click(split.getByRole('radio', { name: /The newest rows/ }));
  await userEvent.click(screen.getByRole('button', { name: /When a row is/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'joined' }));
  await press('Next');

  await screen.findByRole('radio', { name: /XGBoost/ });
  await press('Next');
  // Accuracy is not proposed where one class has nearly all rows.
  expect(await screen.findByRole('radio', { name: /ROC AUC/ })).toBeChecked();
  await userEvent.click(screen.getByRole('radio', { name: /Accuracy/ }));
  expect(
    screen.getByText(
      /^93\.\d % of the rows are "no": always answering that has Accuracy 0\.93\d\.$/,
    ),
  ).toBeInTheDocument();
  await press('Next');
  expect(
    (
      await screen.findAllByText(
        /^Always answering "no" has Accuracy 0\.93\d and passes\. Choose ROC AUC, or a threshold above that\.$/,
      )
    )[0],
  ).toBeInTheDocument();
  const threshold = screen.getByRole('textbox', { name: /Threshold/ });
  await userEvent.clear(threshold);
  await userEvent.type(threshold, '0.97');
  await userEvent.tab();
  await press('Next');
  await screen.findByDisplayValue('greenroom-demo');
  await press('Next');
  await screen.findByRole('radiogroup', { name: 'Serving' });
  await press('Review');
  await press('Create model');
  await waitFor(() => expect(scaffold).toHaveBeenCalled());
  const { csvUpload, ...data } = scaffold.mock.calls[0][0].values.data;
  expect(data).toEqual({
    dataset: 'csv',
    csvName: 'churn.csv',
    target: 'churned',
    task: 'classification',
    leaveOut: { refund: 'tells the answer' },
    keep: { customer_id: 'counts the rows' },
    read: { joined: 'month-first' },
    split: { by: 'time', column: 'joined' },
  });
});

it('proposes the split that the table speaks for, and forgets it with another target', async () => {
  const { scaffold } = renderForm();
  await chooseTable(
    table({
      date: row =>
        new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10),
      rain: row => (row * 7919) % 97,
      wind: row => (row * 104729) % 89,
      weather: row => ['sun', 'rain', 'fog'][((row * 31) % 7) % 3],
    }),
  );
  const split = within(
    await screen.findByRole('radiogroup', { name: 'Held-out rows' }),
  );
  expect(split.getByRole('radio', { name: /The newest rows/ })).toBeChecked();
  expect(
    screen.getByRole('button', { name: /date.*When a row is/ }),
  ).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /weather/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'wind' }));
  expect(screen.getByRole('radio', { name: /Regression/ })).toBeChecked();
  await press('Next');
  await screen.findByRole('radio', { name: /XGBoost/ });
  await press('Next');
  expect(
    await screen.findByText(
      /^Always answering 4\d\.\d+, the mean, has R² 0\.$/,
    ),
  ).toBeInTheDocument();
  expect(scaffold).not.toHaveBeenCalled();
});

it('takes what is to be said of a table that only the backend can read', async () => {
  const { scaffold } = renderForm();
  await toData();
  await userEvent.click(screen.getByRole('radio', { name: /Your own table/ }));
  await userEvent.click(screen.getByRole('radio', { name: 'At an address' }));
  const fill = async (name: RegExp | string, text: string) => {
    await userEvent.click(await screen.findByRole('textbox', { name }));
    await userEvent.paste(text);
  };
  await fill(/Address/, 'https://example.com/churn.csv');
  await fill(/Target column/, 'left');
  await press(/What the table needs to be told/);
  await fill('Columns to leave out', 'customer id, refund,');
  await fill('How cells are read', 'joined: day-first, when: soon');
  await userEvent.click(screen.getByRole('radio', { name: /Whole groups/ }));
  await fill(/What rows have in common/, 'customer id');
  await press('Next');
  await screen.findByRole('radio', { name: /XGBoost/ });
  await press('Next');
  expect(await screen.findByRole('radio', { name: /Accuracy/ })).toBeChecked();
  await press('Next');
  await screen.findByDisplayValue('greenroom-demo');
  await press('Next');
  await screen.findByRole('radiogroup', { name: 'Serving' });
  await press('Review');
  await press('Create model');
  await waitFor(() => expect(scaffold).toHaveBeenCalled());
  expect(scaffold.mock.calls[0][0].values.data).toEqual({
    dataset: 'csv',
    csvUrl: 'https://example.com/churn.csv',
    target: 'left',
    task: 'classification',
    leaveOut: { 'customer id': '', refund: '' },
    read: { joined: 'day-first' },
    split: { by: 'group', column: 'customer id' },
  });
});
