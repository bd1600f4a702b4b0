// The words of the banner. One file a language in `languages/`.
export interface Texts {
  /** Name of the dialog for those who hear it. */
  label: string;
  title: string;
  text: string;
  reject: string;
  accept: string;
  details: string;
  /** What is counted after an accept. */
  counted: string;
  /** Heads the list of what the browser keeps. */
  stored: string;
  close: string;
  /** The button that opens the banner again. */
  settings: string;
  policy: string;
  /** Leads to the record of the visitor's own agreement. */
  receipt: string;
}
