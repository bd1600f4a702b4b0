//! What visitors do: pages, downloads, outlinks, searches, events, contents.

use super::{Dimension, Expr, Lists, Suggest, Values};
use candor_core::ActionKind;
use candor_store::Cell;

const EVENTS: &str = "Events";

/// See the module. Kinds: 1 page, 2 outlink, 3 download, 8 search, 10 event, 13 content.
pub(super) const ALL: &[Dimension] = &[
    Dimension::action("pageUrl", "Page URL", "url").filter("kind = 1").values(Values::PageUrl),
    Dimension::action("pageTitle", "Page Title", "title").filter("kind = 1").values(Values::Exact),
    Dimension::action("downloadUrl", "Download URL", "url").filter("kind = 3").values(Values::Exact),
    Dimension::action("outlinkUrl", "Clicked Outlink", "url").filter("kind = 2").values(Values::Exact),
    Dimension::action("actionUrl", "Action URL", "url").members(&["pageUrl", "downloadUrl", "outlinkUrl", "eventUrl"]),
    Dimension::action("actionType", "Action Type", "kind")
        .values(Values::Codes { list: kinds, closed: true })
        .suggests(Suggest::Listed),
    Dimension::action("actionServerHour", "Server time — hour (of action)", "at")
        .expression(Expr::Rest("at", 86_400, 3600))
        .values(Values::Number)
        .suggests(Suggest::Range(0, 23)),
    Dimension::action("actionServerMinute", "Time in UTC — minute (of action)", "at")
        .expression(Expr::Rest("at", 3600, 60))
        .values(Values::Number)
        .suggests(Suggest::Range(0, 59)),
    Dimension::action("siteSearchKeyword", "Keyword (Site Search)", "title").filter("kind = 8").values(Values::Exact),
    Dimension::action("siteSearchCategory", "Category (Site Search)", "category").filter("kind = 8"),
    Dimension::action("siteSearchCount", "Keyword count (Site Search)", "search_count")
        .filter("kind = 8")
        .values(Values::Number),
    Dimension::action("contentName", "Content Name", "content_name").filter("kind = 13").values(Values::Exact),
    Dimension::action("contentPiece", "Content Piece", "content_piece").filter("kind = 13").values(Values::Exact),
    Dimension::action("contentTarget", "Content Target", "content_target").filter("kind = 13").values(Values::Exact),
    Dimension::action("contentInteraction", "Content Interaction", "content_interaction")
        .filter("kind = 13")
        .values(Values::Exact),
    Dimension::action("bandwidth", "Bandwidth", "bandwidth").metric(),
    Dimension::action("eventCategory", "Event Category", "category")
        .category(EVENTS)
        .filter("kind = 10")
        .values(Values::Exact),
    Dimension::action("eventAction", "Event Action", "event_action")
        .category(EVENTS)
        .filter("kind = 10")
        .values(Values::Exact),
    Dimension::action("eventName", "Event Name", "title").category(EVENTS).filter("kind = 10").values(Values::Exact),
    Dimension::action("eventUrl", "Event URL", "url").category(EVENTS).filter("kind = 10").values(Values::PageUrl),
    Dimension::action("eventValue", "Event Value", "event_value").category(EVENTS).filter("kind = 10").metric(),
    Dimension::action("customVariablePageName", "Custom Variable name (scope page)", "custom_variables")
        .category("Custom Variables")
        .slots("custom_variables", 2, 1),
    Dimension::action("customVariablePageValue", "Custom Variable value (scope page)", "custom_variables")
        .category("Custom Variables")
        .slots("custom_variables", 2, 0),
    Dimension::visit("entryPageUrl", "Entry Page URL", "entry_url").category("Behaviour").values(Values::PageUrl),
    Dimension::visit("entryPageTitle", "Entry Page title", "entry_title")
        .category("Behaviour")
        .filter("entry_title_kind = 4")
        .values(Values::Exact),
    Dimension::visit("exitPageUrl", "Exit Page URL", "exit_url").category("Behaviour").values(Values::PageUrl),
    Dimension::visit("exitPageTitle", "Exit Page Title", "exit_title")
        .category("Behaviour")
        .filter("exit_title_kind = 4")
        .values(Values::Exact),
];

fn kinds(_: Lists<'_>) -> Vec<(String, Cell)> {
    ActionKind::ALL.iter().map(|(code, kind)| ((*code).to_owned(), Cell::Int(*kind as i64))).collect()
}

/// The text with the five characters that Matomo's clients escape in segments turned back; stored texts are raw.
pub(crate) fn html_unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#039;", "'").replace("&amp;", "&")
}
