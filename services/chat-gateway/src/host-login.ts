import type { Problem } from '@throughline/http/problem';
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { EXPIRED, FORGED, NOT_SET_UP, TOO_LONG } from './problems.ts';

/** Who the host site says it is, freshly signed. The addresses are hints and prove nothing. */
export interface HostLogin {
  /** The customer's id in the host's CRM. */
  readonly externalId: string;
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

/** How far away the expiry of a host token may be: a longer one is a lasting secret, which is what it must not be. */
const EXPIRES_WITHIN_S = 10 * 60;
/** How far the clocks of two sites may differ. */
const TOLERANCE_S = 5;

const claimsSchema = z.object({
  sub: z.string().min(1).max(256),
  exp: z.number(),
  email: z.string().max(320).optional(),
  phone: z.string().max(64).optional(),
});

/** Reads a host token (JWT, HS256 with the host's secret and nothing else); what is wrong with it is told without its contents. */
export async function readHostToken(
  token: string,
  secret: string | undefined,
  nowMs: number,
): Promise<{ readonly login: HostLogin } | { readonly problem: Problem }> {
  if (secret === undefined || secret === '') return { problem: NOT_SET_UP };
  try {
    const checks = { algorithms: ['HS256'], currentDate: new Date(nowMs), clockTolerance: TOLERANCE_S };
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), checks);
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) return { problem: FORGED };
    const { sub, exp, email, phone } = claims.data;
    if (exp - nowMs / 1000 > EXPIRES_WITHIN_S + TOLERANCE_S) return { problem: TOO_LONG };
    return { login: { externalId: sub, email, phone } };
  } catch (refusal) {
    if (refusal instanceof errors.JWTExpired) return { problem: EXPIRED };
    if (refusal instanceof errors.JOSEError) return { problem: FORGED };
    throw refusal;
  }
}
