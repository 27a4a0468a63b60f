import type { Contact, MailedCode, Model } from './model.ts';

/** A code that is said: one that came by mail, or so many guesses. */
export type SaidCode = MailedCode | { readonly guesses: number };

/** What somebody has on one channel at a time, whatever the channel. */
export interface Talk {
  /** The contact that it is now: a mail is one of its own each time. */
  readonly contact: Contact;
  /**
   * Says it, again where it was not acknowledged; resolves once it was, or was given up. `more` is said behind it in the same
   * breath, before anything is acknowledged; a letter has it all in one.
   */
  say(text: string, code?: SaidCode, more?: readonly string[]): Promise<void>;
  /** The newest words that came since what was said last; undefined where none come in time. */
  answer(patienceMs: number): Promise<string | undefined>;
  /** Leaves in good order, or is just gone. */
  end(how: 'leaves' | 'drops'): Promise<void>;
}

/** The model knows of a code before anybody else does. */
export function tellModel(model: Model, contact: Contact, code: SaidCode | undefined, nowMs: number): void {
  if (code === undefined) return;
  if ('guesses' in code) contact.saysWrongCodes(code.guesses);
  else if (contact.saysMailedCode(code, nowMs) && contact.cameBy !== undefined) model.links(contact.cameBy, contact);
}
