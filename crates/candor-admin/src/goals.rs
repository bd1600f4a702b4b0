//! Goals and custom dimensions of sites.

use crate::{Admin, AdminError, revisions::count, sites::existing};
use candor_core::{CustomDimension, DimensionScope, Goal, GoalId, MatchAttribute, PatternType, SiteId};
use std::sync::Arc;

/// Slots of each scope (Matomo's default).
pub const DIMENSIONS_A_SCOPE_MAX: u32 = 5;
/// Longest name of a goal, in characters (Matomo's column).
const GOAL_NAME_CHARS_MAX: usize = 50;
/// Longest pattern, in characters (Matomo's column).
const PATTERN_CHARS_MAX: usize = 255;

impl Admin {
    /// Adds a goal; its id is given here, counted from 1 within the site and never used again.
    ///
    /// # Errors
    /// When there is no such site, a value is not acceptable, or the database fails.
    pub fn add_goal(&self, site: SiteId, mut goal: Goal) -> Result<GoalId, AdminError> {
        check(&goal)?;
        self.revise(|settings, transaction| {
            let mut changed = existing(settings, site)?;
            goal.id = GoalId(count(transaction, &format!("goal:{site}"))?.cast_signed());
            let id = goal.id;
            changed.goals.push(goal);
            settings.sites.insert(site, Arc::new(changed));
            Ok(id)
        })
    }

    /// Replaces a goal.
    ///
    /// # Errors
    /// When there is no such site or goal, a value is not acceptable, or the database fails.
    pub fn update_goal(&self, site: SiteId, goal: Goal) -> Result<(), AdminError> {
        check(&goal)?;
        self.revise(|settings, _| {
            let mut changed = existing(settings, site)?;
            let old = changed.goals.iter_mut().find(|g| g.id == goal.id).ok_or_else(|| no_goal(site, goal.id))?;
            *old = goal;
            settings.sites.insert(site, Arc::new(changed));
            Ok(())
        })
    }

    /// Deletes a goal. Its id is not used again.
    ///
    /// # Errors
    /// When there is no such site or goal, or the database fails.
    pub fn delete_goal(&self, site: SiteId, id: GoalId) -> Result<(), AdminError> {
        self.revise(|settings, _| {
            let mut changed = existing(settings, site)?;
            if changed.goal(id).is_none() {
                return Err(no_goal(site, id));
            }
            changed.goals.retain(|g| g.id != id);
            settings.sites.insert(site, Arc::new(changed));
            Ok(())
        })
    }

    /// Adds a custom dimension; its id and slot are given here.
    ///
    /// # Errors
    /// When there is no such site, all slots of the scope are taken, or the database fails.
    pub fn add_dimension(&self, site: SiteId, mut dimension: CustomDimension) -> Result<u32, AdminError> {
        self.revise(|settings, transaction| {
            let mut changed = existing(settings, site)?;
            let taken = |index| changed.dimensions.iter().any(|d| d.scope == dimension.scope && d.index == index);
            dimension.index = (1..=DIMENSIONS_A_SCOPE_MAX).find(|i| !taken(*i)).ok_or_else(|| {
                let scope = if dimension.scope == DimensionScope::Visit { "visit" } else { "action" };
                AdminError::Invalid(format!("all {DIMENSIONS_A_SCOPE_MAX} slots of scope `{scope}` are taken"))
            })?;
            dimension.id = count(transaction, &format!("dimension:{site}"))?;
            let id = dimension.id;
            changed.dimensions.push(dimension);
            settings.sites.insert(site, Arc::new(changed));
            Ok(id)
        })
    }

    /// Changes a custom dimension; id, slot and scope stay.
    ///
    /// # Errors
    /// When there is no such site or dimension, or the database fails.
    pub fn update_dimension(
        &self,
        site: SiteId,
        id: u32,
        change: impl FnOnce(&mut CustomDimension),
    ) -> Result<(), AdminError> {
        self.revise(|settings, _| {
            let mut changed = existing(settings, site)?;
            let dimension = changed
                .dimensions
                .iter_mut()
                .find(|d| d.id == id)
                .ok_or_else(|| AdminError::NotFound(format!("site `{site}` has no custom dimension `{id}`")))?;
            let (index, scope) = (dimension.index, dimension.scope);
            change(dimension);
            (dimension.id, dimension.index, dimension.scope) = (id, index, scope);
            settings.sites.insert(site, Arc::new(changed));
            Ok(())
        })
    }
}

fn no_goal(site: SiteId, id: GoalId) -> AdminError {
    AdminError::NotFound(format!("site `{site}` has no goal `{}`", id.0))
}

fn check(goal: &Goal) -> Result<(), AdminError> {
    let invalid = |text: String| Err(AdminError::Invalid(text));
    if goal.name.trim().is_empty() {
        return invalid("the goal has no name; give it one".into());
    }
    if goal.name.chars().count() > GOAL_NAME_CHARS_MAX {
        return invalid(format!("the goal's name is longer than {GOAL_NAME_CHARS_MAX} characters"));
    }
    if goal.pattern.chars().count() > PATTERN_CHARS_MAX {
        return invalid(format!("the goal's pattern is longer than {PATTERN_CHARS_MAX} characters"));
    }
    let is_address =
        matches!(goal.attribute, MatchAttribute::Url | MatchAttribute::File | MatchAttribute::ExternalWebsite);
    if goal.pattern_type == PatternType::Exact && is_address && !goal.pattern.contains("://") {
        return invalid(format!(
            "the pattern `{}` must be a whole address, as https://example.org/thanks",
            goal.pattern
        ));
    }
    if goal.attribute == MatchAttribute::VisitDuration && goal.pattern.trim().parse::<f64>().is_err() {
        return invalid(format!("the pattern `{}` must be a number of minutes", goal.pattern));
    }
    Ok(())
}
