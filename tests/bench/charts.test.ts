import { expect } from 'chai';
import { svgOf } from './charts.ts';

describe('A chart of the bench', () => {
  it('is an SVG with its title, both axes and a line for each curve', async () => {
    const at = (x: number, curve: string) => ({ x, y: x, low: x - 1, high: x + 1, curve });
    const svg = await svgOf({
      title: 'Growth',
      x: { title: 'cases', scale: 'log' },
      y: { title: 'milliseconds' },
      points: [at(10, 'start'), at(100, 'start'), at(10, 'turn'), at(100, 'turn')],
    });
    expect(svg).to.match(/^<svg/);
    for (const text of ['Growth', 'cases', 'milliseconds', 'start', 'turn']) expect(svg).to.include(`>${text}<`);
    expect(svg.match(/aria-roledescription="line mark"/g)).to.have.length(2);
  });
});
