use super::*;
use maxminddb_writer::{metadata::IpVersion, paths::IpAddrWithMask};
use serde_json::{Value, json};
use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

/// Writes a location file with one network and returns its path.
fn file(folder: &Path, name: &str, version: IpVersion, network: &str, record: &impl serde::Serialize) -> PathBuf {
    let mut database = maxminddb_writer::Database::default();
    database.metadata.binary_format_major_version = 2;
    database.metadata.database_type = "Test".into();
    database.metadata.ip_version = version;
    let data = database.insert_value(record).unwrap();
    database.insert_node(network.parse::<IpAddrWithMask>().unwrap(), data);
    let path = folder.join(name);
    let fresh = folder.join("fresh");
    database.write_to(File::create(&fresh).unwrap()).unwrap();
    std::fs::rename(fresh, &path).unwrap();
    path
}

fn nested(city: &str) -> Value {
    json!({
        "country": {"iso_code": "DE", "names": {"en": "Germany"}},
        "subdivisions": [{"iso_code": "BE", "names": {"en": "Land Berlin"}}, {"iso_code": "X"}],
        "city": {"names": {"de": "Stadt", "en": city}},
        "location": {"latitude": 52.520_000_4, "longitude": 13.405, "accuracy_radius": 20},
    })
}

fn at(locator: &Locator, ip: &str) -> Option<String> {
    let Location { country, region, city, latitude, longitude } = locator.locate(ip.parse().unwrap())?;
    Some(format!("{country}/{region}/{city} {latitude:?} {longitude:?}"))
}

#[test]
fn the_nested_shape() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "a.mmdb", IpVersion::V4, "192.0.2.0/24", &nested("Berlin"));
    let locator = Locator::open(&[path]).unwrap();
    let berlin = Some("de/BE/Berlin Some(52.52) Some(13.405)".to_owned());
    assert_eq!(at(&locator, "192.0.2.77"), berlin);
    assert_eq!(at(&locator, "::ffff:192.0.2.77"), berlin);
    assert_eq!(at(&locator, "198.51.100.1"), None);
    assert_eq!(at(&locator, "2001:db8::1"), None);
}

#[test]
fn the_flat_shape_split_into_two_files() {
    let dir = tempfile::tempdir().unwrap();
    let flat = |state: &str| json!({"country_code": "FR", "state1": state, "state2": "", "city": "Lieu", "latitude": 1.5, "longitude": -2.0});
    let v4 = file(dir.path(), "4.mmdb", IpVersion::V4, "192.0.2.0/24", &flat("Brittany"));
    let v6 = file(dir.path(), "6.mmdb", IpVersion::V6, "2001:db8::/32", &flat("Nowhere"));
    let locator = Locator::open(&[v4, v6]).unwrap();
    assert_eq!(at(&locator, "192.0.2.1"), Some("fr/BRE/Lieu Some(1.5) Some(-2.0)".into()));
    assert_eq!(at(&locator, "2001:db8::5"), Some("fr//Lieu Some(1.5) Some(-2.0)".into()));
}

#[test]
fn coordinates_may_be_single_double_or_whole() {
    #[derive(serde::Serialize)]
    struct Flat {
        country_code: &'static str,
        latitude: f32,
        longitude: u16,
    }
    let dir = tempfile::tempdir().unwrap();
    let record = Flat { country_code: "AU", latitude: -27.5, longitude: 153 };
    let path = file(dir.path(), "a.mmdb", IpVersion::V4, "192.0.2.0/24", &record);
    let locator = Locator::open(&[path]).unwrap();
    assert_eq!(at(&locator, "192.0.2.1"), Some("au// Some(-27.5) Some(153.0)".into()));
}

#[test]
fn a_country_file_has_no_more_than_a_country() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(dir.path(), "c.mmdb", IpVersion::V4, "192.0.2.0/24", &json!({"country_code": "AT"}));
    let unknown = file(dir.path(), "u.mmdb", IpVersion::V4, "198.51.100.0/24", &json!({"continent": {"code": "EU"}}));
    let locator = Locator::open(&[path, unknown]).unwrap();
    assert_eq!(at(&locator, "192.0.2.1"), Some("at// None None".into()));
    assert_eq!(at(&locator, "198.51.100.1"), None);
}

#[test]
fn a_new_version_is_taken_and_a_broken_one_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let write = |city: &str| file(dir.path(), "a.mmdb", IpVersion::V4, "192.0.2.0/24", &nested(city));
    // File systems may stamp two quick writes alike: each version gets a stamp of its own.
    let stamp = |path: &Path, seconds: u64| {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    };
    let path = write("Old");
    stamp(&path, 1000);
    let locator = Locator::open(std::slice::from_ref(&path)).unwrap();
    let city = || locator.locate("192.0.2.1".parse().unwrap()).unwrap().city;
    assert_eq!(city(), "Old");

    write("New");
    stamp(&path, 2000);
    locator.refresh();
    assert_eq!(city(), "New");

    let broken = dir.path().join("broken");
    std::fs::write(&broken, "no database").unwrap();
    std::fs::rename(broken, &path).unwrap();
    stamp(&path, 3000);
    locator.refresh();
    assert_eq!(city(), "New");

    std::fs::remove_file(&path).unwrap();
    locator.refresh();
    assert_eq!(city(), "New");
}

#[test]
fn a_missing_file_says_what_to_do() {
    let error = Locator::open(&[PathBuf::from("/nowhere/geo.mmdb")]).unwrap_err().to_string();
    assert!(error.contains("`/nowhere/geo.mmdb`") && error.contains("geo.database"), "{error}");
}
