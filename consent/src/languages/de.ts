// German.
import type { Texts } from '../texts.ts';

export const de: Texts = {
  label: 'Cookie-Einwilligung',
  title: 'Dürfen wir Ihren Besuch zählen?',
  text: 'Mit Ihrer Einwilligung hilft uns ein Cookie zu sehen, wie diese Website genutzt wird. Sie können Ihre Wahl jederzeit ändern.',
  reject: 'Ablehnen',
  accept: 'Zustimmen',
  details: 'Einzelheiten',
  counted: 'Wenn Sie zustimmen, zählen wir, welche Seiten Sie öffnen, welchen Links Sie folgen, was Sie herunterladen und wie Sie hierhergekommen sind.',
  stored: 'Dies wird in Ihrem Browser gespeichert:',
  close: 'Schließen und ablehnen',
  settings: 'Cookie-Einstellungen',
  policy: 'Datenschutzerklärung',
  receipt: 'Ihr Einwilligungsbeleg',
};
