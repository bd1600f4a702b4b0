// Swedish.
import type { Texts } from '../texts.ts';

export const sv: Texts = {
  label: 'Samtycke till kakor',
  title: 'Får vi räkna ditt besök?',
  text: 'Med ditt samtycke hjälper en kaka oss att se hur den här webbplatsen används. Du kan ändra dig när som helst.',
  reject: 'Avvisa',
  accept: 'Godkänn',
  details: 'Detaljer',
  counted: 'Om du godkänner räknar vi sidorna du öppnar, länkarna du följer, dina nedladdningar och hur du kom hit.',
  stored: 'Detta sparas i din webbläsare:',
  close: 'Stäng och avvisa',
  settings: 'Inställningar för kakor',
  policy: 'Integritetspolicy',
  receipt: 'Kvitto på ditt samtycke',
};
