import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** One point of a curve, with the interval that it lies in. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  /** Which of several curves it is on. */
  readonly curve: string;
}

export interface Chart {
  readonly title: string;
  readonly x: { readonly title: string; readonly scale: 'linear' | 'log' };
  readonly y: { readonly title: string };
  readonly points: readonly Point[];
}

const SIZE = { width: 520, height: 300 } as const;

/** The chart as an SVG: lines through the points, and a bar for the interval of each. Needs no browser. */
export async function svgOf(chart: Chart): Promise<string> {
  const view = new View(parse(compile(specificationOf(chart)).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function specificationOf({ title, x, y, points }: Chart): TopLevelSpec {
  const across = { field: 'x', type: 'quantitative', scale: { type: x.scale }, title: x.title } as const;
  const color = { field: 'curve', type: 'nominal', title: null } as const;
  return {
    ...SIZE,
    title,
    background: 'white',
    data: { values: points.map((point) => ({ ...point })) },
    layer: [
      {
        mark: { type: 'line', point: true },
        encoding: { x: across, y: { field: 'y', type: 'quantitative', title: y.title, scale: { zero: true } }, color },
      },
      {
        mark: 'rule',
        encoding: { x: across, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
      },
    ],
  };
}
