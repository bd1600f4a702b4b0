// Estonian.
import type { Texts } from '../texts.ts';

export const et: Texts = {
  label: 'Küpsiste nõusolek',
  title: 'Kas tohime teie külastuse üles lugeda?',
  text: 'Teie nõusolekul aitab küpsis meil näha, kuidas seda saiti kasutatakse. Võite igal ajal meelt muuta.',
  reject: 'Keeldun',
  accept: 'Nõustun',
  details: 'Üksikasjad',
  counted: 'Nõustumisel loeme avatud lehti, järgitud linke, allalaadimisi ja seda, kust te tulite.',
  stored: 'Teie brauseris säilitatakse:',
  close: 'Sule ja keeldu',
  settings: 'Küpsiste seaded',
  policy: 'Privaatsus',
  receipt: 'Teie nõusoleku kinnitus',
};
