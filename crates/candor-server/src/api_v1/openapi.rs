//! The description of this API, made from the handlers and the types they read and write.
//! A handler carries its operation as an attribute; it is listed here, and a test asks the server for each.

use super::{Failure, catalogue, consent, session};
use crate::http::{Response, json};
use utoipa::OpenApi;

/// The operations; their types come along.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Candor",
        description = "What the dashboard needs and Matomo's API has no method for. Reports are at /index.php?module=API.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact()
    ),
    paths(
        session::show,
        session::sign_in,
        session::sign_out,
        session::set_up,
        catalogue::show,
        consent::report,
        consent::proof,
        consent::chain,
        consent::keep_text,
        show
    ),
    components(schemas(Failure))
)]
struct Description;

/// This description, OpenAPI 3.1.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "getDescription",
    responses((status = 200, description = "An OpenAPI document", content_type = "application/json"))
)]
pub(super) fn show() -> Response {
    json(200, &Description::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_description() {
        let text = Description::openapi().to_pretty_json().unwrap();
        candor_testkit::assert_generated("docs/reference/openapi.json", &format!("{text}\n"));
    }
}
