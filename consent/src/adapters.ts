// `@candor/consent/adapters`: sites that have a consent manager already. Each function follows one of them and turns
// what it says in public into the tracker's consent calls; each returns how to stop. Nothing is stored here: the
// manager remembers, and tells again on the next page.

type Call = [name: 'setConsentGiven' | 'forgetConsentGiven'];
type Stop = () => void;
type Listener = (event: Event) => void;

const page = (): any => window;

/** Tells changes only; a no before any yes is what the tracker expects anyway. */
function teller(): (isGiven: boolean) => void {
  let told = false;
  return (isGiven) => {
    if (isGiven === told) return;
    told = isGiven;
    const call: Call = [isGiven ? 'setConsentGiven' : 'forgetConsentGiven'];
    (page()._paq = page()._paq || []).push(call);
  };
}

function listen(target: EventTarget, names: string[], work: Listener): Stop {
  names.forEach((name) => target.addEventListener(name, work));
  return () => names.forEach((name) => target.removeEventListener(name, work));
}

/** vanilla-cookieconsent 3: a category of its configuration. Call it before or, with the library given, after `run`. */
export function followCookieConsent(category = 'analytics', library?: { acceptedCategory(name: string): boolean }): Stop {
  const tell = teller();
  if (library && library.acceptedCategory(category)) tell(true);
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
  // A default is no consent before the visitor has confirmed it.
  const look = (): void => tell(manager.confirmed && manager.getConsent(service));
  // Switches move before they are saved; only what is saved counts.
  const watcher = { update: (_: unknown, what: string) => { if (what === 'saveConsents' || what === 'applyConsents') look(); } };
  manager.watch(watcher);
  look();
  return () => manager.unwatch(watcher);
}

/** tarteaucitron: the key of a service, by default the one for a Matomo of one's own. */
export function followTarteaucitron(service = 'matomo'): Stop {
  const tell = teller();
  const look = (): void => {
    const { tarteaucitron } = page();
    tell(Boolean(tarteaucitron) && tarteaucitron.state[service] === true);
  };
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
  const active = page().OnetrustActiveGroups;
  if (typeof active === 'string') tell(active.split(',').includes(group));
  return listen(window, ['OneTrustGroupsUpdated'], (event) => tell((event as CustomEvent<string[]>).detail.includes(group)));
}

/** Osano: one of its categories. Its script must be there first, as it asks for itself. */
export function followOsano(category = 'ANALYTICS'): Stop {
  const tell = teller();
  const { cm } = page().Osano;
  const look = (consent?: Record<string, string>): void => {
    if (consent) tell(consent[category] === 'ACCEPT');
  };
  const names = ['osano-cm-initialized', 'osano-cm-consent-saved'];
  names.forEach((name) => cm.addEventListener(name, look));
  return () => names.forEach((name) => cm.removeEventListener(name, look));
}
