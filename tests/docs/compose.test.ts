import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS } from '@throughline/telemetry/catalogue';
import { expect } from 'chai';

const folder = join(import.meta.dirname, '..', '..', 'infra', 'deploy');
const compose = readFileSync(join(folder, 'compose.yaml'), 'utf8');
/** The items of all lists under a key. */
const listed = (key: string): readonly string[] =>
  [...compose.matchAll(new RegExp(`^    ${key}:\\n((?:      - .*\\n)+)`, 'gm'))].flatMap(([, items = '']) =>
    items
      .trimEnd()
      .split('\n')
      .map((item) => item.replace(/^ +- /, '')),
  );

describe('infra/deploy', () => {
  it('publishes every port on 127.0.0.1', () => {
    const ports = listed('ports');
    expect(ports).to.have.lengthOf(compose.split('    ports:\n').length - 1);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).to.deep.equal([]);
  });

  it('names an exact version of every image', () => {
    const images = [...compose.matchAll(/^ +image: (.*)$/gm)].map(([, image = '']) => image);
    expect(images).not.to.deep.equal([]);
    expect(images.filter((image) => !/:v?\d+\.\d+(\.\d+)?$/.test(image))).to.deep.equal([]);
  });

  it('has every file that a container reads', () => {
    const read = listed('volumes').filter((volume) => volume.startsWith('./'));
    expect(read).not.to.deep.equal([]);
    expect(read.filter((volume) => !existsSync(join(folder, volume.split(':')[0] ?? '')))).to.deep.equal([]);
  });

  const dashboard = readFileSync(join(folder, 'grafana', 'dashboards', 'throughline.json'), 'utf8');
  const expressions = [...dashboard.matchAll(/"expr": "(.*)"/g)].map(([, expression = '']) => expression);

  it('shows every metric of the mesh on the dashboard, and no other', () => {
    const shown = dashboard.match(/throughline_\w+?(?=_bucket|\b)/g);
    expect([...new Set(shown)]).to.have.members(Object.values(METRICS).map(({ name }) => name));
  });

  it('groups each metric by labels that it has', () => {
    const strangers = Object.values(METRICS).flatMap(({ name, labels }) =>
      expressions
        .filter((expression) => expression.includes(name))
        .flatMap((expression) => [...expression.matchAll(/\bby \(([^)]*)\)/g)])
        .flatMap(([, by = '']) => by.split(', '))
        .filter((label) => label !== 'le' && !labels.some((known) => known === label)),
    );
    expect(strangers).to.deep.equal([]);
  });

  it('showed a lag once for each process that looks at it: every door does, and every instance', () => {
    const { name, labels } = METRICS.lag;
    const lags = expressions.filter((expression) => expression.includes(name));
    expect(lags).to.have.length(1);
    expect(lags[0]).to.include(`max by (${labels.join(', ')}) (${name})`);
  });
});
