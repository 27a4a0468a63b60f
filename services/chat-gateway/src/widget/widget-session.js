/** What the device remembers of the chat, and how it gets a session. */
const KEPT = 'throughline.chat';
/** After this long a return is a new contact: it begins with where the case is, not with what was on the screen. */
const GOES_ON_MS = 30 * 60_000;

/** The host site does not vouch for this visitor any more: its token was refused. */
export class SignInRefused extends Error {}

/**
 * The token of the conversation that this visitor is in, or undefined. What somebody else said here, signed in or not,
 * is never taken up.
 */
export function tokenThatGoesOn(hostToken) {
  const kept = read();
  const goesOn = kept?.open && kept.customer === customerOf(hostToken) && Date.now() - kept.usedMs < GOES_ON_MS;
  return goesOn ? kept.token : undefined;
}

/** A new contact of this device's session; a kept token that no longer counts is forgotten. Rejects where there is none to be had. */
export async function beginSession(service, hostToken) {
  const sessionToken = read()?.token;
  let answer = await post(service, { hostToken, sessionToken });
  if (answer.status === 401 && sessionToken) answer = await post(service, { hostToken });
  if (answer.status === 401 && hostToken) throw new SignInRefused();
  if (answer.status !== 201) throw new Error('no session');
  return (await answer.json()).sessionToken;
}

/** Remembers that the conversation was used just now, or, with `open` false, that it is over. */
export function keep(token, hostToken, open = true) {
  // A browser may keep sites from storing anything; the chat works without, for as long as the page is open.
  try {
    localStorage.setItem(KEPT, JSON.stringify({ token, customer: customerOf(hostToken), usedMs: Date.now(), open }));
  } catch {}
}

/** Who the host site says it is, to tell one customer from the next on the same device; the service alone checks it. */
export function customerOf(hostToken) {
  if (!hostToken) return null;
  try {
    const claims = hostToken.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    return String(JSON.parse(atob(claims)).sub);
  } catch {
    return hostToken;
  }
}

/** Whether the service answers at all. */
export const answers = (service) =>
  fetch(new URL('widget.js', service), { method: 'HEAD', cache: 'no-store' }).then(
    (answer) => answer.ok,
    () => false,
  );

const post = (service, body) =>
  fetch(new URL('sessions', service), {
    method: 'POST',
    credentials: 'omit',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}
