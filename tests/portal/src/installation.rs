//! Whether an app was set up by its installer, and where it appears since.

use crate::portal::Portal;

impl Portal {
    /// The installer was opened: until it has finished, the app appears nowhere.
    pub fn await_installer(&mut self) {
        self.has_installer = true;
        self.is_installed = false;
    }

    /// The installer said that it is done.
    pub fn finish_installation(&mut self) {
        self.is_installed = true;
    }

    /// Where the app appears beside its own page: placement and handler. `None` for an app without an installer, which the
    /// demo shows wherever it is asked to.
    #[must_use]
    pub fn places(&self, app: u64) -> Option<Vec<(&str, &str)>> {
        let bound = self.bound.iter().filter(|bound| bound.app == app);
        let shown = bound.filter(|_| self.is_installed);
        self.has_installer.then(|| {
            shown
                .map(|bound| (bound.placement.as_str(), bound.handler.as_str()))
                .collect()
        })
    }
}
