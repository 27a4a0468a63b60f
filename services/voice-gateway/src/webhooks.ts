import { z } from 'zod';

/** The fields of Twilio's voice webhooks that are read here. */
export const incomingForm = z.object({
  CallSid: z.string().min(1).max(128),
  From: z.string().max(128).default(''),
  StirVerstat: z
    .string()
    .max(64)
    .default('')
    .meta({ description: 'How far the carrier vouches for the number.', example: 'TN-Validation-Passed-A' }),
  SessionStatus: z.string().max(64).optional().meta({
    description: 'There when the relay is over: `completed`, `ended` (by us) or `failed` (the connection broke).',
  }),
  HandoffData: z.string().max(1024).default('').meta({ description: 'What the relay was ended with.' }),
});

export const incomingQuery = z.object({
  again: z
    .string()
    .regex(/^\d{1,3}$/)
    .catch('0')
    .meta({ description: 'How often the carrier came back, as the TwiML told it to say.' }),
});

export const statusForm = z.object({ CallSid: z.string().min(1).max(128), CallStatus: z.string().max(64) });
