// Finnish.
import type { Texts } from '../texts.ts';

export const fi: Texts = {
  label: 'Evästesuostumus',
  title: 'Saammeko laskea käyntisi?',
  text: 'Suostumuksellasi eväste auttaa meitä näkemään, miten tätä sivustoa käytetään. Voit muuttaa mieltäsi milloin tahansa.',
  reject: 'Hylkää',
  accept: 'Hyväksy',
  details: 'Lisätiedot',
  counted: 'Jos hyväksyt, laskemme avaamasi sivut, seuraamasi linkit, latauksesi ja sen, miten päädyit tänne.',
  stored: 'Selaimeesi tallennetaan nämä:',
  close: 'Sulje ja hylkää',
  settings: 'Evästeasetukset',
  policy: 'Tietosuojaseloste',
  receipt: 'Kuitti suostumuksestasi',
};
