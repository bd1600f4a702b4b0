// Names of earlier days that pages still use.
import type { SiteId } from './tracker.ts';

type Methods = Record<string, (...args: unknown[]) => unknown>;

export function publishLegacy(matomo: Record<string, unknown>): void {
  const page = window as unknown as Record<string, unknown> & { define?: ((...args: unknown[]) => void) & { amd?: unknown } };
  const date = Date.prototype as unknown as Record<string, unknown>;
  date.getTimeAlias = date.getTime;

  page.piwik_log = (title: string, siteId: SiteId, url: string, data: unknown) => {
    const tracker = (matomo.getTracker as (url: string, siteId: SiteId) => Methods)(url, siteId);
    tracker.setDocumentTitle(title);
    tracker.setCustomData(data);
    tracker.trackPageView();
    if (!page.piwik_install_tracker) return;
    page.piwik_track = (link: string, _site: SiteId, _url: string, kind: string) => tracker.trackLink(link, kind);
    tracker.enableLinkTracking();
  };

  if (page.define?.amd) ['piwik', 'matomo'].forEach((name) => page.define!(name, [], () => matomo));
}
