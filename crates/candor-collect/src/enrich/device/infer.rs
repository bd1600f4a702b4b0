//! What can be told of a device without a rule that knows it: from system, browser and single words.
//! The steps' order is Matomo's, and later ones build on earlier ones.

use super::client::Client;
use super::file::Table;
use super::fragment;
use super::hardware::{self, Hardware, kind};
use super::subject::{Rules, Subject};
use super::system::System;
use super::version;
use crate::enrich::ClientHints;
use std::cmp::Ordering;

const APPLE: &str = "Apple";
const APPLE_SYSTEMS: [&str; 5] = ["iPadOS", "tvOS", "watchOS", "iOS", "Mac"];

/// What the steps look at.
pub(super) struct Known<'a> {
    pub(super) rules: &'a Rules,
    pub(super) subject: &'a Subject<'a>,
    pub(super) hints: &'a ClientHints,
    pub(super) system: &'a System,
    pub(super) client: &'a Client,
}

impl Known<'_> {
    /// Completes what the rules found.
    pub(super) fn complete(&self, mut device: Hardware) -> Hardware {
        if device.model.is_empty() {
            device.model.clone_from(&self.hints.model);
        }
        self.brand(&mut device);
        self.puffin(&mut device);
        self.mobile(&mut device);
        self.old_systems(&mut device);
        self.television(&mut device);
        self.desktop(&mut device);
        device
    }

    fn says(&self, fragment: &fragment::Fragment) -> bool {
        fragment.is_in(&self.subject.text)
    }

    /// Apple makes what runs Apple's systems, and nothing else.
    fn brand(&self, device: &mut Hardware) {
        if device.brand.is_empty() {
            device.brand = hardware::vendor(self.subject);
        }
        let apple = APPLE_SYSTEMS.contains(&self.system.name.as_str());
        if device.brand == APPLE && !apple {
            *device = Hardware::default();
        }
        if device.brand.is_empty() && apple {
            device.brand = APPLE.to_owned();
        }
    }

    /// Words by which Android's browsers tell phones from tablets.
    fn mobile(&self, device: &mut Hardware) {
        if device.kind.is_none() && self.says(&fragment::VIRTUAL_REALITY) {
            device.kind = Some(kind::WEARABLE);
        }
        if device.kind.is_none() && self.system.family == "Android" {
            if self.says(&fragment::CHROME_MOBILE) {
                device.kind = Some(kind::SMARTPHONE);
            } else if self.says(&fragment::CHROME_OTHER) {
                device.kind = Some(kind::TABLET);
            }
        }
        if matches!(device.kind, None | Some(kind::SMARTPHONE)) && self.says(&fragment::APAD) {
            device.kind = Some(kind::TABLET);
        }
        if device.kind.is_none() && self.says(&fragment::ANDROID_TABLET) {
            device.kind = Some(kind::TABLET);
        }
        if device.kind.is_none() && self.says(&fragment::ANDROID_MOBILE) {
            device.kind = Some(kind::SMARTPHONE);
        }
    }

    /// Systems and versions that ran on one type only.
    fn old_systems(&self, device: &mut Hardware) {
        let (name, release) = (self.system.name.as_str(), self.system.version.as_str());
        let before = |other| version::compare(release, other) == Ordering::Less;
        if device.kind.is_none() && name == "Android" && !release.is_empty() {
            if before("2.0") {
                device.kind = Some(kind::SMARTPHONE);
            } else if !before("3.0") && before("4.0") {
                device.kind = Some(kind::TABLET);
            }
        }
        if device.kind == Some(kind::FEATURE_PHONE) && self.system.family == "Android" {
            device.kind = Some(kind::SMARTPHONE);
        }
        if name == "KaiOS" || device.kind.is_none() && name == "Java ME" {
            device.kind = Some(kind::FEATURE_PHONE);
        }
        let touch_windows = name == "Windows RT" || name == "Windows" && !before("8");
        if device.kind.is_none() && touch_windows && self.says(&fragment::TOUCH) {
            device.kind = Some(kind::TABLET);
        }
    }

    /// Puffin marks the type by a letter after its version, which says more than Chrome's words.
    fn puffin(&self, device: &mut Hardware) {
        let letters = [
            (&fragment::PUFFIN_DESKTOP, kind::DESKTOP),
            (&fragment::PUFFIN_PHONE, kind::SMARTPHONE),
            (&fragment::PUFFIN_TABLET, kind::TABLET),
        ];
        if device.kind.is_none() {
            device.kind = letters.iter().find(|(fragment, _)| self.says(fragment)).map(|(_, kind)| *kind);
        }
    }

    fn television(&self, device: &mut Hardware) {
        if self.system.name == "Coolita OS" {
            device.brand = "coocaa".to_owned();
        }
        let worn = matches!(device.kind, Some(kind::PERIPHERAL | kind::WEARABLE));
        let television = self.system.name == "Coolita OS"
            || self.says(&fragment::TV_STORE)
            || !worn && (self.says(&fragment::ANDROID_TV) || self.subject.text.trim_end().ends_with(" TV"))
            || device.kind.is_none() && self.says(&fragment::SMART_TV)
            || hardware::is_tv_client(self.rules, &self.client.name)
            || device.kind.is_none() && self.says(&fragment::TV);
        if television {
            device.kind = Some(kind::TV);
        }
    }

    /// A desktop system makes a desktop, unless its browser exists on phones only.
    fn desktop(&self, device: &mut Hardware) {
        let pc = device.kind.is_none() && self.says(&fragment::PC);
        if pc || self.subject.text.contains("Desktop") && self.says(&fragment::DESKTOP) {
            device.kind = Some(kind::DESKTOP);
        }
        let mobile_browser = self.client.is_browser() && self.rules.file.has(Table::MobileBrowsers, &self.client.code);
        if device.kind.is_none() && !mobile_browser && self.rules.file.has(Table::DesktopFamilies, &self.system.family)
        {
            device.kind = Some(kind::DESKTOP);
        }
    }
}
