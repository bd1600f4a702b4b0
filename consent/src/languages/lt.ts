// Lithuanian.
import type { Texts } from '../texts.ts';

export const lt: Texts = {
  label: 'Sutikimas dėl slapukų',
  title: 'Ar galime suskaičiuoti jūsų apsilankymą?',
  text: 'Jums sutikus, slapukas padeda mums matyti, kaip naudojama ši svetainė. Savo sprendimą galite bet kada pakeisti.',
  reject: 'Atmesti',
  accept: 'Sutikti',
  details: 'Išsamiau',
  counted: 'Jei sutinkate, skaičiuojame jūsų atvertus puslapius, paspaustas nuorodas, atsisiuntimus ir tai, kaip čia patekote.',
  stored: 'Jūsų naršyklėje saugoma:',
  close: 'Užverti ir atmesti',
  settings: 'Slapukų nustatymai',
  policy: 'Privatumo politika',
  receipt: 'Jūsų sutikimo patvirtinimas',
};
