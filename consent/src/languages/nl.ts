// Dutch.
import type { Texts } from '../texts.ts';

export const nl: Texts = {
  label: 'Toestemming voor cookies',
  title: 'Mogen we je bezoek meetellen?',
  text: 'Met je toestemming laat een cookie ons zien hoe deze site wordt gebruikt. Je kunt altijd van gedachten veranderen.',
  reject: 'Weigeren',
  accept: 'Toestaan',
  details: 'Details',
  counted: 'Als je toestemt, tellen we welke pagina’s je opent, welke links je volgt, wat je downloadt en hoe je hier kwam.',
  stored: 'Dit wordt in je browser bewaard:',
  close: 'Sluiten en weigeren',
  settings: 'Cookie-instellingen',
  policy: 'Privacybeleid',
  receipt: 'Uw toestemmingsbewijs',
};
