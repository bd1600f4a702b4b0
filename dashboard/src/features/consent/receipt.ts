/** What a receipt says, for people. Its fields are those of ISO/IEC TS 27560; what is missing is left out. */
import { formatTime } from "../../lib/format";
import { type TextKey, text } from "../../lib/text";

type Fact = [name: TextKey, value: string];

/** The id in what was typed: alone, or in the address under which its visitor sees it. */
export function receiptId(typed: string): string | undefined {
  return /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/.exec(typed.toLowerCase())?.[0];
}

export function facts(receipt: unknown): Fact[] {
  const [given, ...later] = list(part(receipt, "event"));
  const processing = part(receipt, "pii_processing");
  const notice = part(processing, "privacy_notice");
  const purposes = list(part(processing, "purposes"));
  const [controller] = list(part(receipt, "party_identification"));
  const withdrawn = later.find((event) => part(event, "event_state") === "withdrawn");
  const all: Fact[] = [
    ["receipt.agreed", time(part(given, "event_time"))],
    ["receipt.until", time(part(given, "valid_until"))],
    ["receipt.withdrawn", withdrawn ? time(part(withdrawn, "event_time")) : text("receipt.notWithdrawn")],
    ["receipt.purposes", purposes.map((purpose) => word(part(purpose, "purpose"))).join(", ")],
    ["receipt.how", word(part(given, "method"))],
    ["receipt.signals", list(part(given, "signals")).map(word).join(", ")],
    ["receipt.site", word(part(receipt, "site"))],
    ["receipt.controller", word(part(controller, "party_name"))],
    ["receipt.regime", word(part(receipt, "regime"))],
    ["receipt.version", word(part(notice, "version"))],
    ["receipt.language", word(part(processing, "language"))],
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
