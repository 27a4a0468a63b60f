import { problemsForErrors, sendProblem } from '@throughline/http/problem';
import type { Clock, Reporter } from '@throughline/kernel/ports';
import { reasonOf } from '@throughline/kernel/reason';
import express, { type Request, type Response, type Router } from 'express';
import { readHostToken } from './host-login.ts';
import { BAD_BODY, BAD_SESSION } from './problems.ts';
import type { Session, Sessions } from './session.ts';
import { type SessionBegun, sessionBody } from './session-schemas.ts';
import { pageHeaders, pageHtml, widgetModules } from './widget/page.ts';

/** The chat's HTTP: sessions, and the page and script of the widget. The tokens travel in bodies, so any site may call it. */
export function createDoor(options: {
  sessions: Sessions;
  hostSecret: string | undefined;
  clock: Clock;
  reporter: Reporter;
}): Router {
  const router = express.Router();
  router.use('/chat', (_request, response, next) => {
    response.set('X-Content-Type-Options', 'nosniff');
    next();
  });
  router.options('/chat/sessions', (_request, response) => {
    const allowed = { Methods: 'POST', Headers: 'Content-Type', Origin: '*' };
    for (const [what, value] of Object.entries(allowed)) response.set(`Access-Control-Allow-${what}`, value);
    response.set('Access-Control-Max-Age', '86400').status(204).end();
  });
  router.post('/chat/sessions', (_request, response, next) => {
    // Before the body is read: the page has to be able to see what was wrong with it.
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' });
    next();
  });
  router.post('/chat/sessions', express.json({ limit: '16kb', type: () => true }), async (request, response) => {
    await beginSession(options, request, response);
  });
  router.get('/chat', (_request, response) => {
    response.set(pageHeaders).type('html').send(pageHtml);
  });
  for (const [name, script] of Object.entries(widgetModules)) {
    router.get(`/chat/${name}`, (_request, response) => {
      response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
      // Asked for anew each time (mostly answered 304), so that modules of two versions never meet.
      response.set('Cache-Control', 'no-cache').type('text/javascript').send(script);
    });
  }
  router.use(
    '/chat',
    problemsForErrors((error) => {
      options.reporter.error('chat-request-failed', { reason: reasonOf(error) });
    }),
  );
  return router;
}

async function beginSession(
  options: { sessions: Sessions; hostSecret: string | undefined; clock: Clock },
  request: Request,
  response: Response,
): Promise<void> {
  const { sessions, hostSecret, clock } = options;
  // No body at all is the same as an empty one.
  const body = sessionBody.safeParse(request.body ?? {});
  if (!body.success) {
    sendProblem(response, BAD_BODY);
    return;
  }
  const { hostToken, sessionToken } = body.data;
  let former: Session | undefined;
  if (sessionToken !== undefined) {
    former = await sessions.read(sessionToken);
    if (former === undefined) {
      sendProblem(response, BAD_SESSION);
      return;
    }
  }
  const host = hostToken === undefined ? undefined : await readHostToken(hostToken, hostSecret, clock.nowMs());
  if (host !== undefined && 'problem' in host) {
    sendProblem(response, host.problem);
    return;
  }
  const session = sessions.begin({ former, login: host?.login });
  const begun: SessionBegun = { sessionToken: await sessions.sign(session), contactId: session.contactId };
  response.status(201).json(begun);
}
