// `@candor/consent`: the headless core and the strict loader, for those who draw their own banner.
export { Consent, DEFAULTS, signalsSeen, type Choice, type Settings } from './consent.ts';
export type { How, Receipt, Shown } from './receipt.ts';
export { BACKLOGS, strictLoader, type Backlog } from './loader.ts';
