import fs from 'node:fs';
import path from 'node:path';
import { TABLE_FIXTURES } from './__testUtils__/tableFixtures';
import { TableProfiler } from './table/TableProfiler';
import { toDataSchema } from './table/dataSchema';

const FIXTURES = path.resolve(
  __dirname,
  '../../../templates/model-service/tests/fixtures/csv',
);

const profile = (bytes: Uint8Array, chunkLength = bytes.length) => {
  const profiler = new TableProfiler();
  for (let start = 0; start < bytes.length; start += chunkLength) {
    if (profiler.write(bytes.subarray(start, start + chunkLength))) {
      break;
    }
  }
  return profiler.end();
};

const read = (bytes: Uint8Array, chunkLength?: number) => {
  const result = profile(bytes, chunkLength);
  if ('problem' in result) {
    throw new Error(JSON.stringify(result.problem));
  }
  return result.profile;
};

// What the generated repository is tested with. After a change that is meant:
// GREENROOM_UPDATE_FIXTURES=1 writes them anew.
it.each(TABLE_FIXTURES)(
  'has given the repository the schema of $name',
  ({ name, bytes, target }) => {
    const schema = toDataSchema(read(bytes), {
      target,
      source: { file: `data/${name}.csv` },
    });
    const file = path.join(FIXTURES, name);
    const content = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env.GREENROOM_UPDATE_FIXTURES) {
      fs.mkdirSync(FIXTURES, { recursive: true });
      fs.writeFileSync(`${file}.csv`, bytes);
      fs.writeFileSync(`${file}.schema.json`, content);
    }
    expect(fs.readFileSync(`${file}.csv`).equals(bytes)).toBe(true);
    expect(fs.readFileSync(`${file}.schema.json`, 'utf8')).toBe(content);
    expect(read(bytes, 7)).toEqual(read(bytes));
  },
);
