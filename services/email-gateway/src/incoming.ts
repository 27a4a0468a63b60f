/** A mail as read from its bytes, before anything is made of it. Nothing in it is trusted. */
export interface IncomingMail {
  /** Every header field, top to bottom, names in lower case, values unfolded. */
  readonly headers: readonly MailHeader[];
  /** The one author: undefined where there is none, more than one, or a group. */
  readonly author: { readonly address: string; readonly name: string } | undefined;
  readonly subject: string;
  /** The text part, or the HTML as text; at most 64 kB. */
  readonly text: string;
  /** The text without quotes and signature; empty where nothing else is left. */
  readonly visibleText: string;
  readonly attachments: readonly IncomingFile[];
}

export interface MailHeader {
  readonly name: string;
  readonly value: string;
}

export interface IncomingFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** How a mail came in: what was said on the connection before it. */
export interface MailEnvelope {
  /** MAIL FROM; empty for a bounce. */
  readonly sender: string;
  /** RCPT TO, as they were accepted, in order. */
  readonly recipients: readonly string[];
  readonly peerAddress: string;
  /** What the client called itself in HELO or EHLO. */
  readonly peerName: string;
}

/** The values of every field of one name, top to bottom. */
export function headerValues(headers: readonly MailHeader[], name: string): readonly string[] {
  return headers.filter((header) => header.name === name).map((header) => header.value);
}

/** All message ids that the fields of one name list, in order, at most 100. */
export function messageIds(headers: readonly MailHeader[], name: string): readonly string[] {
  const found = headerValues(headers, name).flatMap((value) => value.match(/<[^<>\s]{1,998}>/g) ?? []);
  return found.slice(0, MESSAGE_IDS_MAX);
}

const MESSAGE_IDS_MAX = 100;
