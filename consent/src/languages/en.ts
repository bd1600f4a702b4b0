// English.
import type { Texts } from '../texts.ts';

export const en: Texts = {
  label: 'Cookie consent',
  title: 'May we count your visit?',
  text: 'With your consent, a cookie helps us to see how this site is used. You can change your mind at any time.',
  reject: 'Reject',
  accept: 'Accept',
  details: 'Details',
  counted: 'If you accept, we count the pages you open, the links you follow, your downloads and how you got here.',
  stored: 'This is stored in your browser:',
  close: 'Close and reject',
  settings: 'Cookie settings',
  policy: 'Privacy policy',
  receipt: 'Your consent receipt',
};
