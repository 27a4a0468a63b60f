/** The look of the page, light and dark as the reader's system is. */
export const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1c2530,#e3e8ee);--soft:light-dark(#566270,#9aa7b5);--line:light-dark(#d9dfe6,#2b343e);
--ground:light-dark(#fff,#12171c);--panel:light-dark(#f5f7f9,#191f26);--link:light-dark(#0b57b0,#7db7ff);--get:light-dark(#0a6b45,#5fd3a3);--post:light-dark(#8a4b00,#f0b25f)}
*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;scroll-padding-top:1rem}
body{margin:0;display:grid;grid-template-columns:minmax(14rem,18rem) minmax(0,1fr)}
a{color:var(--link)}
a:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font:0.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
small{color:var(--soft);font-size:0.875em}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1.25rem;background:var(--panel);border-right:1px solid var(--line)}
nav h2{font-size:0.8rem;letter-spacing:0.04em;text-transform:uppercase;color:var(--soft);margin:1.25rem 0 0.25rem}
nav ul{list-style:none;margin:0;padding:0}
nav li a{display:block;padding:0.1rem 0;text-decoration:none;font-size:0.925rem;overflow-wrap:anywhere}
nav li a:hover{text-decoration:underline}
.skip{position:absolute;left:-100rem}
.skip:focus{left:1rem;top:1rem;background:var(--ground);padding:0.5rem}
main{padding:2rem clamp(1rem,4vw,3rem) 6rem;max-width:66rem}
h1{margin:0 0 0.25rem;font-size:2rem;line-height:1.2}
section>h2{margin:3rem 0 0.25rem;padding-bottom:0.25rem;border-bottom:1px solid var(--line);font-size:1.4rem}
article{margin:1.25rem 0;padding:1rem 1.25rem;border:1px solid var(--line);border-radius:0.5rem}
article h3{margin:0;font-size:1rem;overflow-wrap:anywhere}
article h3 code{font-size:1rem}
article h4{margin:1rem 0 0.25rem;font-size:0.9rem}
article p{margin:0.25rem 0}
.method{display:inline-block;min-width:3.2rem;font-weight:700;font-size:0.8rem}
.get{color:var(--get)}.post{color:var(--post)}.options{color:var(--soft)}
.access{color:var(--soft);font-size:0.875rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:0.925rem}
th,td{text-align:left;vertical-align:top;padding:0.35rem 0.75rem 0.35rem 0;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:400;font-size:0.85rem}
tbody th{font-weight:400;white-space:nowrap}
td{min-width:8rem;overflow-wrap:anywhere}
td:nth-child(2){width:34%}
pre{overflow-x:auto;margin:0.25rem 0;padding:0.6rem 0.8rem;background:var(--panel);border-radius:0.35rem}
@media (max-width:48rem){body{display:block}nav{position:static;height:auto;border-right:0;border-bottom:1px solid var(--line)}}
@media print{nav{display:none}body{display:block}}
`;
