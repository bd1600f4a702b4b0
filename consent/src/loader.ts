// The strict loader: no request and nothing stored before the visitor has agreed. It stands in front of `_paq` until
// the tracker is there, so whoever speaks the tracker's consent calls (banner, React, adapters, a page) opens the gate.
// It becomes the inline snippet, which may have 1 KB: dense, and nothing in it that another module can do later.

export type Call = [name: string, ...args: unknown[]];

/** What the page tracked before consent and is sent after it: nothing, what belongs to the last page view, all. */
export const BACKLOGS = ['none', 'current-page', 'all'] as const;
export type Backlog = typeof BACKLOGS[number];

/** @param url folder of `matomo.js` and `matomo.php`, with a slash at its end
 *  @param backlog place in `BACKLOGS`
 *  @param version of the consent text; what was agreed to under another one does not count
 *  @param signals whether Global Privacy Control and Do Not Track say no */
export function strictLoader(url: string, siteId: string, backlog: number, version: string, signals: number): void {
  const page = window as any, q = page._paq = page._paq || [], early = q.splice(0);
  const gated = /^(track|ping|queue|(set|remember)Cons|(forgetCons|optU))/;
  let given: unknown, script: any;
  const keep: (call: Call) => unknown = q.push.bind(q);
  const dropGated = () => q.splice(0).map((call: Call) => gated.test(call[0]) || keep(call));
  q.push = (...calls: Call[]) => calls.map((call) => {
    const name = call[0], [gate, , gives, takes] = gated.exec(name) || [];
    if (takes) {
      given = backlog = 0;
      dropGated();
      // The tracker on its way must know; one that never comes has nothing to forget.
      script && keep(call);
    } else if (gives) {
      if (given) return;
      given = 1;
      // The tracker takes this call before all that tracks, and `rememberConsentGiven` not.
      keep(['setConsentGiven']);
      gives < 's' && keep(call);
      if (script) return;
      script = document.createElement('script');
      script.src = url + 'matomo.js';
      document.head.append(script);
    } else if (!gate || given || backlog > 1 || (name == 'trackPageView' && dropGated(), backlog)) {
      keep(call);
    }
  });
  try {
    // Who opted out on an earlier page has refused what this one tracks.
    if (/mtm_consent_r/.test(document.cookie)) backlog = 0;
    else {
      const s = localStorage, found = JSON.parse(s['matomo-consent-receipt'] || 0);
      // That of a refusal is none.
      const receipt = found.choice == 'accepted' && found;
      s['matomo-consent'] == 'accepted' && !(receipt.expires < Date.now()) && (receipt.version || version) == version
        && !(signals && !receipt.signals && ((navigator as any).globalPrivacyControl || navigator.doNotTrack == '1'))
        && q.push(['setConsentGiven']);
    }
  } catch { /* storage is blocked: nothing is remembered */ }
  q.push(['requireConsent'], ['setTrackerUrl', url + 'matomo.php'], ['setSiteId', siteId], ...early,
    ['trackPageView'], ['enableLinkTracking']);
}
