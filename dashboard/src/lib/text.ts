/** All texts of the interface by key, so that another language is another table. */
const english = {
  "app.name": "Candor",
  "state.loading": "Loading",
  "state.empty": "Nothing was recorded in this period.",
  "state.error": "This could not be loaded.",
  "state.retry": "Try again",
  "state.noAccess": "Your account may not see this site.",
  "state.noSites":
    "There is no site yet, or none that you may see. Add one with `candor site add`, paste the snippet that `candor snippet` prints into its pages, then load this page again.",
  "lost.site": "There is no such site, or your account may not see it.",
  "lost.period": "The period in the address can't be read. It is one of day, week, month and year.",
  "lost.date": "The date in the address can't be read. It looks like 2026-01-31, or is today or yesterday.",
  "lost.page": "There is no such page.",
  "lost.back": "Go to the overview",
  "session.title": "Sign in",
  "session.login": "Login",
  "session.password": "Password",
  "session.submit": "Sign in",
  "session.wrong": "The login or the password is wrong.",
  "session.tooMany": "Too many wrong passwords came from your address. Wait an hour, then try again.",
  "session.signOut": "Sign out",
  "session.needsSetup":
    "There is no account yet. The first is made with the set-up link that Candor prints when it starts: look for it in the server's log, for instance where you started `candor serve`.",
  "setup.title": "Make the first account",
  "setup.intro": "It may do everything: add sites, invite people, change privacy rules.",
  "setup.next":
    "After this: add a site with `candor site add`, paste the snippet that `candor snippet` prints into its pages, and the first visit shows up here within seconds.",
  "setup.email": "E-mail address",
  "setup.submit": "Make the account",
  "scope.site": "Site",
  "scope.period": "Period",
  "scope.date": "Date",
  "scope.earlier": "Earlier",
  "scope.later": "Later",
  "period.day": "Day",
  "period.week": "Week",
  "period.month": "Month",
  "period.year": "Year",
  "nav.label": "Reports",
  "nav.overview": "Overview",
  "nav.live": "Live visits",
  "overview.visits": "Visits",
  "overview.uniqueVisitors": "Unique visitors",
  "overview.actions": "Actions",
  "overview.bounceRate": "Bounce rate",
  "overview.visitTime": "Time a visit",
  "overview.overTime": "Visits over time",
  "overview.chart": "Visits a day; the table below the chart lists the same numbers",
  "overview.asTable": "As a table",
  "live.title": "Live visits",
  "live.now": "In the last 30 minutes – visits: {visits}, actions: {actions}",
  "live.action": "1 action",
  "live.actions": "{count} actions",
  "live.new": "New",
  "live.returning": "Returning",
  "report.share": "Share",
  "report.more": "Show more",
  "report.unnamed": "Without a name",
  "report.allOf": "All reports: {category}",
} as const;

export type TextKey = keyof typeof english;

/** The text of a key; `{name}` is replaced by the value of that name. */
export function text(key: TextKey, values: Record<string, string | number> = {}): string {
  return english[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
