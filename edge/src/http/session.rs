//! Handlers of `wire::session`.

use crate::ask::Api;

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    api
}
