import { z } from 'zod';

/** Frames of one relay are at most this long, in bytes. */
export const FRAME_BYTES_MAX = 64 * 1024;

/** The frames that come in on the relay, by Twilio's ConversationRelay protocol; members that nobody here reads are left out. */
const frameSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('setup'),
    callSid: z.string().min(1).max(128),
    /** Not every carrier sends it. */
    sessionId: z.string().max(128).default(''),
    from: z.string().max(128).default(''),
    customParameters: z.record(z.string(), z.string()).catch({}).default({}),
  }),
  z.object({
    type: z.literal('prompt'),
    voicePrompt: z.string(),
    /** False for what the recogniser may still change. */
    last: z.boolean().default(true),
  }),
  z.object({ type: z.literal('dtmf'), digit: z.string().regex(/^[0-9*#A-D]$/) }),
  z.object({
    type: z.literal('interrupt'),
    durationUntilInterruptMs: z.coerce.number().int().optional().catch(undefined),
    /** What the caller has heard of it. */
    utteranceUntilInterrupt: z.string().default('').catch(''),
  }),
  z.object({ type: z.literal('error') }),
]);

export type InFrame = z.infer<typeof frameSchema>;
export type Setup = Extract<InFrame, { type: 'setup' }>;

/** Undefined for what is no frame of the protocol. Never throws. */
export function readFrame(text: string): InFrame | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
