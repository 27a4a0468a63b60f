import type { BriefedTurn } from '@throughline/schemas/generated/messages';
import type { Situation } from './situation.ts';

const QUOTE_LENGTH_MAX = 120;
const CHANNELS = { chat: 'On chat', voice: 'On the phone', email: 'By e-mail' } as const;

/** What was said elsewhere since this contact was last replied to, in a clause before the reply. Empty where there is nothing. */
export function newsClause({ briefed }: Situation): string {
  const { news, newsWithheld, firstWords } = briefed.briefing;
  // First words say where the case is, which holds the news already.
  if (firstWords) return '';
  const newest = news.findLast((turn) => turn.from === 'customer' && turn.text.trim() !== '');
  if (newest) return `${CHANNELS[newest.channel]} meanwhile: “${capped(newest)}”.`;
  return newsWithheld > 0 ? 'There is also a newer message about this on another channel.' : '';
}

function capped(turn: BriefedTurn): string {
  const text = turn.text.trim().replace(/\s+/g, ' ');
  return text.length <= QUOTE_LENGTH_MAX ? text : `${text.slice(0, QUOTE_LENGTH_MAX).trimEnd()}…`;
}
