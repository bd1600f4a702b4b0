/** The currency of the site that is shown (ISO 4217), for everything that draws amounts. */
import { createContext, useContext } from "react";

export const Currency = createContext("");

export function useCurrency(): string {
  return useContext(Currency);
}
