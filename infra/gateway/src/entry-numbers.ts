import type { Reporter } from '@throughline/kernel/ports';

/**
 * Entries of a case are numbered without gaps, so a reader can tell what it has seen and whether it missed something.
 * Counted only for cases that a contact here is at home in, from the first number heard: the tail joins in the middle.
 */
export interface EntryNumbers {
  /** The contact is at home in that case now; `undefined`: nowhere any more. */
  follow(contactId: string, caseId: string | undefined): void;
  follows(caseId: string): boolean;
  /** False where this entry has been seen before. A gap is reported, once. Control records (number 0) always pass. */
  take(caseId: string, number: number): boolean;
}

interface Followed {
  newest: number | undefined;
  readonly contacts: Set<string>;
}

export function createEntryNumbers(reporter: Reporter): EntryNumbers {
  const cases = new Map<string, Followed>();
  const homes = new Map<string, string>();

  function unfollow(contactId: string): void {
    const caseId = homes.get(contactId);
    if (caseId === undefined) return;
    homes.delete(contactId);
    const followed = cases.get(caseId);
    followed?.contacts.delete(contactId);
    if (followed?.contacts.size === 0) cases.delete(caseId);
  }

  return {
    follow(contactId, caseId) {
      if (homes.get(contactId) === caseId) return;
      unfollow(contactId);
      if (caseId === undefined) return;
      homes.set(contactId, caseId);
      const followed = cases.get(caseId) ?? { newest: undefined, contacts: new Set<string>() };
      followed.contacts.add(contactId);
      cases.set(caseId, followed);
    },
    follows: (caseId) => cases.has(caseId),
    take(caseId, number) {
      const followed = cases.get(caseId);
      if (followed === undefined || number === 0) return true;
      const { newest } = followed;
      if (newest !== undefined && number <= newest) return false;
      if (newest !== undefined && number > newest + 1)
        reporter.error('case-entries-missing', { caseId, newest, number });
      followed.newest = number;
      return true;
    },
  };
}
