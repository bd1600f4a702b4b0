// Names of earlier days that pages still use.
import type { SiteId } from './tracker.ts';

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** Settings that were variables of the page. */
const SETTINGS = {
  piwik_tracker_pause: 'setLinkTrackingTimer',
  piwik_download_extensions: 'setDownloadExtensions',
  piwik_hosts_alias: 'setDomains',
  piwik_ignore_classes: 'setIgnoreClasses',
};

export function publishLegacy(matomo: Record<string, unknown>): void {
  const page = window as unknown as Record<string, unknown> & { define?: ((...args: unknown[]) => void) & { amd?: unknown } };
  const date = Date.prototype as unknown as Record<string, unknown>;
  date.getTimeAlias = Date.prototype.getTime;

  page.piwik_log = (title: string, siteId: SiteId, url: string, data: unknown) => {
    const tracker = (matomo.getTracker as (url: string, siteId: SiteId) => Methods)(url, siteId);
    for (const [name, method] of Object.entries(SETTINGS)) {
      if (page[name]) tracker[method](page[name]);
    }
    tracker.setDocumentTitle(title);
    tracker.setCustomData(data);
    tracker.trackPageView();
    if (!page.piwik_install_tracker) return;
    page.piwik_track = (link: string, _site: SiteId, _url: string, kind: string) => tracker.trackLink(link, kind);
    tracker.enableLinkTracking();
  };

  if (page.define?.amd) ['piwik', 'matomo'].forEach((name) => page.define!(name, [], () => matomo));
}
