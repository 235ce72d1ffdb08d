import { type Markup, markup } from './markup.ts';

/** Of all pages; light or dark as the browser is. No fonts, pictures or scripts from elsewhere. */
export const styles: Markup = markup`
:root {
  color-scheme: light dark;
  --page: #f2f3f5; --card: #fff; --text: #1e1f22; --quiet: #4e5058; --line: #c9ccd3; --accent: #4752c4; --on-accent: #fff;
  --chosen: #eceefe; --warn: #fff4d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #1e1f22; --card: #2b2d31; --text: #f2f3f5; --quiet: #c4c7cf; --line: #4e5058; --accent: #a9b1ff; --on-accent: #0b0c1e;
    --chosen: #363a63; --warn: #463a16;
  }
}
* { box-sizing: border-box }
html { scroll-padding-bottom: 6rem }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
.sandbox { padding: .6rem 1rem; background: var(--warn); text-align: center; font-size: .9rem }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 6rem }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .75rem; text-wrap: balance }
p { margin: 0 0 .75rem; max-width: 44rem }
a { color: var(--accent) }
fieldset { border: 0; margin: 1.5rem 0 0; padding: 0; min-width: 0 }
legend { font-size: 1.15rem; font-weight: 600; padding: 0; margin-bottom: .6rem }
ul { margin: 0; padding: 0; list-style: none }
.asks li::before { content: "✓ "; color: var(--accent); font-weight: 700 }
.cards { display: grid; gap: .6rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18.5rem), 1fr)) }
.card { display: grid; grid-template-columns: auto 2.5rem 1fr; gap: .1rem .7rem; align-items: start;
  align-content: start; padding: .8rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; cursor: pointer }
.card:hover { border-color: var(--accent) }
.card:has(:checked) { background: var(--chosen); border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent) }
.card:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px }
.card.closed { cursor: default; opacity: .8 }
.card.closed:hover { border-color: var(--line) }
.card input { margin: .75rem 0 0; width: 1.1rem; height: 1.1rem; accent-color: var(--accent) }
.card img { width: 2.5rem; height: 2.5rem; border-radius: 50% }
.card .no-picture { grid-column: 2 / -1 }
.card input:has(+ .no-picture) { margin-top: .25rem }
.name { font-weight: 600; overflow-wrap: anywhere }
.handle { color: var(--quiet); font-size: .85rem; overflow-wrap: anywhere }
.headline { display: block; font-size: .9rem; font-weight: 600; color: var(--accent) }
.facts { grid-column: 1 / -1; margin-top: .4rem; font-size: .85rem; color: var(--quiet) }
.facts > span { display: block }
.facts b { color: var(--text); font-weight: 600 }
details { margin-top: 1rem }
summary { cursor: pointer; padding: .5rem 0; font-weight: 600 }
summary:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.box { display: flex; gap: .6rem; align-items: center; padding: .3rem 0 }
.box input { width: 1.1rem; height: 1.1rem; accent-color: var(--accent) }
.who { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: center }
.who img { width: 2rem; height: 2rem; border-radius: 50% }
.decide { position: fixed; inset: auto 0 0 0; background: var(--card); border-top: 1px solid var(--line) }
.decide div { max-width: 62rem; margin: 0 auto; padding: .75rem 1rem; display: flex; gap: .75rem }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .4rem 1.4rem; border-radius: 8px; cursor: pointer;
  border: 1px solid var(--line); background: transparent; color: inherit }
button.yes { background: var(--accent); border-color: var(--accent); color: var(--on-accent); flex: 0 1 16rem }
code { overflow-wrap: anywhere }
`;
