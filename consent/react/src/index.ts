// `@candor/react`: gates the tracker, follows routes, shows the banner. Nothing here runs on a server but the markup.
import { createContext, createElement, useCallback, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { Consent, type Choice, type Settings } from '../../src/consent.ts';
import { defineConsent, type CandorConsent, type Languages } from '../../src/element.ts';
import { en } from '../../src/languages/en.ts';
import { BACKLOGS, strictLoader, type Backlog } from '../../src/loader.ts';
import type { Shown } from '../../src/receipt.ts';
import { watchRoutes } from './routes.ts';

export type { Choice, Languages, Settings, Shown };

export interface TrackingProps extends Partial<Omit<Settings, 'site'>> {
  /** Address of Candor, with or without a slash at its end. */
  url: string;
  siteId: string | number;
  backlog?: Backlog;
  /** Whether a new route of the history is a page view; true unless told. */
  routes?: boolean;
  /** Whether each choice is recorded at that address; true unless told. */
  receipts?: boolean;
  children?: ReactNode;
}

const Context = createContext<Consent | null>(null);

/** A page has one loader, however often a provider is mounted. */
let isLoaded = false;

/** At the root of an application: nothing is requested or stored before the visitor agrees. */
export function TrackingProvider({
  url, siteId, backlog = 'current-page', routes = true, receipts = true, children, ...settings
}: TrackingProps) {
  const { version, days, signals, mirror, purposes, countShown } = settings;
  const consent = useMemo(() => {
    const all = { version, days, signals, mirror, purposes, countShown, url: receipts ? url : '', site: String(siteId) };
    return new Consent(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));
  }, [version, days, signals, mirror, purposes, countShown, receipts, url, siteId]);
  useEffect(() => {
    if (!isLoaded) {
      isLoaded = true;
      const { version, signals } = consent.settings;
      strictLoader(url.replace(/\/?$/, '/'), String(siteId), BACKLOGS.indexOf(backlog), version, Number(signals !== 'ignore'));
    }
    consent.start();
  }, [consent, url, siteId, backlog]);
  useEffect(() => (routes ? watchRoutes() : undefined), [routes]);
  return createElement(Context.Provider, { value: consent }, children);
}

/** For a banner of one's own: the choice (null: ask), and what the visitor can do. Undefined until the page is live.
 *  The receipt of a choice tells the text that was `shown`. */
export function useConsent(shown?: Shown): { choice: Choice | null | undefined; accept(): void; reject(): void } {
  const consent = useContext(Context);
  if (!consent) throw new Error('useConsent needs a <TrackingProvider> above it');
  const choice = useSyncExternalStore(consent.subscribe, () => consent.choice, () => undefined);
  return { choice, accept: () => consent.choose('accepted', 'script', shown), reject: () => consent.choose('rejected', 'script', shown) };
}

export interface BannerProps {
  /** English unless told; the first one stands in for those that are missing. */
  languages?: Languages;
  lang?: string;
  show?: 'delay' | 'scroll' | 'interaction' | 'idle';
  delay?: number;
  /** Address of the privacy policy. */
  policy?: string;
  /** `none`: the site has a control of its own that opens the banner. */
  settings?: 'none';
}

/** The banner of the provider above it. */
export function ConsentBanner({ languages, ...attributes }: BannerProps) {
  const consent = useContext(Context);
  if (!consent) throw new Error('<ConsentBanner> needs a <TrackingProvider> above it');
  // In the same task as its insertion: the element begins one microtask later.
  const share = useCallback((element: CandorConsent | null) => {
    if (element) element.consent = consent;
  }, [consent]);
  useEffect(() => defineConsent(languages || { en }), [languages]);
  return createElement('candor-consent', { ref: share, ...attributes });
}
