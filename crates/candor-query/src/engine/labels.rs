//! The labels of a record's rows, each path with a number of its own: the same page comes each day and in each part,
//! so its path is split and compared once, and rows of all days find each other by number.

use foldhash::{HashMap, HashMapExt};

/// A path of labels. Those above a path have smaller numbers.
pub(super) type LabelId = u32;

/// Above the first level.
pub(super) const TOP: LabelId = LabelId::MAX;

/// All paths met so far.
#[derive(Default)]
pub(super) struct Labels {
    all: Vec<Label>,
    /// Paths of the first level.
    top: HashMap<Box<str>, LabelId>,
}

struct Label {
    text: Box<str>,
    above: LabelId,
    below: HashMap<Box<str>, LabelId>,
}

impl Labels {
    /// The path of one label below another.
    pub(super) fn below(&mut self, above: LabelId, text: &str) -> LabelId {
        let known = match self.all.get(above as usize) {
            Some(label) => label.below.get(text),
            None => self.top.get(text),
        };
        if let Some(id) = known {
            return *id;
        }
        // Far fewer labels fit into memory.
        let id = LabelId::try_from(self.all.len()).unwrap_or(TOP - 1);
        match self.all.get_mut(above as usize) {
            Some(label) => label.below.insert(text.into(), id),
            None => self.top.insert(text.into(), id),
        };
        self.all.push(Label { text: text.into(), above, below: HashMap::new() });
        id
    }

    /// The path of these labels, outermost first.
    pub(super) fn path(&mut self, path: &[impl AsRef<str>]) -> LabelId {
        path.iter().fold(TOP, |above, text| self.below(above, text.as_ref()))
    }

    /// The last label of a path.
    pub(super) fn text(&self, id: LabelId) -> &str {
        self.all.get(id as usize).map_or("", |label| &label.text)
    }

    /// The path without its last label.
    pub(super) fn above(&self, id: LabelId) -> LabelId {
        self.all.get(id as usize).map_or(TOP, |label| label.above)
    }

    /// The first label of a path.
    pub(super) fn first(&self, mut id: LabelId) -> LabelId {
        while self.above(id) != TOP {
            id = self.above(id);
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_number() {
        let mut labels = Labels::default();
        let page = labels.path(&["a", "b"]);
        let other = labels.path(&["b", "b"]);
        assert_ne!(page, other);
        assert_eq!(labels.path(&["a", "b"]), page);
        let folder = labels.path(&["a"]);
        assert_eq!((labels.above(page), labels.first(page), labels.above(folder)), (folder, folder, TOP));
        assert!(folder < page);
        assert_eq!(labels.text(other), "b");
    }
}
