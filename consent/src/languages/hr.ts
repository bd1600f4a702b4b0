// Croatian.
import type { Texts } from '../texts.ts';

export const hr: Texts = {
  label: 'Privola za kolačiće',
  title: 'Smijemo li ubrojiti vaš posjet?',
  text: 'Uz vašu privolu kolačić nam pokazuje kako se ova stranica koristi. Odluku možete promijeniti u svakom trenutku.',
  reject: 'Odbij',
  accept: 'Prihvati',
  details: 'Pojedinosti',
  counted: 'Ako prihvatite, brojimo stranice koje otvorite, poveznice koje slijedite, preuzimanja i odakle ste došli.',
  stored: 'U vašem se pregledniku sprema:',
  close: 'Zatvori i odbij',
  settings: 'Postavke kolačića',
  policy: 'Pravila privatnosti',
  receipt: 'Vaša potvrda privole',
};
