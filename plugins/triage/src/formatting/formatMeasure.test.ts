// SPDX-License-Identifier: Apache-2.0
import { formatMeasure } from './formatMeasure';

describe('formatMeasure', () => {
  it.each([
    [2.12e8, 'sum(container_memory_working_set_bytes{pod="a"})', '202 MiB'],
    [-1_536, 'delta(process_resident_memory_bytes[5m])', '-1.5 KiB'],
    [0, 'go_memstats_alloc_bytes', '0 B'],
    [2.12e8, 'ml_requests_total', '212 M'],
    [1_234, 'rate(node_network_receive_bytes_total[5m])', '1.23 k'],
    [0.0312, 'model:ml_request_errors_internal:ratio5m', '0.0312'],
    [5e17, 'x', '500,000 T'],
  ])('writes %p of %s as %s', (value, expression, words) => {
    expect(formatMeasure(value, expression, 'en')).toBe(words);
  });
});
