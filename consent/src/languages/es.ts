// Spanish.
import type { Texts } from '../texts.ts';

export const es: Texts = {
  label: 'Consentimiento de cookies',
  title: '¿Podemos contar su visita?',
  text: 'Con su consentimiento, una cookie nos ayuda a ver cómo se usa este sitio. Puede cambiar de opinión en cualquier momento.',
  reject: 'Rechazar',
  accept: 'Aceptar',
  details: 'Detalles',
  counted: 'Si acepta, contamos las páginas que abre, los enlaces que sigue, sus descargas y cómo ha llegado hasta aquí.',
  stored: 'En su navegador se guarda lo siguiente:',
  close: 'Cerrar y rechazar',
  settings: 'Configuración de cookies',
  policy: 'Política de privacidad',
  receipt: 'Su comprobante de consentimiento',
};
