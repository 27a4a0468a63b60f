import type { CaseEventBodies, ContactBriefed } from '@throughline/schemas/generated/messages';

/** Something that was said; `inputId` is null where it was not a customer. */
type Said = Pick<CaseEventBodies['InteractionAdded'], 'contactId' | 'number' | 'sensitivity' | 'assurance'> & {
  readonly inputId: string | null;
};

/** What the log has said of one case so far. */
export interface Thread {
  /** Ids by number. */
  readonly ids: string[];
  /** What was said, in order. */
  readonly said: Said[];
  /** Contacts that have been briefed here, with the number of the newest entry then that a reply must know of. */
  readonly briefed: Map<string, { readonly body: ContactBriefed; stale: string | undefined }>;
  readonly facts: Map<string, CaseEventBodies['FactRecorded']>;
  /** Contacts that have ended and were not heard of since. */
  readonly ended: Set<string>;
}

export const newThread = (): Thread => ({
  ids: [],
  said: [],
  briefed: new Map(),
  facts: new Map(),
  ended: new Set(),
});

/** Everything that a briefing says of a case, as text. */
export function textsOf({ briefing }: ContactBriefed): readonly string[] {
  const { facts, question, promises, actions, unanswered, news, recent } = briefing;
  return [
    ...facts.map(({ value }) => value),
    ...(question === null ? [] : [question.text]),
    ...actions.flatMap(({ note }) => note ?? []),
    ...[...promises, ...unanswered, ...news, ...recent].map(({ text }) => text),
  ];
}
