import { type Problem, problemsForErrors, sendProblem } from '@throughline/http/problem';
import type { Reporter } from '@throughline/kernel/ports';
import express, { type RequestHandler, type Router } from 'express';
import { z } from 'zod';
import type { Calls } from './calls.ts';
import type { Signatures, Verdict } from './signatures.ts';
import { connectRelay, hangUp, tryLater } from './twiml.ts';

/** A webhook's form is at most this long. */
const FORM_BYTES_MAX = 16 * 1024;
/** How often a call whose relay breaks is connected again. */
const AGAIN_MAX = 5;
/** Call statuses after which there is no call. */
const OVER: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

const INCOMING_PATH = '/voice/incoming';
const STATUS_PATH = '/voice/status';

/** The fields of Twilio's voice webhooks that are read here. */
const incomingSchema = z.object({
  CallSid: z.string().min(1).max(128),
  From: z.string().max(128).default(''),
  StirVerstat: z.string().max(64).default(''),
  /** There when the relay is over: `completed`, `ended` (by us) or `failed` (the connection broke). */
  SessionStatus: z.string().max(64).optional(),
  /** What the relay was ended with. */
  HandoffData: z.string().max(1024).default(''),
});
const statusSchema = z.object({ CallSid: z.string().min(1).max(128), CallStatus: z.string().max(64) });

export interface DoorOptions {
  readonly signatures: Signatures;
  readonly calls: Calls;
  readonly reporter: Reporter;
  /** Whether calls cannot be taken now. */
  readonly isClosed: () => boolean;
  /** The call is over, says the carrier. */
  readonly callOver: (callSid: string) => void;
}

/** The carrier's webhooks. Nothing of a request is looked at before its signature is. */
export function createDoor(options: DoorOptions): Router {
  const router = express.Router();
  const form = express.urlencoded({ extended: false, limit: FORM_BYTES_MAX });
  const signed = onlySigned(options.signatures);
  router.post(INCOMING_PATH, form, signed, incoming(options));
  router.post(STATUS_PATH, form, signed, status(options));
  router.use(
    problemsForErrors((error) =>
      options.reporter.error('webhook-not-handled', { reason: error instanceof Error ? error.name : 'unknown' }),
    ),
  );
  return router;
}

/** Why a request that claims to be the carrier's is refused. */
export const refusalOf = (verdict: Exclude<Verdict, 'signed'>): Problem =>
  verdict === 'no-token'
    ? {
        status: 403,
        code: 'voice-not-configured',
        title: 'Calls cannot be taken: the auth token of the carrier is missing.',
        detail: 'Set THROUGHLINE_TWILIO_AUTH_TOKEN to the auth token of your account and start again.',
      }
    : {
        status: 403,
        code: 'not-signed',
        title: 'The X-Twilio-Signature does not fit this request.',
        detail: 'Check the auth token, and that THROUGHLINE_PUBLIC_URL is the address that the carrier calls.',
      };

function onlySigned(signatures: Signatures): RequestHandler {
  return (request, response, next) => {
    const fields = z.record(z.string(), z.unknown()).catch({}).parse(request.body);
    const verdict = signatures.webhook(request.get('x-twilio-signature'), request.originalUrl, fields);
    if (verdict === 'signed') next();
    else sendProblem(response, refusalOf(verdict));
  };
}

const NOT_A_WEBHOOK: Problem = {
  status: 400,
  code: 'not-a-webhook',
  title: 'The form is not that of a voice webhook.',
  detail: 'Send the fields that the carrier documents, CallSid among them, each once.',
};

function incoming({ calls, signatures, isClosed }: DoorOptions): RequestHandler {
  return (request, response) => {
    const fields = incomingSchema.safeParse(request.body).data;
    if (fields === undefined) {
      sendProblem(response, NOT_A_WEBHOOK);
      return;
    }
    const again = againOf(request.query.again);
    const isRelayOver = fields.SessionStatus !== undefined && fields.SessionStatus !== 'failed';
    response.type('text/xml');
    if (isRelayOver) {
      response.send(fields.HandoffData.includes('"unavailable"') ? tryLater() : hangUp());
    } else if (again > AGAIN_MAX || isClosed()) {
      response.send(tryLater());
    } else {
      const call = calls.announced({ callSid: fields.CallSid, from: fields.From, verstat: fields.StirVerstat });
      response.send(
        connectRelay({
          relayUrl: signatures.relayUrl(),
          actionUrl: signatures.urlOf(`${INCOMING_PATH}?again=${again + 1}`),
          parameters: calls.ticketOf({ ...call, again }),
        }),
      );
    }
  };
}

function status({ callOver }: DoorOptions): RequestHandler {
  return (request, response) => {
    const fields = statusSchema.safeParse(request.body).data;
    if (fields === undefined) {
      sendProblem(response, NOT_A_WEBHOOK);
      return;
    }
    if (OVER.has(fields.CallStatus)) callOver(fields.CallSid);
    response.status(204).end();
  };
}

/** How often the carrier came back, from the query that it signed; 0 at first. */
const againOf = (text: unknown): number => (typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : 0);
