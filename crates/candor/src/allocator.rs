//! The allocator, and how soon it gives memory back. Nothing else is set here.
#![expect(unsafe_code, reason = "the allocator's options can only be set through its C interface")]

use libmimalloc_sys::{mi_option_set_default, mi_option_t};
use mimalloc::MiMalloc;

// Many small allocations on several threads: measured a fifth faster on the tracking path than the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// `mi_option_purge_delay` of `mimalloc.h`, which the bindings leave out.
const PURGE_DELAY: mi_option_t = 15;
/// How long freed memory is kept for the next batch, milliseconds. With the allocator's own second,
/// what several batches freed is still resident while the next one is made.
const PURGE_DELAY_MS: i32 = 100;

/// Gives freed memory back soon, unless `MIMALLOC_PURGE_DELAY` says otherwise. Must be the first call of the program.
pub(crate) fn start() {
    // SAFETY: setting an option is unsound only beside another thread that reads or sets options,
    // and no thread was started yet. The number is below the count of options, which C checks too.
    unsafe { mi_option_set_default(PURGE_DELAY, PURGE_DELAY_MS.into()) }
}

#[cfg(test)]
mod tests {
    use super::PURGE_DELAY;
    use libmimalloc_sys::mi_option_get;

    #[test]
    fn the_number_is_that_of_the_delay() {
        // SAFETY: every option was read when the program was loaded; nobody sets one in tests.
        let delay_ms = unsafe { mi_option_get(PURGE_DELAY) };
        // No other option has this default.
        assert_eq!(delay_ms, 1_000);
    }
}
