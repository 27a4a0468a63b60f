import { z } from 'zod';

/** How to answer a mail; only this service reads it. */
const routeSchema = z.object({
  /** The one address that an answer may go to. */
  to: z.string(),
  name: z.string().optional(),
  /** The mailbox that was written to, without its token: answers come from there. */
  mailbox: z.string(),
  subject: z.string(),
  messageId: z.string().nullable(),
  references: z.array(z.string()),
  /** The name of the raw mail in the blob store, where it is kept sealed. */
  raw: z.string(),
});

export type MailRoute = z.infer<typeof routeSchema>;

export function writeRoute(route: MailRoute): string {
  return JSON.stringify(route);
}

/** Undefined where it is not a route of ours, which is also what an erased one looks like. */
export function readRoute(text: string | null): MailRoute | undefined {
  if (text === null) return undefined;
  try {
    return routeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
