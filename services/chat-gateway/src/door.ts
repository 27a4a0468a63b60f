import { type Problem, problemsForErrors, sendProblem } from '@throughline/http/problem';
import type { Clock, Reporter } from '@throughline/kernel/ports';
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { readHostToken } from './host-login.ts';
import type { Session, Sessions } from './session.ts';
import { pageHeaders, pageHtml, widgetModules } from './widget/page.ts';

const TOKEN_CHARACTERS_MAX = 8 * 1024;

const bodySchema = z.strictObject({
  hostToken: z.string().max(TOKEN_CHARACTERS_MAX).optional(),
  sessionToken: z.string().max(TOKEN_CHARACTERS_MAX).optional(),
});

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
      options.reporter.error('chat-request-failed', { reason: error instanceof Error ? error.message : 'unknown' });
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
  const body = bodySchema.safeParse(request.body ?? {});
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
  response.status(201).json({ sessionToken: await sessions.sign(session), contactId: session.contactId });
}

const BAD_BODY: Problem = {
  status: 400,
  code: 'bad-session-request',
  title: 'This is not a request for a session.',
  detail: 'Send {}, {"hostToken"}, {"sessionToken"} or both.',
};
const BAD_SESSION: Problem = {
  status: 401,
  code: 'session-token-invalid',
  title: 'The session token is not valid or has expired.',
  detail: 'Start a new session with an empty object.',
};
