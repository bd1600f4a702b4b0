// Danish.
import type { Texts } from '../texts.ts';

export const da: Texts = {
  label: 'Samtykke til cookies',
  title: 'Må vi tælle dit besøg?',
  text: 'Med dit samtykke hjælper en cookie os med at se, hvordan dette websted bruges. Du kan ombestemme dig når som helst.',
  reject: 'Afvis',
  accept: 'Accepter',
  details: 'Detaljer',
  counted: 'Hvis du accepterer, tæller vi de sider, du åbner, de links, du følger, dine downloads, og hvordan du kom hertil.',
  stored: 'Dette gemmes i din browser:',
  close: 'Luk og afvis',
  settings: 'Cookieindstillinger',
  policy: 'Privatlivspolitik',
  receipt: 'Kvittering for dit samtykke',
};
