// `@candor/consent/adapters`: sites that have a consent manager already. Each function follows one of them and turns
// what it says in public into the tracker's consent calls; each returns how to stop. Nothing is stored here: the
// manager remembers, and tells again on the next page.
import { deleteCookies, hasOptedOut, OPT_OUT, TRACKING } from './memory.ts';
import { giveConsent, page, push } from './tracker.ts';

type Stop = () => void;
type Listener = (event: Event) => void;

/** `isNew`: chosen on this page, not remembered from an earlier one. */
type Tell = (isGiven: boolean | undefined, isNew?: boolean) => void;

/** Tells the first decision and changes; a no that was remembered here ends a yes that was remembered elsewhere. Undefined,
 *  nothing decided yet, ends a yes of this page and is no refusal otherwise. */
function teller(): Tell {
  let told: boolean | undefined;
  return (isGiven, isNew) => {
    // Who opted out since the manager asked meant all of it; only a new choice lifts that.
    if (isGiven && !isNew && !told && hasOptedOut()) isGiven = false;
    if (isGiven === told || (isGiven === undefined && !told)) return;
    told = Boolean(isGiven);
    if (told) {
      // The manager may load the page anew before the tracker has come to remove it.
      if (isNew) deleteCookies(OPT_OUT);
      giveConsent('setConsentGiven');
    } else {
      push('forgetConsentGiven');
      // A tracker that is never loaded would leave them.
      deleteCookies(TRACKING);
    }
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
  // Only what is remembered comes as `cc:onConsent` alone.
  return listen(window, ['cc:onFirstConsent', 'cc:onConsent', 'cc:onChange'], ({ type, detail }: CustomEventInit & Event) =>
    tell(detail.cookie.categories.includes(category), type !== 'cc:onConsent'));
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
  const look = (what?: string): void => tell(manager.confirmed ? manager.getConsent(service) : undefined, what === 'saveConsents');
  // Switches move before they are saved; only what is saved counts.
  const watcher = { update: (_: unknown, what: string) => { if (what === 'saveConsents' || what === 'applyConsents') look(what); } };
  manager.watch(watcher);
  look();
  return () => manager.unwatch(watcher);
}

/** tarteaucitron: the key of a service, by default the one for a Matomo of one's own. */
export function followTarteaucitron(service = 'matomo'): Stop {
  const tell = teller();
  // Neither true nor false while the visitor is asked.
  const look = (event?: Event): void => tell(page().tarteaucitron?.state[service], event?.type === `${service}_allowed`);
  look();
  // What is remembered comes as `added`; only what is chosen now has an event of its own.
  return listen(document, ['added', 'allowed', 'disallowed'].map((end) => `${service}_${end}`), look);
}

/** Cookiebot: one of its four categories. */
export function followCookiebot(category: 'preferences' | 'statistics' | 'marketing' = 'statistics'): Stop {
  const tell = teller();
  // What is remembered and what is chosen have the same events; it is chosen here when the dialog was there.
  let hasAsked = false;
  const look = (event?: Event): void => {
    const { Cookiebot } = page(), isAsking = event?.type === 'CookiebotOnDialogDisplay';
    if (isAsking || (Cookiebot && !Cookiebot.hasResponse)) hasAsked = true;
    else if (Cookiebot) tell(Boolean(Cookiebot.consent[category]), hasAsked);
  };
  look();
  return listen(window, ['DialogDisplay', 'ConsentReady', 'Accept', 'Decline'].map((end) => `CookiebotOn${end}`), look);
}

/** OneTrust: the id of a group, by default the one for performance. */
export function followOneTrust(group = 'C0002'): Stop {
  const tell = teller();
  // What it says first on a page was there before: a yes is new when it said something else until then.
  let wasGiven: boolean | undefined = true;
  const look = (groups: string[]): void => {
    // It lists groups before its banner is answered too: one that is missing then was not refused.
    const isGiven = groups.includes(group) || (page().OneTrust?.IsAlertBoxClosed() ? false : undefined);
    tell(isGiven, !wasGiven);
    wasGiven = isGiven;
  };
  const active = page().OnetrustActiveGroups;
  if (typeof active === 'string') look(active.split(','));
  return listen(window, ['OneTrustGroupsUpdated'], (event) => look((event as CustomEvent<string[]>).detail));
}

/** Osano: one of its categories. Its script must be there first, as it asks for itself. */
export function followOsano(category = 'ANALYTICS'): Stop {
  const tell = teller();
  const { cm } = page().Osano;
  // Undefined before the visitor has decided.
  const look = (isNew: boolean) => (consent?: Record<string, string>): void => {
    if (consent) tell(consent[category] === 'ACCEPT', isNew);
  };
  const listeners = { 'osano-cm-initialized': look(false), 'osano-cm-consent-saved': look(true) };
  Object.entries(listeners).forEach(([name, work]) => cm.addEventListener(name, work));
  return () => Object.entries(listeners).forEach(([name, work]) => cm.removeEventListener(name, work));
}
