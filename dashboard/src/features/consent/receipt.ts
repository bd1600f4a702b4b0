/** What a receipt says, for people. Its fields are those of ISO/IEC TS 27560; what is missing is left out. */
import { formatTime } from "../../lib/format";
import { type TextKey, text } from "../../lib/text";

type Fact = [name: TextKey, value: string];

/** The id in what was typed: alone, or in the address under which its visitor sees it. */
export function receiptId(typed: string): string | undefined {
  return /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/.exec(typed.toLowerCase())?.[0];
}

export function facts(receipt: unknown): Fact[] {
  const event = part(receipt, "event");
  const notice = part(receipt, "privacy_notice");
  const purposes = list(part(receipt, "purposes")).map((purpose) => word(part(purpose, "purpose")));
  const withdrawn = word(part(receipt, "withdrawn_at"));
  const all: Fact[] = [
    ["receipt.agreed", time(part(event, "event_time"))],
    ["receipt.until", time(part(event, "valid_until"))],
    ["receipt.withdrawn", withdrawn ? time(withdrawn) : text("receipt.notWithdrawn")],
    ["receipt.purposes", purposes.join(", ")],
    ["receipt.how", word(part(event, "method"))],
    ["receipt.signals", list(part(event, "signals")).map(word).join(", ")],
    ["receipt.site", word(part(receipt, "site"))],
    ["receipt.version", word(part(notice, "version"))],
    ["receipt.language", word(part(notice, "language"))],
  ];
  return all.filter(([, value]) => value !== "");
}

function part(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? (of as Record<string, unknown>)[name] : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function word(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function time(value: unknown): string {
  return formatTime(word(value));
}
