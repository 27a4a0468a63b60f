import type { Sensitivity } from '../documents.ts';

/** Version of the table below. It stands on every receipt, so change it whenever a rule changes. */
export const POLICY = 'table-1';

/** What can be read of a case. */
export type ItemKind = 'case' | 'fact' | 'turn' | 'reply' | 'question' | 'promise' | 'action' | 'note';

export interface ReadAsked {
  /** Assurance of the contact that would read, 0 to 3. */
  readonly assurance: number;
  readonly sensitivity: Sensitivity;
  /** Assurance at which the item was written, 0 to 3. */
  readonly writtenAssurance: number;
  readonly kind: ItemKind;
  /** The same contact said it, or it was said to that contact. */
  readonly own: boolean;
}

export interface ReadAnswer {
  readonly allowed: boolean;
  /** A short code for the receipt. */
  readonly reason: string;
}

/**
 * The load policy (law 5): whether a contact may have one item of a case. What nobody has listed is not allowed.
 * A contact may always have what it said itself, except that nobody is read back a secret fact.
 */
export function mayRead(asked: ReadAsked): ReadAnswer {
  const level = LEVELS.get(asked.sensitivity);
  if (level === undefined) return no('unknown-sensitivity');
  if (asked.own && (OWN_WORDS.has(asked.kind) || asked.sensitivity !== 'secret')) return yes('own');
  if (asked.sensitivity === 'secret') return no('secret');
  const needed = asked.sensitivity === 'financial' && OUTCOMES.has(asked.kind) ? FINANCIAL_OUTCOME_LEVEL : level;
  if (!(asked.assurance >= needed)) return no(`needs-${needed}`);
  if (asked.sensitivity !== 'status' && !(asked.writtenAssurance <= asked.assurance)) return no('written-higher');
  return yes(`level-${needed}`);
}

/** The one of two labels that keeps more people out. */
export const stricter = (one: Sensitivity, other: Sensitivity): Sensitivity =>
  ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;

const ORDER: readonly Sensitivity[] = ['status', 'personal', 'financial', 'secret'];
const NEVER = 9;
/** A map and no object: a label such as `constructor` must not be found in it. */
const LEVELS: ReadonlyMap<string, number> = new Map([
  ['status', 1],
  ['personal', 2],
  ['financial', 3],
  ['secret', NEVER],
]);
const FINANCIAL_OUTCOME_LEVEL = 2;
/** What came of a money matter, rather than its amounts and accounts. */
const OUTCOMES: ReadonlySet<ItemKind> = new Set<ItemKind>(['action', 'promise', 'note']);
/** Words of a contact's own conversation. */
const OWN_WORDS: ReadonlySet<ItemKind> = new Set<ItemKind>(['turn', 'reply', 'question']);

const yes = (reason: string): ReadAnswer => ({ allowed: true, reason });
const no = (reason: string): ReadAnswer => ({ allowed: false, reason });
