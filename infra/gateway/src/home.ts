import type { CaseEvent } from '@throughline/schemas/generated/messages';
import type { Home } from './line.ts';

/** Where a contact is at home, as far as its gateway has heard. */
export interface Whereabouts {
  readonly home: Home;
  /**
   * Whether the home itself has spoken. After a move the news may be here before the new case has been told; a turn that
   * went there at once could overtake the contact it belongs to.
   */
  readonly arrived: boolean;
}

/**
 * What an event of a contact says about its home. The highest hop counts: cases live in different partitions, so the news
 * of an old home may come after that of a new one.
 */
export function whereaboutsAfter(current: Whereabouts | undefined, event: CaseEvent): Whereabouts | undefined {
  switch (event.type) {
    case 'ContactBriefed':
    case 'ContactCaughtUp': {
      const { caseId, hop, settled, codeAwaited, assurance, disposition } = event.body;
      if (current !== undefined && hop < current.home.hop) return current;
      return { home: { caseId, hop, settled, codeAwaited, assurance, disposition }, arrived: true };
    }
    case 'ContactMoved':
      // A gateway that does not know the old home learns all of the new one from its briefing.
      if (current === undefined || event.body.hop <= current.home.hop) return current;
      return { home: { ...current.home, caseId: event.body.toCaseId, hop: event.body.hop }, arrived: false };
    case 'TurnTaken':
      if (current === undefined || event.body.caseId !== current.home.caseId) return current;
      return current.arrived ? current : { ...current, arrived: true };
    case 'ContactHeld':
      // The news of its home is held itself: what is said waits behind it in the log, where it is kept, and not here.
      return current ?? { home: { ...HELD_HOME, caseId: event.body.caseId }, arrived: true };
    default:
      return current;
  }
}

/** Stands in until the home itself speaks; its case masks codes that come meanwhile. */
const HELD_HOME = { hop: 0, settled: true, codeAwaited: false, assurance: 0, disposition: 'verify' } as const;

/** Turns of a settled contact go straight to its case; those of any other are weighed one by one. */
export const mayPipeline = (home: Home): boolean => home.settled && !home.codeAwaited;
