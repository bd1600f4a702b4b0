// Polish.
import type { Texts } from '../texts.ts';

export const pl: Texts = {
  label: 'Zgoda na pliki cookie',
  title: 'Czy możemy policzyć tę wizytę?',
  text: 'Za Twoją zgodą plik cookie pokazuje nam, jak używana jest ta strona. Decyzję można zmienić w każdej chwili.',
  reject: 'Odrzuć',
  accept: 'Zgadzam się',
  details: 'Szczegóły',
  counted: 'Po wyrażeniu zgody liczymy otwarte strony, użyte linki, pobrane pliki i źródło wizyty.',
  stored: 'W przeglądarce zapisujemy:',
  close: 'Zamknij i odrzuć',
  settings: 'Ustawienia cookie',
  policy: 'Polityka prywatności',
  receipt: 'Potwierdzenie Twojej zgody',
};
