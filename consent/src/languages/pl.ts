// Polish.
import type { Texts } from '../texts.ts';

export const pl: Texts = {
  label: 'Zgoda na pliki cookie',
  title: 'Czy możemy policzyć Twoje odwiedziny?',
  text: 'Za Twoją zgodą plik cookie pomaga nam zobaczyć, jak używany jest ten serwis. Możesz zmienić decyzję w każdej chwili.',
  reject: 'Odrzucam',
  accept: 'Akceptuję',
  details: 'Szczegóły',
  counted: 'Jeśli wyrazisz zgodę, liczymy strony, które otwierasz, linki, z których korzystasz, pobierane pliki i to, jak do nas trafiasz.',
  stored: 'W Twojej przeglądarce są zapisywane:',
  close: 'Zamknij i odrzuć',
  settings: 'Ustawienia plików cookie',
  policy: 'Polityka prywatności',
  receipt: 'Potwierdzenie Twojej zgody',
};
