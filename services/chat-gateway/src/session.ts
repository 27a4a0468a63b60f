import { deriveId } from '@throughline/kernel/ids';
import type { Clock, Mac, Random } from '@throughline/kernel/ports';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { HostLogin } from './host-login.ts';

/** What a session token says. The session is the device's lasting identity; a contact is one conversation of it. */
export interface Session {
  readonly sessionId: string;
  readonly contactId: string;
  readonly born: 'host' | 'anonymous';
  /** Who the host site said it is, where it was born of a host token. */
  readonly login: HostLogin | undefined;
  /** When the token was issued that this session came back with; undefined for a brand-new session. */
  readonly seenMs: number | undefined;
  readonly issuedMs: number;
}

export interface Sessions {
  /**
   * Begins a contact: of a new session, of the one that came back, or of one that the host site has just signed in. A session of a
   * signed-in customer that comes back without a fresh login is nobody's: it gets a new, anonymous session.
   */
  begin(from: { former: Session | undefined; login: HostLogin | undefined }): Session;
  /** The token for a session: signed, and expiring after 30 days. */
  sign(session: Session): Promise<string>;
  /** Undefined where the token is forged, expired or not one of ours. */
  read(token: string): Promise<Session | undefined>;
}

/** How long a host site's login counts after it was shown. */
export const LOGIN_FRESH_MS = 10 * 60_000;

/** How long a connection may come back to the contact of a signed-in customer without a new login. */
export const LOGIN_CONTACT_MS = 12 * 60 * 60_000;

const EXPIRES_AFTER_S = 30 * 24 * 60 * 60;
const AUDIENCE = 'throughline-chat-session';

const claimsSchema = z.object({
  sid: z.string().min(1),
  ctc: z.string().startsWith('ctc_'),
  born: z.enum(['host', 'anonymous']),
  seen: z.number().optional(),
  login: z.object({ externalId: z.string(), email: z.string().optional(), phone: z.string().optional() }).optional(),
  iat: z.number(),
});

export function createSessions(options: { mac: Mac; clock: Clock; random: Random }): Sessions {
  const { mac, clock, random } = options;
  const key = Buffer.from(mac('chat-session-key', 'v1'), 'hex');
  const fresh = (prefix: string): string => deriveId(prefix, Buffer.from(random(16)).toString('hex'));
  return {
    begin({ former, login }) {
      const kept = former !== undefined && comesBack(former, login) ? former : undefined;
      return {
        sessionId: kept?.sessionId ?? fresh('ses'),
        contactId: fresh('ctc'),
        born: login === undefined ? 'anonymous' : 'host',
        login,
        seenMs: kept?.issuedMs,
        issuedMs: Math.floor(clock.nowMs() / 1000) * 1000,
      };
    },
    sign({ sessionId, contactId, born, login, seenMs, issuedMs }) {
      const issued = issuedMs / 1000;
      return new SignJWT({ sid: sessionId, ctc: contactId, born, seen: seenMs, login })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setAudience(AUDIENCE)
        .setIssuedAt(issued)
        .setExpirationTime(issued + EXPIRES_AFTER_S)
        .sign(key);
    },
    async read(token) {
      try {
        const currentDate = new Date(clock.nowMs());
        const checks = { algorithms: ['HS256'], audience: AUDIENCE, requiredClaims: ['exp'], currentDate };
        const { payload } = await jwtVerify(token, key, checks);
        const claims = claimsSchema.safeParse(payload);
        return claims.success ? sessionOf(claims.data) : undefined;
      } catch (refusal) {
        if (refusal instanceof errors.JOSEError) return undefined;
        throw refusal;
      }
    },
  };
}

/** A signed-in customer's session comes back with a fresh login of that same customer only. */
function comesBack(former: Session, login: HostLogin | undefined): boolean {
  return former.born === 'anonymous' || former.login?.externalId === login?.externalId;
}

function sessionOf(claims: z.infer<typeof claimsSchema>): Session {
  const { sid, ctc, born, seen, login, iat } = claims;
  return {
    sessionId: sid,
    contactId: ctc,
    born,
    login: login && { externalId: login.externalId, email: login.email, phone: login.phone },
    seenMs: seen,
    issuedMs: iat * 1000,
  };
}
