import type { ApiPart } from '@throughline/http/api-part';
import { TOO_LARGE } from '@throughline/http/problem';
import { z } from 'zod';
import { CLOSING, NOT_A_WEBHOOK, NOT_SIGNED, VOICE_NOT_CONFIGURED } from './problems.ts';
import { incomingForm, incomingQuery, statusForm } from './webhooks.ts';

const FORM = 'application/x-www-form-urlencoded';
const REFUSALS = [NOT_SIGNED, VOICE_NOT_CONFIGURED];

/** The routes of `door.ts`, and the socket that the TwiML connects calls to. */
export const voicePart: ApiPart = {
  name: 'Calls',
  description:
    "The carrier's webhooks, as Twilio sends them. Nothing of a request is looked at before its signature is.",
  access: 'carrier',
  paths: {
    '/voice/incoming': {
      post: {
        id: 'takeCall',
        summary: 'A call comes in, or its relay is over',
        query: incomingQuery,
        body: { mediaType: FORM, schema: incomingForm },
        answers: {
          200: {
            description: 'TwiML: connects the call to ConversationRelay, or ends it.',
            content: { mediaType: 'text/xml', schema: z.string() },
          },
        },
        problems: [NOT_A_WEBHOOK, ...REFUSALS, TOO_LARGE],
      },
    },
    '/voice/status': {
      post: {
        id: 'takeCallStatus',
        summary: 'The state of a call changes',
        body: { mediaType: FORM, schema: statusForm },
        answers: { 204: { description: 'It was taken.' } },
        problems: [NOT_A_WEBHOOK, ...REFUSALS, TOO_LARGE],
      },
    },
    '/voice/relay': {
      get: {
        id: 'openRelay',
        summary: 'Opens the relay of a call (WebSocket)',
        description:
          "Twilio's ConversationRelay: `setup`, `prompt`, `dtmf`, `interrupt` and `error` in, `text` and `end` out.",
        answers: { 101: { description: 'The relay is open.' } },
        problems: [...REFUSALS, CLOSING],
      },
    },
  },
};
