//! One file a rule. The list is read by everything that needs to know which rules exist.

mod cookieless;
mod exempt;
pub(crate) mod mask_ip;
mod order_id;
mod referrer;
mod user_id;

use super::Rule;

/// All rules, in the order in which they apply.
pub static RULES: &[&dyn Rule] = &[
    &mask_ip::MaskIp,
    &user_id::HashUserId,
    &cookieless::Cookieless,
    &order_id::RandomOrderId,
    &referrer::CutReferrer,
    &exempt::Exempt,
];
