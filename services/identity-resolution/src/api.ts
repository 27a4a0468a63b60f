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
import { CUSTOMER_UNKNOWN, IDENTIFIER_NEEDED, IMPORT_STALLED, NDJSON_NEEDED } from './problems.ts';
import { customerParams, customersQuery, IMPORT_MEDIA_TYPE } from './requests.ts';
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

/** The operators' view of customers, and their import. Who may call it is decided in front of it. */
export function createIdentityApi(options: IdentityApiOptions): Router {
  const router = Router();
  router.post('/api/customers/import', (request, response) => takeImport(options, request, response));
  router.get('/api/customers', (request, response) => findCustomers(options, request, response));
  router.get('/api/customers/:customerId', async (request, response) => {
    const { customerId } = customerParams.parse(request.params);
    const customer = await options.reader.get<CustomerDocument>('customer', customerId);
    if (customer) response.json(customerView(customer));
    else sendProblem(response, CUSTOMER_UNKNOWN);
  });
  return router;
}

async function takeImport(options: IdentityApiOptions, request: Request, response: Response): Promise<void> {
  if (request.is(IMPORT_MEDIA_TYPE) === false) return sendProblem(response, NDJSON_NEEDED);
  const batchId = Buffer.from(options.random(16)).toString('hex');
  try {
    response.json(await importCustomers(options, { batchId, traceparent: newTraceparent(options.random) }, request));
  } catch (error) {
    if (!(error instanceof ImportStalled)) throw error;
    const detail = `${error.message} Send the file again: lines that were taken stay as they are.`;
    sendProblem(response, { ...IMPORT_STALLED, detail });
  }
}

async function findCustomers(options: IdentityApiOptions, request: Request, response: Response): Promise<void> {
  const query = customersQuery.safeParse(request.query);
  const identifier = query.success ? identifierOf(query.data.identifier, options.region) : undefined;
  if (!identifier) return sendProblem(response, IDENTIFIER_NEEDED);
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
