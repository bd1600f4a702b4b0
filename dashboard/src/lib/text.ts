/** All texts of the interface by key, so that another language is another table. */
const english = {
  "app.name": "Candor",
  "state.loading": "Loading",
  "state.empty": "Nothing was recorded in this period.",
  "state.error": "This could not be loaded.",
  "state.retry": "Try again",
  "state.noAccess": "Your account may not see this site.",
  "state.noSites":
    "There is no site yet. Add one with `candor site add`, then put its snippet on your pages.",
  "session.title": "Sign in",
  "session.login": "Login",
  "session.password": "Password",
  "session.submit": "Sign in",
  "session.wrong": "The login or the password is wrong.",
  "session.tooMany": "Too many tries. Wait a few minutes.",
  "session.signOut": "Sign out",
  "setup.title": "Make the first account",
  "setup.intro": "It may do everything: add sites, invite people, change privacy rules.",
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
  "report.others": "Others",
} as const;

export type TextKey = keyof typeof english;

/** The text of a key; `{name}` is replaced by the value of that name. */
export function text(key: TextKey, values: Record<string, string | number> = {}): string {
  return english[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
