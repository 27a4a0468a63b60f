import { sendProblem } from '@throughline/http/problem';
import type { Edge } from '@throughline/kernel/edge';
import type { Clock, Mac, Random } from '@throughline/kernel/ports';
import type { Reader } from '@throughline/kernel/reader';
import { normalizeEmail, normalizePhone } from '@throughline/language/identifiers';
import type { CustomerRecorded, Identifier } from '@throughline/schemas/generated/messages';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { type Request, type Response, Router } from 'express';
import type { CustomerDocument, IdentifierDocument } from './documents.ts';
import { identifierIdOf } from './identifying.ts';
import { ImportStalled, importCustomers } from './import.ts';
import { customerView } from './view.ts';

export interface IdentityApiOptions {
  readonly reader: Reader;
  readonly edge: Edge;
  /** The answer to one submitted line; called before the line is sent. Undefined when it does not come in time. */
  awaitRecorded(batchId: string, line: number): Promise<CustomerRecorded | undefined>;
  readonly mac: Mac;
  readonly clock: Clock;
  readonly random: Random;
  /** ISO 3166 region for numbers without a country code. */
  readonly region: string;
}

const MEDIA_TYPE = 'application/x-ndjson';

/** The operators' view of customers, and their import. Who may call it is decided in front of it. */
export function createIdentityApi(options: IdentityApiOptions): Router {
  const router = Router();
  router.post('/api/customers/import', (request, response) => takeImport(options, request, response));
  router.get('/api/customers', (request, response) => findCustomers(options, request, response));
  router.get('/api/customers/:customerId', async (request, response) => {
    const customer = await options.reader.get<CustomerDocument>('customer', request.params.customerId);
    if (customer) {
      response.json(customerView(customer));
      return;
    }
    sendProblem(response, {
      status: 404,
      code: 'customer-unknown',
      title: 'There is no such customer.',
      detail: 'Check the id; customers are found by GET /api/customers?identifier=.',
    });
  });
  return router;
}

async function takeImport(options: IdentityApiOptions, request: Request, response: Response): Promise<void> {
  if (request.is(MEDIA_TYPE) === false) {
    sendProblem(response, {
      status: 415,
      code: 'ndjson-needed',
      title: 'An import is one JSON object a line.',
      detail: `Send it with Content-Type: ${MEDIA_TYPE}.`,
    });
    return;
  }
  const batchId = Buffer.from(options.random(16)).toString('hex');
  try {
    response.json(await importCustomers(options, { batchId, traceparent: newTraceparent(options.random) }, request));
  } catch (error) {
    if (!(error instanceof ImportStalled)) throw error;
    sendProblem(response, {
      status: 503,
      code: error.code,
      title: 'The import was not finished.',
      detail: `${error.message} Send the file again: lines that were taken stay as they are.`,
    });
  }
}

async function findCustomers(options: IdentityApiOptions, request: Request, response: Response): Promise<void> {
  const asked = request.query.identifier;
  const identifier = typeof asked === 'string' ? identifierOf(asked, options.region) : undefined;
  if (!identifier) {
    sendProblem(response, {
      status: 400,
      code: 'identifier-needed',
      title: 'Say whom to look for.',
      detail: 'Give ?identifier= with an e-mail address or a phone number, such as +14155550100.',
    });
    return;
  }
  const { reader, mac } = options;
  const found = await reader.get<IdentifierDocument>('identifier', identifierIdOf(mac, identifier));
  const ids = [...new Set((found?.claims ?? []).map((claim) => claim.customerId))];
  const customers = await Promise.all(ids.map((id) => reader.get<CustomerDocument>('customer', id)));
  const items = customers.flatMap((customer) => (customer ? [customerView(customer)] : []));
  response.json({ items, next: null });
}

function identifierOf(text: string, region: string): Identifier | undefined {
  // A plus sign that was not encoded arrives as a space.
  const email = normalizeEmail(text);
  if (email.ok) return { type: 'email', value: email.value };
  const phone = normalizePhone(text.replace(/^ (?=\d)/, '+'), region);
  return phone.ok ? { type: 'phone', value: phone.value } : undefined;
}
