// Irish.
import type { Texts } from '../texts.ts';

export const ga: Texts = {
  label: 'Toiliú le fianáin',
  title: 'An bhfuil cead againn do chuairt a chomhaireamh?',
  text: 'Le do thoiliú, cabhraíonn fianán linn a fheiceáil conas a úsáidtear an suíomh seo. Is féidir leat d’intinn a athrú am ar bith.',
  reject: 'Diúltaigh',
  accept: 'Glac leis',
  details: 'Sonraí',
  counted: 'Má ghlacann tú leis, comhairimid na leathanaigh a osclaíonn tú, na naisc a leanann tú, d’íoslódálacha agus conas a tháinig tú anseo.',
  stored: 'Stóráiltear é seo i do bhrabhsálaí:',
  close: 'Dún agus diúltaigh',
  settings: 'Socruithe fianán',
  policy: 'Polasaí príobháideachais',
  receipt: 'D’admháil toilithe',
};
