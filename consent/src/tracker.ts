// What this code says to the tracker and to the strict loader in front of it: calls pushed into `_paq`.

export const page = (): any => window;

export function push(...call: [name: string, ...args: unknown[]]): void {
  (page()._paq = page()._paq || []).push(call);
}

/** Makes tracking wait for consent, unless it does: saying so again would take back a consent that was given. */
export function requireConsent(): void {
  const { Matomo, _paq } = page();
  // Until the tracker is there, what waits for it tells; as text, whatever it is.
  const isRequired = Matomo ? Matomo.getAsyncTracker()?.isConsentRequired() : /requireConsent/.test(_paq);
  if (!isRequired) push('requireConsent');
}

/** Gives consent. Hits say so only where it was required. */
export function giveConsent(...call: Parameters<typeof push>): void {
  requireConsent();
  push(...call);
}
