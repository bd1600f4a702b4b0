// Italian.
import type { Texts } from '../texts.ts';

export const it: Texts = {
  label: 'Consenso ai cookie',
  title: 'Possiamo contare la tua visita?',
  text: 'Con il tuo consenso, un cookie ci aiuta a vedere come viene usato questo sito. Puoi cambiare idea in qualsiasi momento.',
  reject: 'Rifiuta',
  accept: 'Accetta',
  details: 'Dettagli',
  counted: 'Se accetti, contiamo le pagine che apri, i link che segui, i tuoi download e come sei arrivato qui.',
  stored: 'Nel tuo browser viene conservato:',
  close: 'Chiudi e rifiuta',
  settings: 'Impostazioni dei cookie',
  policy: 'Privacy',
  receipt: 'La ricevuta del Suo consenso',
};
