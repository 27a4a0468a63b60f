import { IN_CASES } from './cases.ts';
import { AT_THE_EDGES } from './edges.ts';
import { IN_IDENTITY } from './identity.ts';
import { IN_THE_KERNEL } from './kernel.ts';
import type { Mutant } from './planting.ts';
import { IN_SERVICES } from './services.ts';

/** Every bug that the histories must catch. One that changes nothing, or nothing that they play, does not belong here. */
export const MUTANTS: readonly Mutant[] = [
  ...IN_THE_KERNEL,
  ...IN_CASES,
  ...IN_IDENTITY,
  ...AT_THE_EDGES,
  ...IN_SERVICES,
];
