// How the banner looks. Pages choose two colours, the corners and the font; both buttons share one rule, and the colour
// of text is computed from what lies under it, so no theme can favour a button or make one unreadable.

/** Black or white, whichever has more contrast on a colour: WCAG's luminance is the Y of XYZ, the middle is at 0.18. */
const inkOn = (color: string): string => {
  const part = (white: number): string => `clamp(0, (.18 - y) * 1e6, ${white})`;
  return `color(from ${color} xyz-d65 ${part(0.9505)} ${part(1)} ${part(1.089)})`;
};

export const STYLE = `
:host { --paper: #fff; --ink: #16191d; --fill: #1f4e79; --on-fill: #fff; color-scheme: light dark }
@media (prefers-color-scheme: dark) { :host { --paper: #1b1f24; --ink: #f3f5f7; --fill: #8ab4f8; --on-fill: #0c1116 } }
@supports (color: color(from red xyz-d65 x y z)) {
  .box {
    --bg: color(from var(--candor-background, var(--paper)) xyz-d65 x y z);
    --button: color(from var(--candor-accent, var(--fill)) xyz-d65 x y z);
    background: var(--bg); color: ${inkOn('var(--bg)')}
  }
  .choice { background: var(--button); color: ${inkOn('var(--button)')} }
}
@supports not (color: color(from red xyz-d65 x y z)) {
  .box { background: var(--paper); color: var(--ink) }
  .choice { background: var(--fill); color: var(--on-fill) }
}
* { box-sizing: border-box; font: inherit; letter-spacing: normal }
.box {
  position: fixed; z-index: 2147483000; inset-inline-start: 1rem; bottom: 1rem;
  border: 1px solid; border-radius: var(--candor-radius, .5rem);
  font: 1rem/1.5 var(--candor-font, system-ui, sans-serif); text-align: start
}
.dialog { inset-inline-end: 1rem; max-width: 30rem; max-height: calc(100vh - 2rem); overflow: auto; padding: 1rem }
h2 { margin: 0; padding-inline-end: 2.5rem; font-size: 1.125rem; font-weight: bold }
p, ul { margin: .5rem 0 }
ul { padding-inline-start: 1.25rem }
.choices { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin: 1rem 0 .5rem }
button, summary, a { min-height: 2.75rem; color: inherit; cursor: pointer }
summary, a { padding: .625rem 0 }
summary { width: fit-content }
a { display: inline-block }
.choice {
  padding: .625rem 1rem; border: 2px solid; border-radius: var(--candor-radius, .5rem); font-weight: bold;
  overflow-wrap: anywhere
}
.choice:hover { text-decoration: underline }
.close { position: absolute; top: .5rem; inset-inline-end: .5rem; width: 2.75rem; border: 0; background: none; font-size: 1.5rem; line-height: 1 }
.settings { padding: .25rem 1rem; font-size: .875rem }
:focus-visible { outline: 3px solid; outline-offset: 2px }
.dialog:focus { outline: none }
@media (prefers-reduced-motion: no-preference) { .dialog { animation: appear .2s } @keyframes appear { from { opacity: 0 } } }
`;
