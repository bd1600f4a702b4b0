// What the tests of the banner share: a page that has it, and what a visitor does with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receipt, strict, withVisitor } from './browser.mjs';

/** The first hit of these pages. */
export const VIEW = 'action_name=Our shop consent=1';
export const head = (options) => `${strict(options)}<script src="/dist/script/en.js"></script>`;
export const ACCEPTED = { 'matomo-consent': 'accepted', 'matomo-consent-receipt': receipt() };
export const REJECTED = { 'matomo-consent': 'rejected', 'matomo-consent-receipt': receipt({ choice: 'rejected' }) };
/** What a choice stores. */
export const RECORD = ['matomo-consent', 'matomo-consent-receipt'];

export const isOpen = (me) => me.page.getByRole('dialog').isVisible();
export const press = (me, name) => me.page.getByRole('button', { name, exact: true }).click();

/** What has the focus, in its own words. */
export const focused = (me) => me.page.evaluate(() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.textContent && at.className !== 'close' ? at.textContent.slice(0, 20) : at.getAttribute('aria-label') ?? at.tagName;
});

/** A page with the banner, which has waited long enough; then `work`. */
export const shown = (name, { attributes = '', body = '<p>text</p>', see = {}, options, ...visitor }, work) => test(name, () =>
  withVisitor(visitor, async (me) => {
    await me.see({ head: head(options), body: `<candor-consent ${attributes}></candor-consent>${body}`, ms: 700, ...see });
    await work(me);
    assert.deepEqual([me.others, me.errors], [[], []]);
  }));
