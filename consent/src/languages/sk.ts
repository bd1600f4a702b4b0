// Slovak.
import type { Texts } from '../texts.ts';

export const sk: Texts = {
  label: 'Súhlas s cookies',
  title: 'Môžeme započítať vašu návštevu?',
  text: 'S vaším súhlasom nám súbor cookie pomáha zistiť, ako sa tento web používa. Svoje rozhodnutie môžete kedykoľvek zmeniť.',
  reject: 'Odmietnuť',
  accept: 'Prijať',
  details: 'Podrobnosti',
  counted: 'Ak súhlasíte, počítame stránky, ktoré otvoríte, odkazy, ktoré použijete, stiahnuté súbory a to, ako ste sa sem dostali.',
  stored: 'Vo vašom prehliadači sa ukladá:',
  close: 'Zavrieť a odmietnuť',
  settings: 'Nastavenia cookies',
  policy: 'Zásady ochrany súkromia',
  receipt: 'Potvrdenie o vašom súhlase',
};
