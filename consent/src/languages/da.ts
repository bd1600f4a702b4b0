// Danish.
import type { Texts } from '../texts.ts';

export const da: Texts = {
  label: 'Samtykke til cookies',
  title: 'Må vi tælle dit besøg?',
  text: 'Med dit samtykke viser en cookie os, hvordan siden bliver brugt. Du kan altid ombestemme dig.',
  reject: 'Afvis',
  accept: 'Accepter',
  details: 'Detaljer',
  counted: 'Hvis du accepterer, tæller vi de sider, du åbner, de links, du følger, dine downloads og hvordan du kom hertil.',
  stored: 'Dette gemmes i din browser:',
  close: 'Luk og afvis',
  settings: 'Cookieindstillinger',
  policy: 'Privatlivspolitik',
  receipt: 'Din kvittering for samtykke',
};
