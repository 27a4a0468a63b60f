import { sendProblem } from '@throughline/http/problem';
import type { Edge } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import type { Clock, Random } from '@throughline/kernel/ports';
import type { Reader } from '@throughline/kernel/reader';
import type { CaseInput, CaseInputBodies, CaseShown } from '@throughline/schemas/generated/messages';
import { CASE_INPUTS } from '@throughline/schemas/topics';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import express, { type Request, type Response, Router } from 'express';
import type { z } from 'zod';
import {
  type ActionDocument,
  type CaseHead,
  type ContactHead,
  type ContactHome,
  contactRef,
  type EntryDocument,
  entryRef,
} from './documents.ts';
import { cursorOf, positionOf } from './paging.ts';
import { ACTION_UNKNOWN, BAD_QUERY, BAD_RESULT, CASE_UNKNOWN, CONTACT_UNKNOWN, LOOK_UNANSWERED } from './problems.ts';
import { actionParams, caseParams, caseQuery, contactParams, threadQuery } from './requests.ts';
import { reportOf, resultBody } from './results.ts';
import { readThread } from './thread.ts';
import { caseLine, caseView, contactView } from './view.ts';

export interface CaseApiOptions {
  readonly reader: Reader;
  readonly edge: Edge;
  /** Resolves to the answer to a look, or to undefined when it has not come in time. Asked before the look is sent. */
  awaitShown(lookId: string): Promise<CaseShown | undefined>;
  readonly clock: Clock;
  readonly random: Random;
}

/** The operators' view of cases, and the way back for backends. Who may call it is decided in front of it. */
export function createCaseApi(options: CaseApiOptions): Router {
  const router = Router();
  router.get('/api/cases', (request, response) => listCases(options, request, response));
  router.get('/api/cases/:caseId', (request, response) => showCase(options, request, response));
  router.get('/api/cases/:caseId/thread', (request, response) => showThread(options, request, response));
  router.get('/api/contacts/:contactId', (request, response) => showContact(options, request, response));
  const json = express.json({ limit: BODY_BYTES_MAX, strict: false });
  router.post('/api/actions/:actionId/result', json, (request, response) => takeResult(options, request, response));
  return router;
}

const BODY_BYTES_MAX = 256 * 1024;
/** A contact has few homes; more would be a circle. */
const HOMES_MAX = 20;

/** Lists are no looks. With several filters a page may hold fewer than asked for although there is a next one. */
async function listCases({ reader }: CaseApiOptions, request: Request, response: Response): Promise<void> {
  const query = caseQuery.safeParse(request.query);
  if (!query.success) return badQuery(response, namesIn(query.error));
  const { customer, status, needs, cursor, limit } = query.data;
  const page = await reader.list<CaseHead>(listOf(query.data), positionOf(cursor), limit);
  const items = page.items
    .map((item) => item.content)
    .filter(
      (head) =>
        (customer === undefined || head.customerId === customer) &&
        (status === undefined || head.status === status) &&
        (needs === undefined || head.needsPerson),
    );
  response.json({ items: items.map(caseLine), next: cursorOf(page.next) });
}

function listOf({ customer, status, needs }: z.infer<typeof caseQuery>): string {
  if (customer !== undefined) return `customer:${customer}`;
  if (needs !== undefined) return 'needs:person';
  return status === undefined ? 'all' : `status:${status}`;
}

/** A look: an input like a channel's, so that it comes after everything acknowledged before it and stands on the record. */
async function showCase(options: CaseApiOptions, request: Request, response: Response): Promise<void> {
  const { reader } = options;
  const { caseId } = caseParams.parse(request.params);
  if ((await reader.get<CaseHead>('case', caseId)) === undefined) return sendProblem(response, CASE_UNKNOWN);
  const lookId = newLookId(options);
  const shown = options.awaitShown(lookId);
  await send(options, 'CaseLooked', lookId, { caseId, lookId, operator: 'operator' });
  const answer = await shown;
  const head = answer && (await reader.get<CaseHead>('case', caseId));
  if (head === undefined) return sendProblem(response, LOOK_UNANSWERED);
  response.set('ETag', `"${head.version}"`).json(caseView(head));
}

