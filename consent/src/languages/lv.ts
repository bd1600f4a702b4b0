// Latvian.
import type { Texts } from '../texts.ts';

export const lv: Texts = {
  label: 'Piekrišana sīkdatnēm',
  title: 'Vai drīkstam ieskaitīt jūsu apmeklējumu?',
  text: 'Ar jūsu piekrišanu sīkdatne palīdz mums redzēt, kā šī vietne tiek lietota. Savu izvēli varat mainīt jebkurā laikā.',
  reject: 'Noraidīt',
  accept: 'Piekrist',
  details: 'Sīkāk',
  counted: 'Ja piekrītat, mēs skaitām atvērtās lapas, izmantotās saites, lejupielādes un to, no kurienes atnācāt.',
  stored: 'Jūsu pārlūkā tiek glabāts:',
  close: 'Aizvērt un noraidīt',
  settings: 'Sīkdatņu iestatījumi',
  policy: 'Privātums',
  receipt: 'Jūsu piekrišanas apliecinājums',
};
