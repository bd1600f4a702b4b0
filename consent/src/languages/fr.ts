// French.
import type { Texts } from '../texts.ts';

export const fr: Texts = {
  label: 'Consentement aux cookies',
  title: 'Pouvons-nous compter votre visite ?',
  text: 'Avec votre accord, un cookie nous aide à voir comment ce site est utilisé. Vous pouvez changer d’avis à tout moment.',
  reject: 'Refuser',
  accept: 'Accepter',
  details: 'Détails',
  counted: 'Si vous acceptez, nous comptons les pages ouvertes, les liens suivis, vos téléchargements et la façon dont vous êtes arrivé ici.',
  stored: 'Votre navigateur conserve :',
  close: 'Fermer et refuser',
  settings: 'Réglages des cookies',
  policy: 'Confidentialité',
  receipt: 'Votre reçu de consentement',
};
