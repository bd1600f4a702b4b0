// Slovak.
import type { Texts } from '../texts.ts';

export const sk: Texts = {
  label: 'Súhlas s cookies',
  title: 'Môžeme započítať vašu návštevu?',
  text: 'S vaším súhlasom nám súbor cookie ukáže, ako sa táto stránka používa. Svoje rozhodnutie môžete kedykoľvek zmeniť.',
  reject: 'Odmietnuť',
  accept: 'Prijať',
  details: 'Podrobnosti',
  counted: 'Ak prijmete, počítame otvorené stránky, použité odkazy, stiahnuté súbory a to, odkiaľ ste prišli.',
  stored: 'Vo vašom prehliadači sa uloží:',
  close: 'Zavrieť a odmietnuť',
  settings: 'Nastavenia cookies',
  policy: 'Ochrana súkromia',
  receipt: 'Vaše potvrdenie súhlasu',
};
