// Body of the inline snippet: the build puts it into `snippet.ts` with these names as markers.
import { strictLoader } from './loader.ts';

declare const URL_: string, SITE_: string, BACKLOG_: number, VERSION_: string, SIGNALS_: number;
strictLoader(URL_, SITE_, BACKLOG_, VERSION_, SIGNALS_);
