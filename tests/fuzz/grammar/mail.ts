import fc from 'fast-check';
import type { Seeds } from '../seeds.ts';
import { anyText, mutated } from './mutations.ts';

const CRLF = '\r\n';

/** Header fields as mail programs write them, and as none would. */
const FIELDS: readonly string[] = [
  'From: Ines Okafor <ines@post.example>',
  'From: "Okafor, Ines" <ines@post.example>, second@post.example',
  'From: team: ines@post.example, b@post.example;',
  'From: =?utf-8?B?SW7DqHM=?= =?iso-8859-1?Q?=FCber?= <ines@xn--mnchen-3ya.example>',
  'Sender: ines@post.example',
  'To: support@help.example, undisclosed-recipients:;',
  'Subject: =?utf-8?Q?R=C3=BCckgabe?=',
  'Subject: Re: AW: Fwd: [2]: My order 10-4477',
  'Message-ID: <1@post.example>',
  'In-Reply-To: <a@help.example> <b@help.example>',
  'References: <a@help.example> <b@help.example> <c@help.example>',
  'Date: Mon, 23 Nov 2026 12:00:00 +0000',
  'Reply-To: other@elsewhere.example',
  'Return-Path: <>',
  'Auto-Submitted: auto-replied',
  'Precedence: bulk',
  'List-Id: <list.post.example>',
  'Received: from a.example (a.example [192.0.2.1]) by b.example; Mon, 23 Nov 2026 12:00:00 +0000',
  'Authentication-Results: mx.example (a (nested) comment); dmarc=pass (p=none) header.from=post.example; spf=pass',
  'Authentication-Results: mx.example; dmarc = fail header.from="post.example"',
  'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=post.example; s=sel; h=from:subject; bh=abc=; l=3; b=def=',
  'ARC-Seal: i=1; a=rsa-sha256; cv=none; d=post.example; s=sel; b=def=',
  'MIME-Version: 1.0',
];

const TYPES: readonly string[] = [
  'text/plain; charset=utf-8',
  'text/plain; charset=utf-7; format=flowed; delsp=yes',
  'text/html; charset="iso-2022-jp"',
  'application/octet-stream; name="a.bin"',
  "application/pdf; name*=utf-8''%e2%82%ac.pdf",
  'message/rfc822',
  'multipart/report; report-type=delivery-status',
  'application/ms-tnef',
  'text/calendar; method=REQUEST',
];
const ENCODINGS: readonly string[] = ['7bit', '8bit', 'base64', 'quoted-printable', 'x-uuencode', 'none such'];

const field = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...FIELDS) },
  { weight: 3, arbitrary: mutated(fc.constantFrom(...FIELDS)) },
  { weight: 1, arbitrary: fc.tuple(anyText, anyText).map(([name, value]) => `${name}: ${value}`) },
  { weight: 1, arbitrary: fc.constantFrom(...FIELDS).map((line) => line.replace(/ /g, `${CRLF} `)) },
);

const html = fc.constantFrom(
  '<p>Hello <b>there</b></p><table><tr><td>1</td></tr></table>',
  '<html><head><style>p{}</style></head><body><blockquote>old</blockquote>new<br>&nbsp;&#0;&#x1F4A9;</body>',
  '<div>'.repeat(300),
  '<a href="javascript:alert(1)">x</a><img src="cid:1"><script>while(1);</script><!-- <!-- -->',
);

/** A body part with a head of its own; `depth`: how many multiparts it may hold inside of each other. */
function part(seeds: Seeds, depth: number): fc.Arbitrary<string> {
  const text = fc.oneof(fc.constantFrom(...seeds.bodies), html, anyText).map((body) => body.replace(/\r?\n/g, CRLF));
  const leaf = fc
    .tuple(fc.constantFrom(...TYPES), fc.constantFrom(...ENCODINGS), text, fc.boolean())
    .map(([type, encoding, body, attached]) =>
      [
        `Content-Type: ${type}`,
        `Content-Transfer-Encoding: ${encoding}`,
        ...(attached ? ['Content-Disposition: attachment; filename="../../a\\"b.txt"'] : []),
        '',
        encoding === 'base64' ? Buffer.from(body).toString('base64') : body,
      ].join(CRLF),
    );
  if (depth === 0) return leaf;
  const boundary = fc.constantFrom('b1', 'b1', '=_x', 'b 2', '');
  const many = fc
    .tuple(
      boundary,
      fc.array(part(seeds, depth - 1), { maxLength: 3 }),
      fc.constantFrom('mixed', 'alternative'),
      fc.boolean(),
    )
    .map(([name, parts, kind, ends]) =>
      [
        `Content-Type: multipart/${kind}; boundary="${name}"`,
        '',
        'preamble',
        ...parts.flatMap((each) => [`--${name}`, each]),
        ...(ends ? [`--${name}--`] : []),
        'epilogue',
      ].join(CRLF),
    );
  return fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 2, arbitrary: many });
}

/** Whole mails, as the bytes that come over the wire. */
export function mails(seeds: Seeds): fc.Arbitrary<string> {
  const whole = fc
    .tuple(fc.array(field, { maxLength: 8 }), part(seeds, 3))
    .map(([fields, body]) => [...fields, body].join(CRLF));
  return fc.oneof({ weight: 3, arbitrary: whole }, { weight: 2, arbitrary: mutated(whole) });
}
