import { type Site, useCatalogue, useSites } from "../api/reports";
import { useSession, useSignOut } from "../api/session";
import { Loaded } from "../components/States";
import { LiveVisits } from "../features/live/LiveVisits";
import { Overview } from "../features/overview/Overview";
import { CategoryPage } from "../features/reports/CategoryPage";
import { ScopeBar } from "../features/scope/ScopeBar";
import { SetUp } from "../features/session/SetUp";
import { SignIn } from "../features/session/SignIn";
import { useScope } from "../lib/scope";
import { text } from "../lib/text";
import { Navigation } from "./Navigation";

const LIVE_VISITS = 50;

/** The whole dashboard: set-up or sign-in first, then the pages. */
export function App() {
  const session = useSession();
  const setup = new URLSearchParams(window.location.search).get("setup");
  return (
    <Loaded query={session}>
      {(who) => {
        if (who) return <Pages login={who.login} />;
        return setup ? <SetUp token={setup} /> : <SignIn />;
      }}
    </Loaded>
  );
}

function Pages({ login }: { login: string }) {
  const signOut = useSignOut();
  return (
    <div className="frame">
      <header className="top">
        <p className="brand">
          <img src="/icon.svg" alt="" width="24" height="24" /> {text("app.name")}
        </p>
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
  const site = sites.find((s) => Number(s.idsite) === scope.site) ?? sites[0];
  if (!site) return <p className="note">{text("state.noSites")}</p>;
  const siteScope = { ...scope, site: Number(site.idsite) };
  return (
    <Loaded query={catalogue}>
      {(reports) => (
        <>
          <Navigation reports={reports} page={scope.page} open={(page) => change({ page })} />
          <main>
            <h1 className="visually-hidden">{site.name}</h1>
            <ScopeBar sites={sites} site={siteScope.site} scope={scope} change={change} />
            {scope.page === "overview" && <h2 className="visually-hidden">{text("nav.overview")}</h2>}
            {scope.page === "live" && <h2 className="visually-hidden">{text("nav.live")}</h2>}
            {scope.page === "overview" && <Overview scope={siteScope} reports={reports} />}
            {scope.page === "live" && <LiveVisits site={siteScope.site} limit={LIVE_VISITS} />}
            {scope.page !== "overview" && scope.page !== "live" && (
              <CategoryPage category={scope.page} reports={reports} scope={siteScope} />
            )}
          </main>
        </>
      )}
    </Loaded>
  );
}
