// Portuguese.
import type { Texts } from '../texts.ts';

export const pt: Texts = {
  label: 'Consentimento de cookies',
  title: 'Podemos contar a sua visita?',
  text: 'Com o seu consentimento, um cookie ajuda-nos a ver como este site é utilizado. Pode mudar de ideias a qualquer momento.',
  reject: 'Rejeitar',
  accept: 'Aceitar',
  details: 'Detalhes',
  counted: 'Se aceitar, contamos as páginas que abre, as ligações que segue, as suas transferências e como chegou aqui.',
  stored: 'No seu navegador fica guardado o seguinte:',
  close: 'Fechar e rejeitar',
  settings: 'Definições de cookies',
  policy: 'Política de privacidade',
  receipt: 'O seu comprovativo de consentimento',
};
