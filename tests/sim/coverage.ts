import { canStrike, FAULT_NAMES } from './faults.ts';
import { KERNEL_STEPS } from './steps.ts';

/** Each fault has struck at each await of the kernel so often at least, or is named. */
export const STRIKES_MIN = 100;

export interface Cell {
  readonly fault: string;
  readonly step: string;
  readonly times: number;
}

/** A table of what struck where, one row a step; a cell that cannot be has a dash. */
export function coverageTable(cells: ReadonlyMap<string, number>): string {
  const struckBy = FAULT_NAMES.filter((fault) => KERNEL_STEPS.some((step) => cells.has(`${fault}@${step}`)));
  const first = Math.max(...KERNEL_STEPS.map((step) => step.length));
  const heads = struckBy.map((fault) => fault.padStart(8));
  const rows = KERNEL_STEPS.map((step) =>
    [
      step.padEnd(first),
      ...struckBy.map((fault, index) =>
        String(cells.get(`${fault}@${step}`) ?? '-').padStart(heads[index]?.length ?? 0),
      ),
    ].join(' '),
  );
  const others = [...cells].filter(([cell]) => !KERNEL_STEPS.includes(cell.slice(cell.indexOf('@') + 1)));
  const elsewhere = others.map(([cell, times]) => `${String(times).padStart(8)}  ${cell}`).sort();
  return [[''.padEnd(first), ...heads].join(' '), ...rows, '', 'Elsewhere:', ...elsewhere].join('\n');
}

/** Which faults have struck at which awaits of the kernel less often than is asked for. */
export function thinCells(cells: ReadonlyMap<string, number>, faults: readonly string[]): readonly Cell[] {
  return KERNEL_STEPS.flatMap((step) =>
    faults
      .filter((fault) => canStrike(fault, step))
      .map((fault) => ({ fault, step, times: cells.get(`${fault}@${step}`) ?? 0 })),
  ).filter(({ times }) => times < STRIKES_MIN);
}
