import { deriveId } from '@throughline/kernel/ids';
import type { Mac } from '@throughline/kernel/ports';
import { type Normalized, normalizeEmail, normalizePhone } from '@throughline/language/identifiers';
import { codeProof } from '@throughline/language/one-time-code';
import { maskTurn } from '@throughline/language/redact';
import type { ContactStarted, Evidence, Turn } from '@throughline/schemas/generated/messages';
import { z } from 'zod';
import type { ClientFrame, FrameProblem } from './frames.ts';
import { LOGIN_FRESH_MS, type Session } from './session.ts';

/** What a client may say at once, in bytes of UTF-8. */
export const TEXT_BYTES_MAX = 64 * 1024;

const ID_CHARACTERS_MAX = 128;

/** Ids are hashed as UTF-8, in which every half of a surrogate pair is the same: such ids would pass for each other. */
const idSchema = z
  .string()
  .min(1)
  .max(ID_CHARACTERS_MAX)
  .refine((id) => id.isWellFormed());

/** Reads one frame of a client. What cannot be read is a problem that says what to do about it. */
export function readFrame(data: string): { readonly frame: ClientFrame } | { readonly problem: FrameProblem } {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return { problem: MALFORMED };
  }
  const object = z.record(z.string(), z.unknown()).safeParse(json);
  if (!object.success) return { problem: MALFORMED };
  switch (object.data.type) {
    case 'say':
      return readSay(object.data);
    case 'resume': {
      const after = z
        .string()
        .max(ID_CHARACTERS_MAX)
        .nullable()
        .safeParse(object.data.after ?? null);
      return after.success ? { frame: { type: 'resume', after: after.data } } : { problem: BAD_AFTER };
    }
    case 'leave':
      return { frame: { type: 'leave' } };
    default:
      return { problem: UNKNOWN_TYPE };
  }
}

function readSay(object: Readonly<Record<string, unknown>>): ReturnType<typeof readFrame> {
  const id = idSchema.safeParse(object.id);
  if (!id.success) return { problem: BAD_ID };
  const about = { id: id.data };
  if (typeof object.text !== 'string' || object.text.trim() === '') return { problem: { ...EMPTY_TEXT, ...about } };
  if (Buffer.byteLength(object.text) > TEXT_BYTES_MAX) return { problem: { ...TEXT_TOO_LONG, ...about } };
  return { frame: { type: 'say', id: id.data, text: object.text } };
}

/** A socket that opens is its contact's start, or its coming back: identity knows which. */
export function contactStartedOf(options: {
  session: Session;
  connectionId: string;
  origin: string;
  region: string;
  nowMs: number;
}): ContactStarted {
  const { session, connectionId, origin, region, nowMs } = options;
  return {
    contactId: session.contactId,
    channel: 'chat',
    startedMs: session.issuedMs,
    connectionId,
    route: null,
    answerable: true,
    expectsWords: false,
    region,
    origin,
    originDigits: null,
    evidence: evidenceOf(session, region, nowMs),
    turn: null,
    subjectLine: null,
  };
}

function evidenceOf(session: Session, region: string, nowMs: number): readonly Evidence[] {
  const { login, sessionId, seenMs, issuedMs } = session;
  const own: Evidence = {
    method: 'session',
    grade: 'proven',
    identifier: { type: 'session', value: sessionId },
    seenMs: seenMs ?? null,
  };
  if (login === undefined) return [own];
  const account: Evidence = {
    method: 'host-token',
    grade: nowMs - issuedMs <= LOGIN_FRESH_MS ? 'proven' : 'stale',
    identifier: { type: 'account', value: login.externalId },
    seenMs: issuedMs,
  };
  return [
    account,
    own,
    ...hintOf('email', normalizeEmail(login.email ?? '')),
    ...hintOf('phone', normalizePhone(login.phone ?? '', region)),
  ];
}

function hintOf(type: 'email' | 'phone', hint: Normalized): readonly Evidence[] {
  if (!hint.ok) return [];
  return [{ method: 'hint', grade: 'none', identifier: { type, value: hint.value }, seenMs: null }];
}

/**
 * What a customer said, as a turn: card numbers masked always, six-digit numbers while a code is awaited (their proofs go along).
 * The same client id is the same turn. `carry` is what the former turn of this socket gave back, empty at first.
 */
export function turnOf(options: {
  say: { readonly id: string; readonly text: string };
  contactId: string;
  codeAwaited: boolean;
  carry: string;
  region: string;
  mac: Mac;
  atMs: number;
}): { readonly turn: Turn; readonly carry: string } {
  const { say, contactId, codeAwaited, region, mac, atMs } = options;
  const { text, carry, codes, masked } = maskTurn(say.text, { codeAwaited, carry: options.carry, region });
  const turn: Turn = {
    inputId: deriveId('inp', contactId, say.id),
    text,
    kind: 'written',
    atMs,
    codeProofs: codes.map((digits) => codeProof(mac, contactId, digits)),
    masked,
    attachments: [],
  };
  return { turn, carry };
}

const MALFORMED: FrameProblem = {
  code: 'malformed-frame',
  title: 'The frame is not a JSON object.',
  detail: 'Send one JSON object with a type in each text frame.',
};
const UNKNOWN_TYPE: FrameProblem = {
  code: 'unknown-frame',
  title: 'There is no such frame.',
  detail: 'A client sends frames of type say, resume and leave.',
};
const BAD_ID: FrameProblem = {
  code: 'bad-id',
  title: 'What was said has no usable id.',
  detail: `Give each say an id of its own of 1 to ${ID_CHARACTERS_MAX} characters of Unicode.`,
};
const BAD_AFTER: FrameProblem = {
  code: 'bad-after',
  title: 'It cannot be told where to go on.',
  detail: 'after is the id of the last said frame, or null.',
};
const EMPTY_TEXT: FrameProblem = {
  code: 'empty-text',
  title: 'Nothing was said.',
  detail: 'The text of a say must not be empty.',
};
const TEXT_TOO_LONG: FrameProblem = {
  code: 'text-too-long',
  title: 'That is too long to be said at once.',
  detail: 'A text has at most 64 kB; send it in parts.',
};
