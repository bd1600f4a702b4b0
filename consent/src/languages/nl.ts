// Dutch.
import type { Texts } from '../texts.ts';

export const nl: Texts = {
  label: 'Toestemming voor cookies',
  title: 'Mogen we uw bezoek meetellen?',
  text: 'Met uw toestemming helpt een cookie ons te zien hoe deze site wordt gebruikt. U kunt op elk moment van gedachten veranderen.',
  reject: 'Weigeren',
  accept: 'Accepteren',
  details: 'Details',
  counted: 'Als u accepteert, tellen we welke pagina’s u opent, welke links u volgt, wat u downloadt en hoe u hier bent gekomen.',
  stored: 'Dit wordt in uw browser opgeslagen:',
  close: 'Sluiten en weigeren',
  settings: 'Cookie-instellingen',
  policy: 'Privacyverklaring',
  receipt: 'Bewijs van uw toestemming',
};
