// Slovenian.
import type { Texts } from '../texts.ts';

export const sl: Texts = {
  label: 'Soglasje za piškotke',
  title: 'Ali smemo šteti vaš obisk?',
  text: 'Z vašim soglasjem nam piškotek pokaže, kako se spletno mesto uporablja. Odločitev lahko kadar koli spremenite.',
  reject: 'Zavrni',
  accept: 'Sprejmi',
  details: 'Podrobnosti',
  counted: 'Če sprejmete, štejemo odprte strani, uporabljene povezave, prenose in od kod ste prišli.',
  stored: 'V vašem brskalniku se shrani:',
  close: 'Zapri in zavrni',
  settings: 'Nastavitve piškotkov',
  policy: 'Zasebnost',
  receipt: 'Vaše potrdilo o soglasju',
};
