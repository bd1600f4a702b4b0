// `@candor/consent/adapters`: sites that have a consent manager already. Each function follows one of them and turns
// what it says in public into the tracker's consent calls; each returns how to stop. Nothing is stored here: the
// manager remembers, and tells again on the next page.

type Call = [name: 'setConsentGiven' | 'forgetConsentGiven'];
type Stop = () => void;
type Listener = (event: Event) => void;

const page = (): any => window;

/** Tells the first decision and changes; a no that was remembered here ends a yes that was remembered elsewhere. Undefined,
 *  nothing decided yet, ends a yes of this page and is no refusal otherwise. */
function teller(): (isGiven: boolean | undefined) => void {
  let told: boolean | undefined;
  return (isGiven) => {
    if (isGiven === told || (isGiven === undefined && !told)) return;
    told = Boolean(isGiven);
    const call: Call = [told ? 'setConsentGiven' : 'forgetConsentGiven'];
    (page()._paq = page()._paq || []).push(call);
  };
}

function listen(target: EventTarget, names: string[], work: Listener): Stop {
  names.forEach((name) => target.addEventListener(name, work));
  return () => names.forEach((name) => target.removeEventListener(name, work));
}

interface CookieConsentLibrary {
  validConsent(): boolean;
  acceptedCategory(name: string): boolean;
}

/** vanilla-cookieconsent 3: a category of its configuration. Call it before or, with the library given, after `run`. */
export function followCookieConsent(category = 'analytics', library?: CookieConsentLibrary): Stop {
  const tell = teller();
  if (library && library.validConsent()) tell(library.acceptedCategory(category));
  return listen(window, ['cc:onConsent', 'cc:onChange'], (event) =>
    tell((event as CustomEvent).detail.cookie.categories.includes(category)));
}

interface KlaroManager {
  confirmed: boolean;
  getConsent(service: string): boolean;
  watch(watcher: object): void;
  unwatch(watcher: object): void;
}

/** Klaro: a service of its configuration. `manager` is what `klaro.getManager()` returns. */
export function followKlaro(manager: KlaroManager, service = 'matomo'): Stop {
  const tell = teller();
  // A default is no decision before the visitor has confirmed it.
  const look = (): void => tell(manager.confirmed ? manager.getConsent(service) : undefined);
  // Switches move before they are saved; only what is saved counts.
  const watcher = { update: (_: unknown, what: string) => { if (what === 'saveConsents' || what === 'applyConsents') look(); } };
  manager.watch(watcher);
  look();
  return () => manager.unwatch(watcher);
}

/** tarteaucitron: the key of a service, by default the one for a Matomo of one's own. */
export function followTarteaucitron(service = 'matomo'): Stop {
  const tell = teller();
  // Neither true nor false while the visitor is asked.
  const look = (): void => tell(page().tarteaucitron?.state[service]);
  look();
  // What is remembered comes as `added`; only what is chosen now has an event of its own.
  return listen(document, ['added', 'allowed', 'disallowed'].map((end) => `${service}_${end}`), look);
}

/** Cookiebot: one of its four categories. */
export function followCookiebot(category: 'preferences' | 'statistics' | 'marketing' = 'statistics'): Stop {
  const tell = teller();
  const look = (): void => {
    const { Cookiebot } = page();
    if (Cookiebot && Cookiebot.hasResponse) tell(Boolean(Cookiebot.consent[category]));
  };
  look();
  return listen(window, ['CookiebotOnConsentReady', 'CookiebotOnAccept', 'CookiebotOnDecline'], look);
}

/** OneTrust: the id of a group, by default the one for performance. */
export function followOneTrust(group = 'C0002'): Stop {
  const tell = teller();
  // It lists groups before its banner is answered too: one that is missing then was not refused.
  const look = (groups: string[]): void => tell(groups.includes(group) || (page().OneTrust?.IsAlertBoxClosed() ? false : undefined));
  const active = page().OnetrustActiveGroups;
  if (typeof active === 'string') look(active.split(','));
  return listen(window, ['OneTrustGroupsUpdated'], (event) => look((event as CustomEvent<string[]>).detail));
}

/** Osano: one of its categories. Its script must be there first, as it asks for itself. */
export function followOsano(category = 'ANALYTICS'): Stop {
  const tell = teller();
  const { cm } = page().Osano;
  // Undefined before the visitor has decided.
  const look = (consent?: Record<string, string>): void => {
    if (consent) tell(consent[category] === 'ACCEPT');
  };
  const names = ['osano-cm-initialized', 'osano-cm-consent-saved'];
  names.forEach((name) => cm.addEventListener(name, look));
  return () => names.forEach((name) => cm.removeEventListener(name, look));
}
