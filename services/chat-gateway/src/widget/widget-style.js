/**
 * Colours follow the visitor's light or dark; a site that has only one says `throughline-chat { color-scheme: light }`.
 * Every text is 4.5:1 or better on its ground. Sides are logical, so a site that reads from right to left gets it mirrored.
 */
export const STYLE = `
:host {
  --text: light-dark(#1b2128, #e8ebee); --quiet: light-dark(#55606c, #a9b4bf); --ground: light-dark(#fff, #14181c);
  --theirs: light-dark(#f0f2f5, #252c33); --own: light-dark(#dbe9fc, #153a66); --line: light-dark(#d5dae0, #39424b);
  --edge: light-dark(#75808c, #7d8995); --accent: light-dark(#0b5cad, #8cc0ff); --on-accent: light-dark(#fff, #0b1f36);
  --wrong: light-dark(#a4161a, #ff9b94);
  color-scheme: light dark; display: flex; flex-direction: column; box-sizing: border-box; height: 36rem; max-height: 100dvh;
  min-height: 16rem; overflow: hidden; font: 1rem/1.45 system-ui, sans-serif; text-align: start; color: var(--text);
  background: var(--ground);
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
.head { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 3.25rem;
  padding: .25rem 1rem; border-block-end: 1px solid var(--line); }
h2 { margin: 0; font-size: 1rem; font-weight: 600; }
.body { position: relative; flex: 1; min-height: 0; }
.log { height: 100%; overflow-y: auto; padding: 1rem; overscroll-behavior: contain; }
.log:focus-visible { outline-offset: -3px; }
ol { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: .875rem; }
li { align-self: flex-start; max-width: min(88%, 36rem); }
li.customer { align-self: flex-end; }
.who { display: flex; flex-wrap: wrap; gap: 0 .5rem; margin-block-end: .25rem; font-size: .8125rem; color: var(--quiet); }
.who b { font-weight: 600; }
li.customer .who { justify-content: flex-end; }
.text { display: block; padding: .5rem .75rem; border: 1px solid transparent; border-radius: .75rem;
  background: var(--theirs); white-space: pre-wrap; overflow-wrap: anywhere; }
li.customer .text { background: var(--own); }
li.waiting .text { border: 1px dashed var(--edge); }
li.refused .text { border: 1px solid var(--wrong); }
li.refused .state { color: var(--wrong); }
.empty { margin: 0; padding-block-start: 18%; text-align: center; color: var(--quiet); text-wrap: balance; }
.latest { position: absolute; inset-block-end: .5rem; inset-inline: 0; margin-inline: auto; width: fit-content; }
.status { margin: 0; padding: .25rem 1rem; min-height: 1.9rem; font-size: .875rem; color: var(--quiet); }
form { padding: 0 1rem 1rem; }
.row { display: flex; align-items: flex-end; gap: .5rem; }
.problem { margin: 0 0 .5rem; font-size: .875rem; color: var(--wrong); }
textarea { flex: 1; min-width: 0; min-height: 2.75rem; max-height: 9rem; padding: .6rem .75rem; font: inherit; font-size: max(1rem, 16px);
  color: inherit; background: var(--ground); border: 1px solid var(--edge); border-radius: .75rem; resize: none; field-sizing: content; }
textarea:focus-visible { outline-offset: -1px; outline-width: 2px; }
textarea::placeholder { color: var(--quiet); opacity: 1; }
textarea[aria-invalid="true"] { border-color: var(--wrong); }
button { min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; color: var(--on-accent);
  background: var(--accent); border: 1px solid transparent; border-radius: .75rem; cursor: pointer; }
button.plain { min-height: 2.5rem; padding-inline: .75rem; font-weight: 400; color: var(--accent); background: none; border-color: var(--line); }
button.latest { color: var(--text); background: var(--ground); border-color: var(--edge); min-height: 2.5rem; font-weight: 400; }
.over { padding: 0 1rem 1rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (prefers-reduced-motion: no-preference) {
  li.new { animation: come .16s ease-out; }
  @keyframes come { from { opacity: 0; } }
}`;
