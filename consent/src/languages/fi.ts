// Finnish.
import type { Texts } from '../texts.ts';

export const fi: Texts = {
  label: 'Evästesuostumus',
  title: 'Saammeko laskea käyntisi?',
  text: 'Suostumuksellasi eväste auttaa meitä näkemään, miten sivustoa käytetään. Voit muuttaa mieltäsi milloin tahansa.',
  reject: 'Hylkää',
  accept: 'Hyväksy',
  details: 'Tiedot',
  counted: 'Jos hyväksyt, laskemme avaamasi sivut, seuraamasi linkit, lataukset ja sen, mistä tulit.',
  stored: 'Selaimeesi tallennetaan:',
  close: 'Sulje ja hylkää',
  settings: 'Evästeasetukset',
  policy: 'Tietosuoja',
  receipt: 'Suostumuksesi kuitti',
};
