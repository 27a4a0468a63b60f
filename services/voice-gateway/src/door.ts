import { type Problem, problemsForErrors, sendProblem } from '@throughline/http/problem';
import type { Reporter } from '@throughline/kernel/ports';
import express, { type RequestHandler, type Router } from 'express';
import { z } from 'zod';
import type { Calls } from './calls.ts';
import { NOT_A_WEBHOOK, NOT_SIGNED, VOICE_NOT_CONFIGURED } from './problems.ts';
import type { Signatures, Verdict } from './signatures.ts';
import { connectRelay, hangUp, tryLater } from './twiml.ts';
import { incomingForm, incomingQuery, statusForm } from './webhooks.ts';

/** A webhook's form is at most this long. */
const FORM_BYTES_MAX = 16 * 1024;
/** How often a call whose relay breaks is connected again. */
const AGAIN_MAX = 5;
/** Call statuses after which there is no call. */
const OVER: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

const INCOMING_PATH = '/voice/incoming';
const STATUS_PATH = '/voice/status';

export interface DoorOptions {
  readonly signatures: Signatures;
  readonly calls: Calls;
  readonly reporter: Reporter;
  /** Whether calls cannot be taken now; `isOn`: those that are on and come back. */
  readonly isClosed: (isOn: boolean) => boolean;
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
  verdict === 'no-token' ? VOICE_NOT_CONFIGURED : NOT_SIGNED;

function onlySigned(signatures: Signatures): RequestHandler {
  return (request, response, next) => {
    const fields = z.record(z.string(), z.unknown()).catch({}).parse(request.body);
    const verdict = signatures.webhook(request.get('x-twilio-signature'), request.originalUrl, fields);
    if (verdict === 'signed') next();
    else sendProblem(response, refusalOf(verdict));
  };
}

function incoming({ calls, signatures, isClosed }: DoorOptions): RequestHandler {
  return (request, response) => {
    const fields = incomingForm.safeParse(request.body).data;
    if (fields === undefined) {
      sendProblem(response, NOT_A_WEBHOOK);
      return;
    }
    const again = Number(incomingQuery.parse(request.query).again);
    const isRelayOver = fields.SessionStatus !== undefined && fields.SessionStatus !== 'failed';
    response.type('text/xml');
    if (isRelayOver) {
      response.send(fields.HandoffData.includes('"unavailable"') ? tryLater() : hangUp());
    } else if (again > AGAIN_MAX || isClosed(again > 0)) {
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
    const fields = statusForm.safeParse(request.body).data;
    if (fields === undefined) {
      sendProblem(response, NOT_A_WEBHOOK);
      return;
    }
    if (OVER.has(fields.CallStatus)) callOver(fields.CallSid);
    response.status(204).end();
  };
}
