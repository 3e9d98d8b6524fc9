//! Handlers of `wire::people`.

use crate::ask::Api;

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    api
}
