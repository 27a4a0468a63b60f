import type { Status } from './documents.ts';
import type { Drafting } from './drafting.ts';

export interface StatusWish {
  readonly to?: Status;
  readonly kind?: string | null;
  /** The contact in which the kind became clear. */
  readonly kindFrom?: string;
  readonly needsPerson?: boolean;
  readonly continuedIn?: string;
  readonly because: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A resolved case is closed when nobody has come back to it for so long. */
export const CLOSES_AFTER_MS = 14 * DAY_MS;
export const CLOSE_TIMER = 'close:';

/** Changes status, kind or the call for a person; says nothing where nothing changes. */
export function changeStatus(draft: Drafting, wish: StatusWish): void {
  const head = draft.head();
  const to = wish.to ?? head.status;
  const kind = wish.kind ?? head.kind;
  const needsPerson = wish.needsPerson ?? head.needsPerson;
  const continuedIn = wish.continuedIn ?? head.continuedIn;
  const isSame = to === head.status && kind === head.kind && needsPerson === head.needsPerson;
  if (isSame && continuedIn === head.continuedIn) return;
  const kindFrom = kind === head.kind ? head.kindFrom : (wish.kindFrom ?? null);
  const resolvedMs = to === 'resolved' ? draft.nowMs : null;
  draft.change({ status: to, kind, kindFrom, needsPerson, continuedIn, resolvedMs });
  draft.record('StatusChanged', { from: head.status, to, kind, needsPerson, because: wish.because, continuedIn });
  if (to === 'resolved') draft.timer(`${CLOSE_TIMER}${draft.caseId}`, draft.nowMs + CLOSES_AFTER_MS);
  else if (head.status === 'resolved') draft.timer(`${CLOSE_TIMER}${draft.caseId}`, null);
}