/** Its first page is a look, also at each provisional case that is continued in it: the pages behind it go on from there. */
async function showThread(options: CaseApiOptions, request: Request, response: Response): Promise<void> {
  const { reader } = options;
  const query = threadQuery.safeParse(request.query);
  if (!query.success) return badQuery(response, namesIn(query.error));
  const head = await reader.get<CaseHead>('case', caseParams.parse(request.params).caseId);
  if (head === undefined) return sendProblem(response, CASE_UNKNOWN);
  if (query.data.cursor === undefined) await look(options, [...head.segments, head.caseId]);
  const page = await readThread(reader, head, positionOf(query.data.cursor), query.data.limit);
  if (page === undefined) return badQuery(response, 'cursor');
  response.json({ items: page.items, next: cursorOf(page.next) });
}

/** Follows a contact from its first home to the one where it is now. A look at that case: its briefing says what is in it. */
async function showContact(options: CaseApiOptions, request: Request, response: Response): Promise<void> {
  const { reader } = options;
  const { contactId } = contactParams.parse(request.params);
  let caseId: string | null = (await reader.get<ContactHome>('contact-home', contactId))?.caseId ?? null;
  let contact: ContactHead | undefined;
  for (let homes = 0; caseId !== null && homes < HOMES_MAX; homes += 1) {
    const { kind, id } = contactRef(caseId, contactId);
    // The next home may not have been reached yet; then the former one is what is known.
    const here: ContactHead | undefined = await reader.get<ContactHead>(kind, id);
    contact = here ?? contact;
    caseId = here?.movedTo ?? null;
  }
  if (contact === undefined) return sendProblem(response, CONTACT_UNKNOWN);
  await look(options, [contact.caseId]);
  const { kind, id } = entryRef(contact.caseId, contact.briefedNumber);
  response.json(contactView(contact, await reader.get<EntryDocument>(kind, id)));
}

/**
 * Puts a look on the record of each case. Resolves once the log has it and does not wait for the case: what is held of a case
 * would keep people from looking at why.
 */
async function look(options: CaseApiOptions, caseIds: readonly string[]): Promise<void> {
  for (const caseId of caseIds) {
    const lookId = newLookId(options);
    await send(options, 'CaseLooked', lookId, { caseId, lookId, operator: 'operator' });
  }
}

const newLookId = ({ random }: CaseApiOptions): string => deriveId('look', Buffer.from(random(16)).toString('hex'));

async function takeResult(options: CaseApiOptions, request: Request, response: Response): Promise<void> {
  const body = resultBody.safeParse(request.body);
  if (!body.success) return sendProblem(response, BAD_RESULT);
  const { actionId } = actionParams.parse(request.params);
  const action = await options.reader.get<ActionDocument>('action', actionId);
  if (action === undefined) return sendProblem(response, ACTION_UNKNOWN);
  const report = reportOf(action, body.data, options.clock.nowMs());
  await send(options, 'ActionReported', deriveId('msg', 'ActionReported', report.reportId), report);
  response.status(202).json({ actionId: report.actionId, outcome: report.outcome });
}

async function send<Type extends 'CaseLooked' | 'ActionReported'>(
  { edge, clock, random }: CaseApiOptions,
  type: Type,
  id: string,
  body: CaseInputBodies[Type] & Extract<CaseInput, { type: Type }>['body'],
): Promise<void> {
  const address = { topic: CASE_INPUTS, key: body.caseId, subject: body.caseId };
  await edge.send([{ ...address, type, id, body, timeMs: clock.nowMs(), traceparent: newTraceparent(random) }]);
}

const namesIn = (error: z.ZodError): string =>
  [...new Set(error.issues.map((issue) => issue.path.join('.')))].join(', ');

function badQuery(response: Response, names: string): void {
  sendProblem(response, { ...BAD_QUERY, detail: `Look at: ${names}.` });
}
