import type { Canaries } from './canaries.ts';
import type { Person } from './people.ts';

/** A code is good for ten minutes; clocks that are apart make it a little more or less. */
const CODE_MS_MAX = 10 * 60_000;
const CLOCKS_APART_MS = 60_000;
const TRIES_MAX = 5;

/** What a contact has to show when it comes, and the most that this proves: 0 nothing, 1 possession, 2 the host site's login. */
export interface Shown {
  readonly level: 0 | 1 | 2;
  readonly by?: string;
}

/** A code as it came by mail, and when. */
export interface MailedCode {
  readonly digits: string;
  readonly sentMs: number;
}

/** What customers did on one contact, and what was acknowledged to them: nothing of what the mesh says of itself. */
export class Contact {
  readonly contactId: string;
  readonly person: Person;
  /** What it had to show when it came: the most that it may be taken for. */
  #earned: number;
  #shown: number;
  #hasCome = false;
  /** The mailed codes that were said here and may have proven it. */
  readonly codes: string[] = [];
  readonly startedAt: number;
  /** The number, address or session that it came by. */
  readonly cameBy: string | undefined;
  /** What was acknowledged, in order, with when. */
  readonly acknowledged: { readonly inputId: string; readonly at: number }[] = [];
  #wrongCodes = 0;

  constructor(contactId: string, person: Person, shown: Shown, startedAt: number) {
    this.contactId = contactId;
    this.person = person;
    this.cameBy = shown.by;
    this.#earned = shown.level;
    this.#shown = shown.level;
    this.startedAt = startedAt;
  }

  /** The most that the contact may be taken for by now. */
  get earned(): number {
    return this.#earned;
  }

  /** Identity hears of it: what it came by may have been linked since somebody thought of calling, or while it was on its way. */
  comes(isLinked: boolean): void {
    if (!this.#hasCome && isLinked && this.#shown === 0) {
      this.#shown = 1;
      this.#earned = Math.max(this.#earned, 1);
    }
    this.#hasCome = true;
  }

  saysWrongCodes(guesses: number): void {
    this.#wrongCodes += guesses;
  }

  /** Whether it takes a code to count as so sure. */
  takesCode(assurance: number): boolean {
    return assurance > this.#shown;
  }

  /**
   * The code that was mailed to this person. Whether it counts: while it is fresh, has not been guessed at too often and did not
   * go to the very mailbox that they came by.
   */
  saysMailedCode({ digits, sentMs }: MailedCode, nowMs: number): boolean {
    if (nowMs - sentMs > CODE_MS_MAX + CLOCKS_APART_MS || this.#wrongCodes >= TRIES_MAX) return false;
    if (this.cameBy === this.person.email) return false;
    this.codes.push(`${this.person.number}/${digits}`);
    this.#earned = this.#shown === 2 ? 3 : 2;
    return true;
  }
}

/** Everything that customers did in a history. Counts their acts: one that has a smaller number was before. */
export class Model {
  readonly contacts = new Map<string, Contact>();
  readonly canaries: Canaries;
  /** Numbers, addresses and sessions, with the contacts that came by them and have proven them to be their own. */
  readonly #linked = new Map<string, Set<string>>();
  /** The laws that do not hold, in sentences, the first one first. Kept here because who finds out stands within the code that is judged. */
  readonly broken: string[] = [];
  /** Something that nobody can read holds its subject: who has to do with it may wait in vain. */
  isSomebodyHeld = false;
  /** Of each claim that a code has proven and nobody has revoked yet, by the log: the number, address or session. */
  readonly #claims = new Map<string, string>();
  /** What its owner has taken back, and nobody has proven since. */
  readonly #takenBack = new Set<string>();
  /** Which contact each code has proven: it works once. */
  readonly #proven = new Map<string, string>();
  #acts = 0;

  constructor(canaries: Canaries) {
    this.canaries = canaries;
  }

  begins(contactId: string, person: Person, shown: Shown): Contact {
    const known = this.contacts.get(contactId);
    if (known !== undefined) return known;
    const contact = new Contact(contactId, person, shown, this.#act());
    this.contacts.set(contactId, contact);
    return contact;
  }

  demand(holds: boolean, sentence: string): void {
    if (!holds) this.broken.push(sentence);
  }

  acknowledged(contact: Contact, inputId: string): void {
    if (contact.acknowledged.every((one) => one.inputId !== inputId)) {
      contact.acknowledged.push({ inputId, at: this.#act() });
    }
  }

  isLinked(by: string): boolean {
    return this.#linked.has(by);
  }

  /** A code that counts was said on a contact that came by this. */
  links(by: string, contact: Contact): void {
    this.#linked.set(by, (this.#linked.get(by) ?? new Set()).add(contact.contactId));
    this.#takenBack.delete(by);
  }

  /** Its owner has taken the link back in time. Where several have proven it, a later one may have linked it anew. */
  takesBack(by: string): void {
    if (this.#linked.get(by)?.size === 1) this.#takenBack.add(by);
  }

  /** The log says that a link was made. */
  claimed(claimId: string, by: string): void {
    this.#claims.set(claimId, by);
  }

  /** The log says that a link is no more: it opens nothing from then on, unless another contact has proven it as well. */
  revoked(claimId: string): void {
    const by = this.#claims.get(claimId) ?? '';
    this.#claims.delete(claimId);
    if (this.#linked.get(by)?.size === 1) this.#linked.delete(by);
  }

  isClaimed(by: string): boolean {
    return [...this.#claims.values()].includes(by);
  }

  /** At the end: what was taken back is linked no more. */
  atTheEnd(): void {
    for (const by of this.#takenBack)
      this.demand(!this.isClaimed(by), `Law 8: ${by} was taken back by its owner and is still linked.`);
  }

  /** Why a contact may not count as so sure; undefined where it may. */
  whyUnearned(contact: Contact, assurance: number): string | undefined {
    const { contactId, earned, codes } = contact;
    if (assurance > earned) return `has earned ${earned}`;
    if (!contact.takesCode(assurance)) return undefined;
    const code = codes.find((each) => (this.#proven.get(each) ?? contactId) === contactId);
    if (code === undefined) return 'was proven by a code that had proven another contact';
    this.#proven.set(code, contactId);
    return undefined;
  }

  /** Why a text may not reach a contact; undefined where it may. */
  whyNot(contact: Contact, text: string): string | undefined {
    for (const { person, contactId, sensitivity } of this.canaries.in(text)) {
      if (contactId === contact.contactId) continue;
      if (person !== contact.person.number) return `words of person ${person}`;
      const needed = sensitivity === 'financial' ? 3 : 2;
      if (contact.earned < needed) return `${sensitivity} words, which need ${needed}, at ${contact.earned}`;
    }
    return undefined;
  }

  #act(): number {
    this.#acts += 1;
    return this.#acts;
  }
}
