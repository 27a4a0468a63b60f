import type { Said } from '@throughline/gateway/line';
import type { FrameProblem, NoticeCode, ServerFrame } from './frames.ts';

/** What is said, as a frame. */
export function saidFrame(said: Said): ServerFrame {
  const { entryId, from, text, caseId, atMs } = said;
  return { type: 'said', id: entryId, from, text, caseId, at: new Date(atMs).toISOString() };
}

export const ackFrame = (id: string): ServerFrame => ({ type: 'ack', id });

export const noticeFrame = (code: NoticeCode): ServerFrame => ({ type: 'notice', code, text: NOTICES[code] });

export const problemFrame = (problem: FrameProblem): ServerFrame => ({ type: 'problem', ...problem });

const NOTICES: Readonly<Record<NoticeCode, string>> = {
  holding: 'One moment, please. I am looking at it.',
  held: 'I have kept what you wrote. Somebody has to take a look before I can answer.',
  busy: 'There is a lot going on right now. Please try again in a moment.',
  ended: 'This chat has ended.',
};

/** Problems that come up on the way rather than in a frame. */
export const PROBLEMS = {
  notKept: {
    code: 'not-kept',
    title: 'This could not be kept.',
    detail: 'Say it again with the same id; it happens once.',
  },
  unavailable: {
    code: 'unavailable',
    title: 'The chat cannot be reached at the moment.',
    detail: 'Connect again in a moment; what was acknowledged is kept.',
  },
  tooFast: {
    code: 'too-fast',
    title: 'That is more than can be taken at once.',
    detail: 'Wait for acknowledgements, then say it again with the same id.',
  },
  resumeFirst: {
    code: 'resume-first',
    title: 'It is too late to resume.',
    detail: 'resume is the first frame of a connection.',
  },
  notText: {
    code: 'malformed-frame',
    title: 'The frame is not text.',
    detail: 'Send one JSON object with a type in each text frame.',
  },
} as const satisfies Record<string, FrameProblem>;
