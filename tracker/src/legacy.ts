// Names of earlier days that pages still use.
import type { SiteId } from './tracker.ts';

export function publishLegacy(matomo: Record<string, unknown>): void {
  const page = window as unknown as Record<string, unknown> & { define?: ((...args: unknown[]) => void) & { amd?: unknown } };
  const date = Date.prototype as unknown as Record<string, unknown>;
  date.getTimeAlias = Date.prototype.getTime;

  const getTracker = matomo.getTracker as (url: string, siteId: SiteId) => Record<string, (...args: unknown[]) => void>;
  const prepare = (siteId: SiteId, url: string): Record<string, (...args: unknown[]) => void> => {
    const tracker = getTracker(url, siteId);
    if (page.piwik_tracker_pause) tracker.setLinkTrackingTimer(page.piwik_tracker_pause);
    if (page.piwik_download_extensions) tracker.setDownloadExtensions(page.piwik_download_extensions);
    if (page.piwik_hosts_alias) tracker.setDomains(page.piwik_hosts_alias);
    if (page.piwik_ignore_classes) tracker.setIgnoreClasses(page.piwik_ignore_classes);
    return tracker;
  };
  page.piwik_log = (title: string, siteId: SiteId, url: string, data: unknown) => {
    const tracker = prepare(siteId, url);
    tracker.setDocumentTitle(title);
    tracker.setCustomData(data);
    tracker.trackPageView();
    if (!page.piwik_install_tracker) return;
    page.piwik_track = (link: string, _site: SiteId, _url: string, kind: string) => tracker.trackLink(link, kind);
    tracker.enableLinkTracking();
  };

  if (typeof page.define === 'function' && page.define.amd) {
    for (const name of ['piwik', 'matomo']) page.define(name, [], () => matomo);
  }
}
