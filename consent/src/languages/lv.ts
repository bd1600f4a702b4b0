// Latvian.
import type { Texts } from '../texts.ts';

export const lv: Texts = {
  label: 'Piekrišana sīkdatnēm',
  title: 'Vai drīkstam skaitīt jūsu apmeklējumu?',
  text: 'Ar jūsu piekrišanu sīkdatne palīdz mums redzēt, kā tiek lietota šī vietne. Savu izvēli varat mainīt jebkurā laikā.',
  reject: 'Noraidīt',
  accept: 'Piekrist',
  details: 'Sīkāk',
  counted: 'Ja piekrītat, mēs skaitām jūsu atvērtās lapas, izmantotās saites, lejupielādes un to, kā šeit nokļuvāt.',
  stored: 'Jūsu pārlūkā tiek glabāts:',
  close: 'Aizvērt un noraidīt',
  settings: 'Sīkdatņu iestatījumi',
  policy: 'Privātuma politika',
  receipt: 'Jūsu piekrišanas apliecinājums',
};
