// Hungarian.
import type { Texts } from '../texts.ts';

export const hu: Texts = {
  label: 'Hozzájárulás a sütikhez',
  title: 'Megszámolhatjuk a látogatását?',
  text: 'Hozzájárulásával egy süti segít látnunk, hogyan használják ezt a webhelyet. Döntését bármikor megváltoztathatja.',
  reject: 'Elutasítom',
  accept: 'Elfogadom',
  details: 'Részletek',
  counted: 'Ha elfogadja, számoljuk a megnyitott oldalakat, a követett hivatkozásokat, a letöltéseit és azt, hogyan jutott ide.',
  stored: 'A böngészőjében tárolt adatok:',
  close: 'Bezárás és elutasítás',
  settings: 'Sütibeállítások',
  policy: 'Adatkezelési tájékoztató',
  receipt: 'Igazolás a hozzájárulásáról',
};
