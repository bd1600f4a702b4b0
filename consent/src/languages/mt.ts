// Maltese.
import type { Texts } from '../texts.ts';

export const mt: Texts = {
  label: 'Kunsens għall-cookies',
  title: 'Nistgħu ngħoddu ż-żjara tiegħek?',
  text: 'Bil-kunsens tiegħek, cookie tgħinna naraw kif jintuża dan is-sit. Tista’ tbiddel fehmtek fi kwalunkwe ħin.',
  reject: 'Irrifjuta',
  accept: 'Aċċetta',
  details: 'Dettalji',
  counted: 'Jekk taċċetta, ngħoddu l-paġni li tiftaħ, il-links li ssegwi, id-downloads tiegħek u kif wasalt hawn.',
  stored: 'Dan jinħażen fil-browser tiegħek:',
  close: 'Agħlaq u rrifjuta',
  settings: 'Settings tal-cookies',
  policy: 'Politika tal-privatezza',
  receipt: 'Ir-riċevuta tal-kunsens tiegħek',
};
