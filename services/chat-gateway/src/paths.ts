import { type Answer, type ApiPart, json } from '@throughline/http/api-part';
import { MALFORMED_JSON, TOO_LARGE } from '@throughline/http/problem';
import { z } from 'zod';
import {
  BAD_BODY,
  BAD_SESSION,
  BAD_TOKEN,
  EXPIRED,
  FORGED,
  NO_PROTOCOL,
  NO_TOKEN,
  NOT_SET_UP,
  TOO_LONG,
} from './problems.ts';
import { sessionBegun, sessionBody } from './session-schemas.ts';
import { widgetModules } from './widget/page.ts';

const text = (description: string, mediaType: string): Answer => ({
  description,
  content: { mediaType, schema: z.string() },
});

/** One of the widget's own modules. */
const moduleOf = (name: string): ApiPart['paths'][string] => ({
  get: {
    id: `chat-${name}`,
    summary:
      name === 'widget.js'
        ? 'The widget as a web component for any site'
        : `The module ${name}, which the widget loads`,
    answers: { 200: text('The script.', 'text/javascript') },
  },
});

/** The routes of `door.ts`, and the socket of `upgrade.ts`. */
export const chatPart: ApiPart = {
  name: 'Chat',
  description: 'The chat page, its widget, and what any other client speaks to.',
  access: 'anybody',
  paths: {
    '/chat': {
      get: { id: 'chatPage', summary: 'A page with the widget', answers: { 200: text('The page.', 'text/html') } },
    },
    '/chat/sessions': {
      post: {
        id: 'beginSession',
        summary: 'Begins a session, or comes back with one',
        body: { mediaType: 'application/json', schema: sessionBody, example: {}, isOptional: true },
        answers: { 201: json('A contact of the session has begun.', sessionBegun) },
        problems: [BAD_BODY, MALFORMED_JSON, BAD_SESSION, NOT_SET_UP, EXPIRED, TOO_LONG, FORGED, TOO_LARGE],
      },
      options: {
        id: 'maySessionsBegin',
        summary: 'Lets pages of any site ask (CORS)',
        answers: { 204: { description: 'They may.' } },
      },
    },
    '/chat/socket': {
      get: {
        id: 'openChatSocket',
        summary: 'Opens the chat (WebSocket)',
        description:
          'Offer the subprotocols `throughline.v1` and `token.<sessionToken>`. JSON frames; the client sends `say`, `resume` and `leave`, the server `ack`, `said`, `notice` and `problem`.',
        answers: { 101: { description: 'The socket is open.' } },
        problems: [NO_TOKEN, BAD_TOKEN, NO_PROTOCOL],
      },
    },
    ...Object.fromEntries(Object.keys(widgetModules).map((name) => [`/chat/${name}`, moduleOf(name)])),
  },
};
