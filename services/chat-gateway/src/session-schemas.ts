import { z } from 'zod';

const TOKEN_CHARACTERS_MAX = 8 * 1024;

/** What `POST /chat/sessions` takes. */
export const sessionBody = z.strictObject({
  hostToken: z.string().max(TOKEN_CHARACTERS_MAX).optional().meta({
    description:
      "Who is logged in, signed by the host site: JWT, HS256, `sub` the customer's id, `exp` at most 10 minutes away.",
  }),
  sessionToken: z
    .string()
    .max(TOKEN_CHARACTERS_MAX)
    .optional()
    .meta({ description: 'The one from before, to come back.' }),
});

/** What it answers. */
export const sessionBegun = z
  .object({
    sessionToken: z.string().meta({ description: "The device's lasting identity: signed, expiring, never in a URL." }),
    contactId: z.string(),
  })
  .meta({ id: 'Session' });

export type SessionBegun = z.output<typeof sessionBegun>;
