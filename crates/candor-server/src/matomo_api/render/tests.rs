//! Answers → exact text, format by format.

use super::*;
use candor_query::table::{Row, Table, Value};

fn int(n: i64) -> Value {
    Value::Int(n)
}

fn text(t: &str) -> Value {
    Value::Text(t.into())
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect())
}

fn row(label: &str, visits: i64) -> Row {
    let mut row = Row { label: Some(label.into()), ..Row::default() };
    row.set("nb_visits", int(visits));
    row
}

fn pages() -> Answer {
    let mut first = row("shop & <more>", 3);
    first.set("goals", map(&[("idgoal=1", map(&[("nb_conversions", int(2)), ("revenue", Value::Float(4.5))]))]));
    first.set_meta("url", text("https://example.org/a?b=1&c=2"));
    first.subtable_id = Some(7);
    first.subtable = Some(Box::new(Table { rows: vec![row("/a", 3)] }));
    Answer::Table(Table { rows: vec![first, row("=HYPERLINK(\"x\")", 1)] })
}

fn simple(entries: &[(&'static str, Value)]) -> Answer {
    let mut row = Row::default();
    entries.iter().for_each(|(name, value)| row.set(*name, value.clone()));
    Answer::Simple(row)
}

fn by_date(entries: &[(&str, Answer)]) -> Answer {
    Answer::Map { key: "date", entries: entries.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect() }
}

fn shown(answer: &Answer, format: Format) -> String {
    let options = Options {
        as_utf8: true,
        method: "Actions.getPageUrls".into(),
        base_url: "https://a.test/".into(),
        site: Some((1, "Shop".into())),
        period: "day".into(),
        ..Options::default()
    };
    render(answer, format, &options).map_or_else(|e| e.message, |r| String::from_utf8(r.body).unwrap())
}

#[test]
fn tables() {
    assert_eq!(
        shown(&pages(), Format::Json),
        "[{\"label\":\"shop & \\u003cmore>\",\"nb_visits\":3,\"goals\":{\"idgoal=1\":{\"nb_conversions\":2,\
         \"revenue\":4.5}},\"url\":\"https://example.org/a?b=1&c=2\",\"idsubdatatable\":7,\
         \"subtable\":[{\"label\":\"/a\",\"nb_visits\":3}]},{\"label\":\"=HYPERLINK(\\\"x\\\")\",\"nb_visits\":1}]"
    );
    insta::assert_snapshot!(shown(&pages(), Format::Xml), @r#"
    <?xml version="1.0" encoding="utf-8" ?>
    <result>
    	<row>
    		<label>shop &amp; &lt;more&gt;</label>
    		<nb_visits>3</nb_visits>
    		<goals>
    			<row idgoal="1">
    				<nb_conversions>2</nb_conversions>
    				<revenue>4.5</revenue>
    			</row>
    		</goals>
    		<url>https://example.org/a?b=1&amp;c=2</url>
    		<idsubdatatable>7</idsubdatatable>
    		<subtable>
    			<row>
    				<label>/a</label>
    				<nb_visits>3</nb_visits>
    			</row>
    		</subtable>
    	</row>
    	<row>
    		<label>=HYPERLINK(&quot;x&quot;)</label>
    		<nb_visits>1</nb_visits>
    	</row>
    </result>
    "#);
    assert_eq!(
        shown(&pages(), Format::Csv),
        "label,nb_visits,goals_idgoal=1_nb_conversions,goals_idgoal=1_revenue,metadata_url\n\
         shop & <more>,3,2,4.5,https://example.org/a?b=1&c=2\n\"'=HYPERLINK(\"\"x\"\")\",1,,,"
    );
    let empty = Answer::Table(Table::default());
    assert_eq!(shown(&empty, Format::Json), "[]");
    assert_eq!(shown(&empty, Format::Xml), "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<result />");
    assert_eq!(shown(&empty, Format::Csv), "No data available");
}

#[test]
fn one_row_tables_and_single_values() {
    let row = simple(&[("nb_visits", int(2)), ("bounce_rate", text("50%")), ("avg", Value::Float(2.0))]);
    assert_eq!(shown(&row, Format::Json), r#"{"nb_visits":2,"bounce_rate":"50%","avg":2}"#);
    assert_eq!(shown(&row, Format::Tsv), "nb_visits\tbounce_rate\tavg\n2\t50%\t2");
    insta::assert_snapshot!(shown(&row, Format::Html), @r#"
    <table id="Actions_getPageUrls" border="1">
    <thead>
    	<tr>
    		<th>nb_visits</th>
    		<th>bounce_rate</th>
    		<th>avg</th>
    	</tr>
    </thead>
    <tbody>
    	<tr>
    		<td>2</td>
    		<td>50%</td>
    		<td>2</td>
    	</tr>
    </tbody>
    </table>
    "#);
    let one = simple(&[("nb_visits", int(0))]);
    assert_eq!(shown(&one, Format::Json), r#"{"value":0}"#);
    assert_eq!(shown(&one, Format::Xml), "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<result>0</result>");
    let yes = Answer::Scalar(Value::Bool(true));
    assert_eq!((shown(&yes, Format::Json), shown(&yes, Format::Csv)), (r#"{"value":true}"#.into(), "value\n1".into()));
    assert_eq!(shown(&Answer::Success, Format::Json), r#"{"result":"success","message":"ok"}"#);
}

#[test]
fn several_dates() {
    let full = simple(&[("nb_visits", int(2)), ("nb_actions", int(3))]);
    let answer = by_date(&[("2024-02-28", full), ("2024-02-29", simple(&[])), ("2024-03-01", pages())]);
    assert!(
        shown(&answer, Format::Json)
            .starts_with(r#"{"2024-02-28":{"nb_visits":2,"nb_actions":3},"2024-02-29":[],"2024-03-01":[{"label""#)
    );
    let numbers = by_date(&[("2024-02-28", simple(&[("nb_visits", int(2))]))]);
    assert_eq!(shown(&numbers, Format::Json), r#"{"2024-02-28":2}"#);
    insta::assert_snapshot!(shown(&by_date(&[("2024-02-28", simple(&[("nb_visits", int(2))])), ("2024-02-29", simple(&[]))]), Format::Xml), @r#"
    <?xml version="1.0" encoding="utf-8" ?>
    <results>
    	<result date="2024-02-28">2</result>
    	<result date="2024-02-29" />
    </results>
    "#);
    assert!(shown(&answer, Format::Csv).starts_with("date,nb_visits,nb_actions,label,"));
    let feed = shown(&answer, Format::Rss);
    assert!(feed.contains("<title>Shop on 2024-02-29</title>") && feed.contains("Thu, 29 Feb 2024 00:00:00 +0000"));
    assert!(shown(&pages(), Format::Rss).starts_with("RSS feeds can be generated for one"));
}

#[test]
fn nested_structures() {
    let site = map(&[("idsite", int(1)), ("urls", Value::List(vec![text("http://a.test"), text("http://b.test")]))]);
    let data = Answer::Data(Value::List(vec![site]));
    assert_eq!(shown(&data, Format::Json), r#"[{"idsite":1,"urls":["http://a.test","http://b.test"]}]"#);
    insta::assert_snapshot!(shown(&data, Format::Xml), @r#"
    <?xml version="1.0" encoding="utf-8" ?>
    <result>
    	<row>
    		<idsite>1</idsite>
    		<urls>
    			<row>http://a.test</row>
    			<row>http://b.test</row>
    		</urls>
    	</row>
    </result>
    "#);
    let keyed = Answer::Data(map(&[("1", map(&[("a b", Value::Bool(false))])), ("empty", map(&[]))]));
    assert_eq!(shown(&keyed, Format::Json), r#"{"1":{"a b":false},"empty":[]}"#);
    insta::assert_snapshot!(shown(&keyed, Format::Xml), @r#"
    <?xml version="1.0" encoding="utf-8" ?>
    <result>
    	<row key="1">
    		<row key="a b">0</row>
    	</row>
    	<empty />
    </result>
    "#);
    let flat = Answer::Data(map(&[("a", int(1)), ("b", int(2))]));
    assert!(shown(&flat, Format::Xml).ends_with("<result>\n\t<row>\n\t\t<a>1</a>\n\t\t<b>2</b>\n\t</row>\n</result>"));
    let parts = Answer::Parts(vec![
        ("website".into(), Answer::Scalar(text("Shop"))),
        ("reportData".into(), by_date(&[("2024-02-28", pages()), ("2024-02-29", simple(&[]))])),
    ]);
    assert!(shown(&parts, Format::Xml).contains("<reportData>\n\t\t<result date=\"2024-02-28\">\n\t\t\t<row>"));
}

#[test]
fn errors_in_every_format() {
    let error = ApiError::new("a > b\nis \"wrong\"");
    let all = |format| String::from_utf8(render_error(&error, format, &Options::default()).body).unwrap();
    assert_eq!(all(Some(Format::Json)), r#"{"result":"error","message":"a &gt; b is &quot;wrong&quot;"}"#);
    assert!(all(Some(Format::Xml)).contains("<error message=\"a &gt; b\nis &quot;wrong&quot;\" />"));
    assert_eq!(all(Some(Format::Csv)), "Error: a &gt; b\nis &quot;wrong&quot;");
    assert_eq!(all(None), "Error: a &gt; b\nis &quot;wrong&quot;");
    assert!(Format::parse("json2").unwrap_err().message.contains("'json2' not valid"));
    assert_eq!(Format::parse("JSON"), Ok(Format::Json));
}
