import { type ReportInfo, type Site, type SiteScope, useCatalogue, useSites } from "../api/reports";
import { useSession, useSignOut } from "../api/session";
import { Currency } from "../components/currency";
import { Loaded } from "../components/States";
import { ConsentPage } from "../features/consent/ConsentPage";
import { LiveVisits } from "../features/live/LiveVisits";
import { Overview } from "../features/overview/Overview";
import { CategoryPage } from "../features/reports/CategoryPage";
import { ScopeBar } from "../features/scope/ScopeBar";
import { SetUp } from "../features/session/SetUp";
import { SignIn } from "../features/session/SignIn";
import { unreadable, useScope } from "../lib/scope";
import { text } from "../lib/text";
import { Navigation } from "./Navigation";

/** What the address asks for isn't there; the way back leads to what is. */
function Lost({ what }: { what: "site" | "period" | "date" | "page" }) {
  return (
    <div className="note lost" role="alert">
      <p>{text(`lost.${what}`)}</p>
      <a href="/">{text("lost.back")}</a>
    </div>
  );
}

const LIVE_VISITS = 50;

/** The whole dashboard: set-up or sign-in first, then the pages. */
export function App() {
  const session = useSession();
  const setup = new URLSearchParams(window.location.search).get("setup");
  return (
    <Loaded query={session}>
      {(who) => {
        if ("login" in who) return <Pages login={who.login} />;
        return setup ? <SetUp token={setup} /> : <SignIn needsSetup={who.needs_setup} />;
      }}
    </Loaded>
  );
}

function Pages({ login }: { login: string }) {
  const signOut = useSignOut();
  return (
    <div className="frame">
      <header className="top">
        <a className="brand" href="/">
          <img src="/icon.svg" alt="" width="24" height="24" /> {text("app.name")}
        </a>
        <p className="account">
          {login}{" "}
          <button type="button" onClick={() => signOut.mutate()}>
            {text("session.signOut")}
          </button>
        </p>
      </header>
      <Loaded query={useSites()}>{(sites) => <SitePages sites={sites} />}</Loaded>
    </div>
  );
}

function SitePages({ sites }: { sites: Site[] }) {
  const [scope, change] = useScope();
  const catalogue = useCatalogue();
  const site =
    sites.find((s) => Number(s.idsite) === scope.site) ?? (scope.site === undefined ? sites[0] : undefined);
  const [wrong] = unreadable(window.location.search);
  if (wrong) return <Lost what={wrong} />;
  if (sites.length === 0) return <p className="note">{text("state.noSites")}</p>;
  if (!site) return <Lost what="site" />;
  const siteScope = { ...scope, site: Number(site.idsite) };
  return (
    <Loaded query={catalogue}>
      {(reports) => (
        <Currency value={site.currency}>
          <Navigation reports={reports} page={scope.page} />
          <main>
            <h1 className="visually-hidden">{site.name}</h1>
            <ScopeBar sites={sites} site={siteScope.site} scope={scope} change={change} />
            <Page scope={siteScope} reports={reports} />
          </main>
        </Currency>
      )}
    </Loaded>
  );
}

/** What stands below the scope. */
function Page({ scope, reports }: { scope: SiteScope; reports: ReportInfo[] }) {
  switch (scope.page) {
    case "overview":
      return (
        <>
          <h2 className="visually-hidden">{text("nav.overview")}</h2>
          <Overview scope={scope} reports={reports} />
        </>
      );
    case "live":
      return (
        <>
          <h2 className="visually-hidden">{text("nav.live")}</h2>
          <LiveVisits site={scope.site} limit={LIVE_VISITS} />
        </>
      );
    case "consent":
      return (
        <>
          <h2 className="visually-hidden">{text("nav.consent")}</h2>
          <ConsentPage scope={scope} />
        </>
      );
    default:
      return reports.some((report) => report.category === scope.page) ? (
        <CategoryPage category={scope.page} reports={reports} scope={scope} />
      ) : (
        <Lost what="page" />
      );
  }
}
