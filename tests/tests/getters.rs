//! What generated code offers besides bytes: texts of other encodings, defaults, scaled values.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Encode as _, View as _};
use packet_tests::metadata::{Caps, Defaults, Limits, Measured, MeasuredView, Mode, Open};
use packet_tests::numbers::{Lists, ListsView, Plain, PlainView, Prefixes};
use packet_tests::texts::{Ended, EndedView, Latin, LatinView, Wide, WideView};

#[test]
fn what_nobody_gives_has_the_default_of_the_schema() {
    let defaults = Defaults::default();
    assert_eq!(defaults.mode, Mode::Eco);
    assert_eq!(defaults.open, Open(9));
    assert_eq!(defaults.caps, Caps::VOICE | Caps::VIDEO);
    assert_eq!((defaults.number, defaults.large), (-100_000, 1 << 127));
    assert!(defaults.endless.is_infinite() && defaults.endless.is_sign_negative());
    assert_eq!(defaults.limits, Limits { low: -5, high: 400 });
    assert_eq!(defaults.note, None);

    // The same bytes as where JSON leaves everything out.
    let layout = packet_tests::codecs::METADATA.layout();
    let id = layout.struct_named("Defaults").unwrap();
    let nothing = serde_json::from_str("{\"limits\": {}}").unwrap();
    let bytes = packet_schema::codec::encode(&layout, id, &nothing).unwrap();
    assert_eq!(defaults.to_vec().unwrap(), bytes);
}

#[test]
fn scaled_numbers_have_a_getter_in_their_unit() {
    let measured = Measured {
        sequence: 0,
        voltage: 123,
        current: -1500,
        energy: 2,
        drift: -2,
        share: 8,
        peak: None,
        voltage_scaled: 7,
    };
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    close(measured.voltage_scaled_(), 12.3);
    close(measured.current_scaled(), -1.5);
    close(measured.energy_scaled(), 2000.0);
    close(measured.drift_scaled(), 0.5);
    close(measured.share_scaled(), 0.5);
    assert_eq!(measured.peak_scaled(), None);
    let bytes = measured.to_vec().unwrap();
    let view = MeasuredView::parse(&bytes).unwrap();
    close(view.voltage_scaled_(), 12.3);
    close(view.drift_scaled(), 0.5);
    assert_eq!(view.peak_scaled(), None);
    assert_eq!(view.voltage_scaled(), 7);
}

#[test]
fn views_of_texts_are_compared_with_strings() {
    let latin = Latin {
        fixed: "äö".to_owned(),
        short: "ÿ".to_owned(),
        counted: "Aé".to_owned(),
        rest: String::new(),
    };
    let bytes = latin.to_vec().unwrap();
    assert_eq!(bytes, b"\xe4\xf6\0\0\x01\xff\x02A\xe9");
    let view = LatinView::parse(&bytes).unwrap();
    assert_eq!(view.fixed(), "äö");
    assert_eq!(view.counted().to_string(), "Aé");
    assert_eq!(format!("{:?}", view.short()), "\"ÿ\"");

    let wide = Wide {
        fixed: "€".to_owned(),
        little: "😀".to_owned(),
        counted: String::new(),
        rest: "x".to_owned(),
    };
    let bytes = wide.to_vec().unwrap();
    let view = WideView::parse(&bytes).unwrap();
    assert_eq!(view.fixed(), "€");
    assert_eq!(view.little(), "😀");
    assert_eq!(view.little().chars().collect::<String>(), "😀");
    assert_eq!(Wide::from(view), wide);

    let view = EndedView::parse(b"a\0b\0\0\0c\0\0\0\0").unwrap();
    assert_eq!((view.any(), view.name(), view.plain()), ("a", "b", ""));
    assert_eq!(view.wide(), "c");
}

/// The message of a value that cannot be written.
#[track_caller]
fn refused(value: &impl packet_runtime::Encode, message: &str) {
    assert_eq!(value.encoded_len().unwrap_err().to_string(), message);
}

#[test]
fn texts_that_cannot_be_written_are_refused() {
    let latin = || Latin {
        fixed: String::new(),
        short: "a".to_owned(),
        counted: String::new(),
        rest: String::new(),
    };
    let invalid = |field: &str| format!("{field}: text that its encoding cannot express");
    let euro = || "€".to_owned();
    refused(
        &Latin {
            fixed: euro(),
            ..latin()
        },
        &invalid("Latin.fixed"),
    );
    refused(
        &Latin {
            short: euro(),
            ..latin()
        },
        &invalid("Latin.short"),
    );
    refused(
        &Latin {
            rest: euro(),
            ..latin()
        },
        &invalid("Latin.rest"),
    );
    let nul = Latin {
        fixed: "a\0b".to_owned(),
        ..latin()
    };
    refused(&nul, &invalid("Latin.fixed"));
    let long = Latin {
        fixed: "äöüßé".to_owned(),
        ..latin()
    };
    refused(&long, "Latin.fixed: has length 5, must have at most 4");

    let ended = || Ended {
        any: String::new(),
        name: "a".to_owned(),
        plain: String::new(),
        latin: String::new(),
        wide: String::new(),
        after: 0,
        last: None,
    };
    assert_eq!(ended().to_vec().unwrap(), b"\0a\0\0\0\0\0\0");
    let nul = || "a\0".to_owned();
    refused(
        &Ended {
            any: nul(),
            ..ended()
        },
        &invalid("Ended.any"),
    );
    refused(
        &Ended {
            wide: nul(),
            ..ended()
        },
        &invalid("Ended.wide"),
    );
    refused(
        &Ended {
            latin: euro(),
            ..ended()
        },
        &invalid("Ended.latin"),
    );
    let long = Ended {
        wide: "😀😀".to_owned(),
        ..ended()
    };
    refused(&long, "Ended.wide: has length 8, must have at most 6");
    let empty = Ended {
        name: String::new(),
        ..ended()
    };
    refused(&empty, "Ended.name: has length 0, must have 1 to 8");
}

#[test]
fn varints_are_integers_of_64_bits() {
    let plain = Plain {
        unsigned: u64::MAX,
        signed: i64::MIN,
    };
    let bytes = plain.to_vec().unwrap();
    assert_eq!(bytes.len(), 20);
    let view = PlainView::parse(&bytes).unwrap();
    assert_eq!((view.unsigned(), view.signed()), (u64::MAX, i64::MIN));

    let lists = Lists {
        fixed: vec![1, 300, u64::MAX],
        counted: vec![-1, i64::MAX],
        sized: Vec::new(),
        limited: vec![10, 20],
        rest: vec![0],
    };
    let bytes = lists.to_vec().unwrap();
    let view = ListsView::parse(&bytes).unwrap();
    assert_eq!(view.fixed().get(2), Some(u64::MAX));
    assert!(view.counted().iter().eq([-1, i64::MAX]));
    refused(
        &Lists {
            limited: vec![10, 21],
            ..lists.clone()
        },
        "Lists.limited[1]: 21 is not in 10..=20",
    );
    refused(
        &Lists {
            fixed: vec![1],
            ..lists
        },
        "Lists.fixed: has length 1, must have 3",
    );
    let prefixes = Prefixes {
        data: Vec::new(),
        name: String::new(),
        pairs: Vec::new(),
        numbers: vec![0; 128],
        short: vec![0],
    };
    refused(
        &prefixes,
        "Prefixes.numbers: has length 128, must have at most 127",
    );
    let prefixes = Prefixes {
        numbers: vec![0],
        short: Vec::new(),
        ..prefixes
    };
    refused(
        &prefixes,
        "Prefixes.short: has length 0, must have 1 to 300",
    );
}
