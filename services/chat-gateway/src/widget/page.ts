import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The modules of the widget by name, as any site can load them: the first imports the others. */
export const widgetModules: Readonly<Record<string, string>> = Object.fromEntries(
  ['widget.js', 'widget-connection.js', 'widget-view.js', 'widget-style.js', 'widget-session.js'].map((name) => [
    name,
    readFileSync(new URL(name, import.meta.url), 'utf8'),
  ]),
);

const STYLE = `:root{color-scheme:light dark;background:light-dark(#eef1f4,#0d1013)}html,body{margin:0;height:100%}
main{height:100dvh;max-width:48rem;margin:0 auto}throughline-chat{height:100%}`;

export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>Chat</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
<script type="module" src="/chat/widget.js"></script>
</head>
<body>
<main><throughline-chat></throughline-chat></main>
<noscript>The chat needs JavaScript.</noscript>
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
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};
