// Romanian.
import type { Texts } from '../texts.ts';

export const ro: Texts = {
  label: 'Consimțământ pentru cookie-uri',
  title: 'Putem număra vizita dumneavoastră?',
  text: 'Cu acordul dumneavoastră, un cookie ne ajută să vedem cum este folosit acest site. Vă puteți răzgândi oricând.',
  reject: 'Refuz',
  accept: 'Accept',
  details: 'Detalii',
  counted: 'Dacă acceptați, numărăm paginile deschise, linkurile urmate, descărcările și de unde ați venit.',
  stored: 'În browserul dumneavoastră se păstrează:',
  close: 'Închide și refuză',
  settings: 'Setări cookie',
  policy: 'Confidențialitate',
  receipt: 'Dovada consimțământului',
};
