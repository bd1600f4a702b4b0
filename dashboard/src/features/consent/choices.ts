/** Sums of choices. A refusal is counted like any other choice: nothing here ranks or judges. */
import type { Schema } from "../../api/client";

/** What a question was answered with, each visit that was asked being in one of them. */
export const ANSWERS = ["accepted", "rejected", "signal", "no_choice"] as const;
export type Answer = (typeof ANSWERS)[number];

/** A withdrawal ends an agreement that was counted before, so it is no answer. */
export type Choices = Record<Answer | "withdrawn", number>;

export interface ChoicesOf {
  label: string;
  choices: Choices;
}

type Day = Schema["ConsentDay"];

export function sum(days: readonly Day[]): Choices {
  const all: Choices = { accepted: 0, rejected: 0, signal: 0, no_choice: 0, withdrawn: 0 };
  for (const day of days) {
    for (const name of [...ANSWERS, "withdrawn"] as const) all[name] += day[name];
  }
  return all;
}

/** Sums by date or by version, in the order in which they come. */
export function sumBy(days: readonly Day[], by: "date" | "version"): ChoicesOf[] {
  return [...new Set(days.map((day) => day[by]))].map((label) => ({
    label,
    choices: sum(days.filter((day) => day[by] === label)),
  }));
}

/** All that were asked, as far as pages tell of it. */
export function asked(choices: Choices): number {
  return ANSWERS.reduce((all, name) => all + choices[name], 0);
}

/** Which part of those asked agreed and is in the reports; `undefined` where nobody was asked. */
export function measured(choices: Choices): number | undefined {
  return asked(choices) > 0 ? choices.accepted / asked(choices) : undefined;
}

/** Whether a number isn't known: pages that send nothing before a choice can't tell who made none. */
export function isUnknown(name: Answer, choices: Choices, countsOpenQuestions: boolean): boolean {
  return !countsOpenQuestions && (name === "no_choice" || name === "signal") && choices[name] === 0;
}
