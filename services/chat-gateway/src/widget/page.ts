import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The widget as any site can load it: one script, nothing else. */
export const widgetScript = readFileSync(new URL('./widget.js', import.meta.url), 'utf8');

const STYLE = 'html,body,main{margin:0;height:100%}throughline-chat{height:100%}';

export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chat</title>
<style>${STYLE}</style>
<script type="module" src="/chat/widget.js"></script>
</head>
<body>
<main><throughline-chat></throughline-chat></main>
</body>
</html>
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** Nothing is loaded from elsewhere, and nobody puts the page into a frame. The widget's own style lives in a constructed style sheet, which needs no exception. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'sha256-${styleHash}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};
