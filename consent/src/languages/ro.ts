// Romanian.
import type { Texts } from '../texts.ts';

export const ro: Texts = {
  label: 'Consimțământ pentru cookie-uri',
  title: 'Putem contoriza vizita dumneavoastră?',
  text: 'Cu consimțământul dumneavoastră, un cookie ne ajută să vedem cum este folosit acest site. Vă puteți răzgândi oricând.',
  reject: 'Refuz',
  accept: 'Accept',
  details: 'Detalii',
  counted: 'Dacă acceptați, contorizăm paginile pe care le deschideți, linkurile pe care le urmați, descărcările și modul în care ați ajuns aici.',
  stored: 'În browserul dumneavoastră se stochează:',
  close: 'Închide și refuză',
  settings: 'Setări pentru cookie-uri',
  policy: 'Politica de confidențialitate',
  receipt: 'Dovada consimțământului dumneavoastră',
};
