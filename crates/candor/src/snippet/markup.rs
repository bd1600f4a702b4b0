//! A page as a browser that runs scripts reads it: its tags and comments, and what only looks like them.
//!
//! Never: corrects a page, or knows what its tags mean beyond how their content is read.

use html5gum::{DefaultEmitter, State, Token, Tokenizer};
use std::ops::Range;

/// A part of the page that is more than text between tags.
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    /// A comment with what it says, and the element that keeps scripts at this place from running as they should.
    Comment {
        text: Vec<u8>,
        within: Option<Element>,
    },
    Tag,
    /// The content of an element in which tags and comments are none.
    Text(Element),
}

/// An element that has begun.
#[derive(Clone)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) start: usize,
}

/// How the content of an element is read, where not as tags and comments.
fn text_state(name: &str) -> Option<State> {
    match name {
        "title" | "textarea" => Some(State::RcData),
        "script" => Some(State::ScriptData),
        "style" | "noscript" | "iframe" | "xmp" | "noembed" | "noframes" => Some(State::RawText),
        "plaintext" => Some(State::PlainText),
        _ => None,
    }
}

/// Whether the content is read by the rules of drawings and formulas.
fn is_foreign(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

/// The pieces of a page, in its order.
pub(super) fn read(page: &[u8]) -> Vec<Piece> {
    let mut tokens = Tokenizer::new_with_emitter(page, DefaultEmitter::<usize>::new_with_span());
    let mut pieces = vec![];
    // Elements that keep scripts in them from running, and the one whose text is being read, with where that begins.
    let (mut open, mut text): (Vec<Element>, Option<(Element, usize)>) = (vec![], None);
    while let Some(Ok(token)) = tokens.next() {
        let in_foreign = open.last().is_some_and(|element| is_foreign(&element.name));
        match token {
            Token::StartTag(tag) => {
                let element = Element { name: lossy(&tag.name), start: tag.span.start };
                pieces.push(Piece { range: tag.span.start..tag.span.end, kind: Kind::Tag });
                if is_foreign(&element.name) {
                    open.extend((!tag.self_closing).then_some(element));
                } else if in_foreign {
                    // Whatever HTML has by this name, a drawing has another.
                } else if element.name == "template" {
                    open.push(element);
                } else if let Some(state) = text_state(&element.name) {
                    tokens.set_state(state);
                    text = Some((element, tag.span.end));
                }
            }
            Token::EndTag(tag) => {
                if let Some((element, start)) = text.take() {
                    pieces.push(Piece { range: start..tag.span.start, kind: Kind::Text(element) });
                }
                let name = lossy(&tag.name);
                open.truncate(open.iter().rposition(|element| element.name == name).unwrap_or(open.len()));
                pieces.push(Piece { range: tag.span.start..tag.span.end, kind: Kind::Tag });
            }
            Token::Comment(comment) => {
                // The tokenizer knows no drawings, in which this is text up to `]]>`.
                if in_foreign && comment.starts_with(b"[CDATA[") && !comment.ends_with(b"]]") {
                    tokens.set_state(State::CdataSection);
                }
                let kind = Kind::Comment { text: comment.trim_ascii().to_vec(), within: open.last().cloned() };
                pieces.push(Piece { range: comment.span.start..comment.span.end, kind });
            }
            Token::String(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    pieces.extend(text.map(|(element, start)| Piece { range: start..page.len(), kind: Kind::Text(element) }));
    pieces
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The comments of a page, each with the element that makes it useless.
    fn comments(page: &str) -> Vec<String> {
        let within =
            |element: &Option<Element>| element.as_ref().map(|e| format!(" in {}", e.name)).unwrap_or_default();
        let comment = |piece: Piece| match &piece.kind {
            Kind::Comment { within: element, .. } => Some([page.get(piece.range).unwrap(), &within(element)].concat()),
            Kind::Tag | Kind::Text(_) => None,
        };
        read(page.as_bytes()).into_iter().filter_map(comment).collect()
    }

    #[test]
    fn scripts_hide_comments_as_browsers_do() {
        assert_eq!(comments("<script><!-- <script> </script> <!--a--> --></script><!--b-->"), ["<!--b-->"]);
        assert_eq!(comments("<script><!-- <script> --></script><!--b-->"), ["<!--b-->"]);
        assert_eq!(comments("<script><!-- <script> </script> <!--b-->"), [""; 0]);
        assert_eq!(comments("<script><!-- </script> <!--b-->"), ["<!--b-->"]);
        assert_eq!(comments("<noframes><!--a--></noframes><plaintext><!--b--></plaintext><!--c-->"), [""; 0]);
    }

    #[test]
    fn comments_end_as_browsers_end_them() {
        assert_eq!(comments("<!--a--!><!-->b--><!--->"), ["<!--a--!>", "<!-->", "<!--->"]);
        assert_eq!(comments("\r\n<!--a\r\nb-->é<!--\0-->"), ["<!--a\r\nb-->", "<!--\0-->"]);
    }

    #[test]
    fn templates_drawings_and_formulas_are_known_up_to_their_end() {
        assert_eq!(
            comments("<template><template></template><!--a--></TEMPLATE><!--b-->"),
            ["<!--a--> in template", "<!--b-->"]
        );
        assert_eq!(
            comments("<svg/><svg><title/><style/><!--a--><svg/></svg><!--b-->"),
            ["<!--a--> in svg", "<!--b-->"]
        );
        assert_eq!(comments("<math><mi></math></template></svg><!--b-->"), ["<!--b-->"]);
        assert_eq!(comments("<template><svg></template><!--b-->"), ["<!--b-->"]);
    }

    #[test]
    fn a_character_section_is_text_in_a_drawing_only() {
        let section = "<![CDATA[ > </svg> <!--a--> ]]>";
        assert_eq!(comments(&format!("<svg>{section}<!--b--></svg>"))[1..], ["<!--b--> in svg"]);
        assert_eq!(comments("<svg><![CDATA[ a ]]><!--b--></svg>")[1..], ["<!--b--> in svg"]);
        assert_eq!(comments(section), ["<![CDATA[ >", "<!--a-->"]);
    }

    proptest! {
        #[test]
        fn pieces_are_where_they_say(parts in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec![
                    "<!--", "-->", "--!>", "<", ">", "\"", "'", "<script>", "</script>", "<title>", "</title>", "<svg>",
                    "<![CDATA[", "]]>", "<p a='", "<p a=", "\r", "\n", "é", "&amp;", "&", "<?", "</", "/", "\0", "x",
                ]).prop_map(|part| part.as_bytes().to_vec()),
                prop::collection::vec(any::<u8>(), 1..3),
            ], 0..12))
        {
            let page = parts.concat();
            let mut end = 0;
            for piece in read(&page) {
                prop_assert!(end <= piece.range.start && piece.range.start <= piece.range.end);
                end = piece.range.end;
                let bytes = page.get(piece.range.clone());
                prop_assert!(bytes.is_some());
                let is_text = matches!(piece.kind, Kind::Text(_));
                prop_assert!(is_text || bytes.is_some_and(|bytes| bytes.starts_with(b"<")), "{:?}", piece.range);
            }
        }
    }
}
