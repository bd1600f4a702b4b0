// Hungarian.
import type { Texts } from '../texts.ts';

export const hu: Texts = {
  label: 'Hozzájárulás sütikhez',
  title: 'Megszámolhatjuk a látogatását?',
  text: 'Hozzájárulásával egy süti segít látnunk, hogyan használják ezt az oldalt. Döntését bármikor megváltoztathatja.',
  reject: 'Elutasítom',
  accept: 'Elfogadom',
  details: 'Részletek',
  counted: 'Ha elfogadja, számoljuk a megnyitott oldalakat, a követett hivatkozásokat, a letöltéseket és azt, honnan érkezett.',
  stored: 'A böngészőjében ezt tároljuk:',
  close: 'Bezárás és elutasítás',
  settings: 'Sütibeállítások',
  policy: 'Adatvédelem',
  receipt: 'Az Ön hozzájárulási igazolása',
};
