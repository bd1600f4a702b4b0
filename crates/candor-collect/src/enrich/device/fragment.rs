//! Words in a user agent that say something by themselves, apart from the rules of the file.

use super::pattern::WORD_START;
use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// A word or a few, found as the rules' expressions are: without case, where a word begins.
pub(super) struct Fragment(LazyLock<Regex>);

impl Fragment {
    /// Whether the text has it.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

macro_rules! fragments {
    ($($(#[$doc:meta])* $name:ident = $expression:literal;)+) => {
        $($(#[$doc])* pub(super) static $name: Fragment = Fragment(LazyLock::new(|| compile($expression)));)+

        #[cfg(test)]
        const ALL: &[&Fragment] = &[$(&$name),+];
    };
}

fragments! {
    /// Set up as a television's browser.
    HBB_TV = r"(?:HbbTV|SmartTvA)/[1-9](?:\.[0-9]){1,2}";
    /// Televisions that name their maker as a "shell".
    SHELL_TV = r"[a-z]+[ _]Shell[ _]\w{6}|tclwebkit\d+[.\d]*";
    /// Facebook's app on a desktop names the machine's model.
    NAMED_MODEL = "FBMD/";
    /// A desktop's system…
    DESKTOP_SYSTEM = "Windows (?:NT|IoT)|X11; Linux x86_64";
    /// …in what is no plain desktop browser.
    NOT_PLAIN_DESKTOP = r"CE-HTML| Mozilla/|Andr[o0]id|Tablet|Mobile|iPhone|Windows Phone|ricoh|OculusBrowser|PicoBrowser|Lenovo|compatible; MSIE|Trident/|Tesla/|XBOX|FBMD/|ARM; ?[^)]+|SteamDeck|Valve Steam";
    /// Calls itself a desktop.
    DESKTOP = r"Desktop(?: (?:x(?:32|64)|WOW64))?;";
    /// OpenHarmony begins with the type.
    PC = r"\(PC; OpenHarmony";
    VIRTUAL_REALITY = r"Android(?: [.0-9]+)?; Mobile VR;| VR ";
    CHROME_MOBILE = r"Chrome/[.0-9]* Mobile";
    CHROME_OTHER = r"Chrome/[.0-9]* (?:[^M]|M[^o]|Mo[^b]|$)";
    APAD = "Pad/APad";
    ANDROID_TABLET = r"Android(?: [.0-9]+)?; Tablet;|Tablet(?:[^ ]| [^P]|$| $)|.*-tablet$|Opera Tablet";
    ANDROID_MOBILE = r"Android(?: [.0-9]+)?; Mobile;|.*-mobile$";
    TOUCH = "Touch";
    PUFFIN_DESKTOP = r"Puffin/\d[.\d]+[LMW]D";
    PUFFIN_PHONE = r"Puffin/\d[.\d]+[AIFLW]P";
    PUFFIN_TABLET = r"Puffin/\d[.\d]+[AILW]T";
    TV_STORE = "Opera TV Store| OMI/";
    ANDROID_TV = r"Andr0id|(?:Android(?: UHD)?|Google) TV|\(lite\) TV|BRAVIA|Firebolt";
    SMART_TV = r"SmartTV|Tizen.+ TV .+$";
    TV = r"\(TV;";
    /// Chrome's frozen user agent of Android, where `K` stands for any model.
    FROZEN_ANDROID = r"Android (?:1[0-6][.\d]*; K(?: Build/|[;)])|1[0-6]\)) AppleWebKit";
    /// Anything that an own engine build of Chrome shows.
    CHROME_BUILD = r"Chrome/.+ Safari/537\.36";
}

#[expect(clippy::expect_used, reason = "the expressions are ours, and a test compiles each of them")]
fn compile(expression: &str) -> Regex {
    let expression = format!("{WORD_START}(?:{expression})");
    RegexBuilder::new(&expression).case_insensitive(true).build().expect("a fragment is a valid expression")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_fragments_are_valid() {
        assert!(ALL.iter().all(|fragment| !fragment.is_in("")));
    }

    #[test]
    fn a_fragment_begins_a_word() {
        assert!(TOUCH.is_in("(Windows NT 6.2; Touch)"));
        assert!(!TOUCH.is_in("(Windows NT 6.2; iTouch)"));
    }
}
