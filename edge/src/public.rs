//! The public pages: plain HTML for citizens, no script.

use crate::ask::Api;

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    api
}
