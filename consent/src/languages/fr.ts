// French.
import type { Texts } from '../texts.ts';

export const fr: Texts = {
  label: 'Consentement aux cookies',
  title: 'Pouvons-nous compter votre visite\u00a0?',
  text: 'Avec votre consentement, un cookie nous aide à voir comment ce site est utilisé. Vous pouvez changer d’avis à tout moment.',
  reject: 'Refuser',
  accept: 'Accepter',
  details: 'Détails',
  counted: 'Si vous acceptez, nous comptons les pages que vous ouvrez, les liens que vous suivez, vos téléchargements et la façon dont vous avez accédé à ce site.',
  stored: 'Ceci est enregistré dans votre navigateur\u00a0:',
  close: 'Fermer et refuser',
  settings: 'Paramètres des cookies',
  policy: 'Politique de confidentialité',
  receipt: 'Votre reçu de consentement',
};
