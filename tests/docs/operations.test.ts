import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as attributes from '@throughline/telemetry/attributes';
import { METRICS } from '@throughline/telemetry/catalogue';
import { expect } from 'chai';
import { section, tableRows } from './markdown.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'operations.md'), 'utf8');

describe('the page about running it', () => {
  it('lists every metric as it is', () => {
    expect(tableRows(section(page, '### Metrics'))).to.deep.equal(
      Object.values(METRICS).map(({ name, kind, labels, help }) => [name, kind, labels.join(', '), help]),
    );
  });

  it('lists every attribute of a span', () => {
    expect(tableRows(section(page, '### Traces')).map(([name]) => name)).to.have.members(Object.values(attributes));
  });
});
