/**
 * The style of the page, and what GraphiQL's own leaves out: colours with the contrast that WCAG AA asks for, and a layout for
 * a phone. Its background is dark from the first moment where the browser prefers dark, while scripts are still under way.
 */
export const PAGE_STYLE = `
:root { color-scheme: light dark; }
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; font: 14px/1.4 system-ui, sans-serif; background: #fff; color: #1f2733; }
h1 { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
#notice { margin: 0; padding: 6px 12px; background: #fff4d6; color: #4a3800; overflow-wrap: anywhere; }
#notice:empty { display: none; }
main { flex: 1; min-height: 0; }
#explorer { height: 100%; }
#explorer > iframe { width: 100%; height: 100%; border: 0; display: block; }
body:not(.graphiql-dark) .graphiql-container {
  --color-tertiary: 188, 100%, 25%; --color-info: 208, 100%, 36%; --color-warning: 36, 100%, 26%; --alpha-secondary: .9;
}
body .graphiql-container .graphiql-logo-link { display: inline-block; padding: 4px; }
body .cm-s-graphiql .CodeMirror-linenumber { color: hsla(var(--color-neutral), .9); }
@media (prefers-color-scheme: dark) {
  body { background: hsl(219, 29%, 18%); color: #dde3ee; }
  #notice { background: #3d3212; color: #ffe9ae; }
  body:not(.graphiql-light) .graphiql-container {
    --color-tertiary: 188, 100%, 44%; --color-info: 208, 100%, 72%; --color-warning: 30, 100%, 80%;
  }
}
@media (max-width: 700px) {
  .graphiql-container .graphiql-main { flex-direction: column; overflow-y: auto; }
  .graphiql-container .graphiql-main > div, .graphiql-container .graphiql-session > div { flex: 1 0 auto !important; max-width: 100%; }
  .graphiql-container .graphiql-sessions { max-height: none; margin: 0; }
  .graphiql-container .graphiql-session { flex-direction: column; }
  .graphiql-container .graphiql-session > div { min-height: 480px; }
  .graphiql-container .graphiql-response { min-height: 280px; }
  .graphiql-container .graphiql-horizontal-drag-bar { display: none; }
}
`;
