// Czech.
import type { Texts } from '../texts.ts';

export const cs: Texts = {
  label: 'Souhlas s cookies',
  title: 'Smíme započítat vaši návštěvu?',
  text: 'S vaším souhlasem nám soubor cookie pomůže zjistit, jak se tento web používá. Své rozhodnutí můžete kdykoli změnit.',
  reject: 'Odmítnout',
  accept: 'Přijmout',
  details: 'Podrobnosti',
  counted: 'Pokud přijmete, počítáme otevřené stránky, použité odkazy, stažené soubory a to, odkud jste přišli.',
  stored: 'Ve vašem prohlížeči se uloží:',
  close: 'Zavřít a odmítnout',
  settings: 'Nastavení cookies',
  policy: 'Ochrana soukromí',
  receipt: 'Vaše potvrzení souhlasu',
};
