// Slovenian.
import type { Texts } from '../texts.ts';

export const sl: Texts = {
  label: 'Soglasje za piškotke',
  title: 'Ali smemo šteti vaš obisk?',
  text: 'Z vašim soglasjem nam piškotek pomaga videti, kako se uporablja to spletno mesto. Odločitev lahko kadar koli spremenite.',
  reject: 'Zavrni',
  accept: 'Sprejmi',
  details: 'Podrobnosti',
  counted: 'Če sprejmete, štejemo strani, ki jih odprete, povezave, ki jim sledite, vaše prenose in to, kako ste prišli sem.',
  stored: 'V vašem brskalniku se shranjuje:',
  close: 'Zapri in zavrni',
  settings: 'Nastavitve piškotkov',
  policy: 'Politika zasebnosti',
  receipt: 'Vaše potrdilo o soglasju',
};
