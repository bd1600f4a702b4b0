/** Numbers, shares and times for people, in the browser's language. */

const whole = new Intl.NumberFormat();
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });

export function formatNumber(value: number): string {
  return whole.format(value);
}

/** A ratio, 0.5 = 50 %. */
export function formatShare(ratio: number): string {
  return percent.format(Number.isFinite(ratio) ? ratio : 0);
}

/** Seconds as `1 h 02 min`, `3 min 20 s` or `45 s`. */
export function formatDuration(seconds: number): string {
  const total = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} min`;
  if (minutes > 0) return `${minutes} min ${String(rest).padStart(2, "0")} s`;
  return `${rest} s`;
}

/** An amount of money; as a plain number where the currency isn't one that the browser knows. */
function formatMoney(amount: number, currency: string): string {
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(amount);
  } catch {
    return formatNumber(amount);
  }
}

/** A value of the API for a metric: percentages come as text, times and money are named so. */
export function formatMetric(metric: string, value: string | number | undefined, currency: string): string {
  if (value === undefined) return "–";
  if (typeof value === "string" && Number.isNaN(Number(value))) return value;
  const number = Number(value);
  if (/(^|_)(avg_time|sum_visit_length|time)(_|$)/.test(metric)) return formatDuration(number);
  if (/_rate$|_percentage$/.test(metric)) return formatShare(number);
  if (/(^|_)(revenue|price)(_|$)/.test(metric)) return formatMoney(number, currency);
  return formatNumber(number);
}

/** `2026-11-21` as a date in the browser's language. */
export function formatDay(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  const at = new Date(Date.UTC(year ?? 1970, (month ?? 1) - 1, date ?? 1));
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" }).format(at);
}

/** A time of the API (`2026-11-21T12:30:00Z`) in the browser's language and zone; as it is where it is none. */
export function formatTime(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" }).format(at);
}
