// Italian.
import type { Texts } from '../texts.ts';

export const it: Texts = {
  label: 'Consenso ai cookie',
  title: 'Possiamo contare la tua visita?',
  text: 'Con il tuo consenso, un cookie ci aiuta a vedere come viene usato questo sito. Puoi cambiare idea in qualsiasi momento.',
  reject: 'Rifiuta',
  accept: 'Accetta',
  details: 'Dettagli',
  counted: 'Se accetti, contiamo le pagine che apri, i link che segui, i tuoi download e in che modo hai raggiunto questo sito.',
  stored: 'Nel tuo browser viene conservato quanto segue:',
  close: 'Chiudi e rifiuta',
  settings: 'Impostazioni dei cookie',
  policy: 'Informativa sulla privacy',
  receipt: 'La ricevuta del tuo consenso',
};
