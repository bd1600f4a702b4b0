// Estonian.
import type { Texts } from '../texts.ts';

export const et: Texts = {
  label: 'Nõusolek küpsiste kasutamiseks',
  title: 'Kas tohime teie külastust loendada?',
  text: 'Teie nõusolekul aitab küpsis meil näha, kuidas seda veebisaiti kasutatakse. Võite igal ajal meelt muuta.',
  reject: 'Keeldun',
  accept: 'Nõustun',
  details: 'Üksikasjad',
  counted: 'Kui nõustute, loendame lehti, mille avate, linke, mida järgite, teie allalaadimisi ja seda, kuidas te siia jõudsite.',
  stored: 'Teie brauserisse salvestatakse:',
  close: 'Sulgen ja keeldun',
  settings: 'Küpsiste seaded',
  policy: 'Privaatsuspoliitika',
  receipt: 'Teie nõusoleku kinnitus',
};
