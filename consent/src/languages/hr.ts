// Croatian.
import type { Texts } from '../texts.ts';

export const hr: Texts = {
  label: 'Privola za kolačiće',
  title: 'Smijemo li ubrojiti vaš posjet?',
  text: 'Uz vašu privolu kolačić nam pomaže vidjeti kako se upotrebljava ovo web-mjesto. Odluku možete promijeniti u svakom trenutku.',
  reject: 'Odbij',
  accept: 'Prihvati',
  details: 'Pojedinosti',
  counted: 'Ako prihvatite, brojimo stranice koje otvorite, poveznice koje slijedite, vaša preuzimanja i kako ste došli ovamo.',
  stored: 'U vašem se pregledniku pohranjuje:',
  close: 'Zatvori i odbij',
  settings: 'Postavke kolačića',
  policy: 'Pravila o privatnosti',
  receipt: 'Potvrda vaše privole',
};
