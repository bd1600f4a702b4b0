// Czech.
import type { Texts } from '../texts.ts';

export const cs: Texts = {
  label: 'Souhlas s cookies',
  title: 'Smíme započítat vaši návštěvu?',
  text: 'S vaším souhlasem nám soubor cookie pomáhá zjistit, jak se tento web používá. Své rozhodnutí můžete kdykoli změnit.',
  reject: 'Odmítnout',
  accept: 'Přijmout',
  details: 'Podrobnosti',
  counted: 'Pokud souhlasíte, počítáme stránky, které otevřete, odkazy, které použijete, stažené soubory a to, jak jste se sem dostali.',
  stored: 'Ve vašem prohlížeči se ukládá:',
  close: 'Zavřít a odmítnout',
  settings: 'Nastavení cookies',
  policy: 'Zásady ochrany soukromí',
  receipt: 'Potvrzení o vašem souhlasu',
};
