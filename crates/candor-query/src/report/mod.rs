//! Answers to report methods: one for every site and period that a request names, made of records.
//!
//! [`Reports::answer`] is the way in. [`options`] is what a request says, [`process`] what is done to rows,
//! [`composed`] makes the reports that need several records; [`describe`] says what reports show, [`processed`] puts
//! both together, [`evolution`] follows rows over time.

mod answer;
mod compared;
#[cfg(test)]
mod compared_tests;
mod composed;
mod describe;
mod evolution;
mod options;
mod pivoted;
mod process;
mod processed;
mod site_groups;
mod sites;
mod source;
mod subtables;
#[cfg(test)]
mod tests;
mod timings;

pub use compared::Comparison;
pub use options::{Formatting, ReportParams, Search, TableOptions};
pub use pivoted::Pivot;
pub use source::Records;

use crate::{
    QueryError, Scope,
    catalogue::reports::{self, Composed, ReportDef, Source},
    period::{Period, PeriodRequest},
    segment::{Asker, Segment, SegmentContext},
    table::Answer,
};
use candor_core::{Day, Settings, SiteSettings, Timestamp, Vocabulary};
use std::{sync::Arc, time::Instant};

/// Which sites a request names.
#[derive(Debug, Clone)]
pub enum SiteChoice {
    /// One site: the answer is its table.
    One(Arc<SiteSettings>),
    /// Several (`1,2` or `all`): the answer is a map by their ids.
    Many(Vec<Arc<SiteSettings>>),
}

impl SiteChoice {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Arc<SiteSettings>] {
        match self {
            Self::One(site) => std::slice::from_ref(site),
            Self::Many(sites) => sites,
        }
    }
}

/// A question to a report.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// Sites, already checked against the asker's rights.
    pub sites: SiteChoice,
    /// The settings that apply.
    pub settings: Arc<Settings>,
    /// Periods.
    pub periods: PeriodRequest,
    /// The date as the request wrote it, for addresses in answers.
    pub date: String,
    /// The segment as in the query string, decoded once; empty for all visits.
    pub segment: String,
    /// Who asks: what the request's segments may speak of.
    pub asker: Asker,
    /// The present, for what `today` is in each site's zone.
    pub now: Timestamp,
    /// When whoever asked stops waiting; `None` = never.
    pub until: Option<Instant>,
    /// Rows and columns to show.
    pub options: TableOptions,
    /// What only some reports know.
    pub params: ReportParams,
}

/// Answers report methods.
#[derive(Clone)]
pub struct Reports {
    records: Arc<dyn Records>,
    vocabulary: Arc<Vocabulary>,
}

impl Reports {
    /// Reports made of these records, with these names for codes.
    #[must_use]
    pub fn new(records: Arc<dyn Records>, vocabulary: Arc<Vocabulary>) -> Self {
        Self { records, vocabulary }
    }

    /// Answers a method such as `Referrers.getKeywords`; `None` when no report has this name.
    ///
    /// # Errors
    /// When the segment or a parameter means nothing, or the store fails.
    pub fn answer(&self, method: &str, request: &ReportRequest) -> Option<Result<Answer, QueryError>> {
        reports::find(method).map(|report| self.answer_report(report, request))
    }

    fn answer_report(&self, report: &'static ReportDef, request: &ReportRequest) -> Result<Answer, QueryError> {
        if !report.single.is_empty() && (matches!(request.sites, SiteChoice::Many(_)) || is_many(&request.periods)) {
            let single = match request.sites.is_many() {
                true => report.single.replace("sites or dates", "sites"),
                false => report.single.to_owned(),
            };
            let text = format!("{} {single}", report.method);
            return Err(QueryError::Parameter(text));
        }
        if let Some(answer) = self.sites_report(report, request)? {
            return Ok(answer);
        }
        if let Some(comparison) = &request.options.comparison {
            return self.compared(report, request, comparison).map(|answer| keyed(report, answer));
        }
        let several = matches!(request.sites, SiteChoice::Many(_)) || is_many(&request.periods);
        let answer = self.for_each_site(request, |ask| self.answer_one(report, &Ask { in_map: several, ..*ask }))?;
        Ok(keyed(report, answer))
    }

    /// One answer a site and period, put together as the request's choice of sites and periods says.
    fn for_each_site(
        &self,
        request: &ReportRequest,
        mut answer: impl FnMut(&Ask<'_>) -> Result<Answer, QueryError>,
    ) -> Result<Answer, QueryError> {
        let mut of_sites = vec![];
        for site in request.sites.all() {
            let segment = self.segment(&request.segment, site, request.asker)?;
            let today = site.zone.day(request.now);
            let mut of_periods = vec![];
            for period in request.periods.periods() {
                let ask = Ask {
                    request,
                    site,
                    segment: segment.as_ref(),
                    period: *period,
                    today,
                    in_map: false,
                    lone_rows: false,
                };
                of_periods.push((period.key(), answer(&ask)?));
            }
            of_sites.push((site.id.0.to_string(), joined("date", of_periods, is_many(&request.periods))));
        }
        Ok(joined("idSite", of_sites, matches!(request.sites, SiteChoice::Many(_))))
    }

    /// The checked segment of a request, for one site.
    fn segment(&self, text: &str, site: &SiteSettings, asker: Asker) -> Result<Option<Segment>, QueryError> {
        if text.is_empty() {
            return Ok(None);
        }
        let context = SegmentContext { vocabulary: &self.vocabulary, site: Some(site), asker };
        Ok(Some(Segment::parse(text, &context)?))
    }
}

/// One site, one period of a request.
#[derive(Clone, Copy)]
struct Ask<'a> {
    request: &'a ReportRequest,
    site: &'a SiteSettings,
    segment: Option<&'a Segment>,
    period: Period,
    today: Day,
    /// The answer is part of a map: what has no data is left empty instead of zero.
    in_map: bool,
    /// Rows below say where they belong, as if they stood alone.
    lone_rows: bool,
}

impl<'a> Ask<'a> {
    fn scope(&self) -> Scope<'a> {
        Scope {
            site: self.site,
            settings: &self.request.settings,
            period: self.period,
            segment: self.segment,
            today: self.today,
            until: self.request.until,
        }
    }
}

fn is_many(periods: &PeriodRequest) -> bool {
    matches!(periods, PeriodRequest::Many(_))
}

/// Matomo keys the maps of one report by another word.
fn keyed(report: &ReportDef, answer: Answer) -> Answer {
    if matches!(report.source, Source::Composed(Composed::VisitFrequency)) { by_period(answer) } else { answer }
}

fn by_period(answer: Answer) -> Answer {
    match answer {
        Answer::Map { key: "date", entries } => Answer::Map { key: "period", entries },
        Answer::Map { key, entries } => {
            Answer::Map { key, entries: entries.into_iter().map(|(name, part)| (name, by_period(part))).collect() }
        }
        other => other,
    }
}

fn joined(key: &'static str, mut entries: Vec<(String, Answer)>, as_map: bool) -> Answer {
    match (as_map, entries.pop()) {
        (false, Some((_, only))) => only,
        (_, last) => {
            entries.extend(last);
            Answer::Map { key, entries }
        }
    }
}
