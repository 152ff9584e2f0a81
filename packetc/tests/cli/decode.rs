//! `packetc decode`

use super::{Run, bytes, packetc, packetc_with_input, workspace};
use insta::assert_snapshot;
use std::fs;

const QUICKSTART: &str = "schemas/quickstart.yaml";
const GAME: &str = "schemas/game.yaml";
const INET: &str = "schemas/inet.yaml";
const METADATA: &str = "tests/schemas/metadata.yaml";
const BITS: &str = "packetc/tests/data/bits.yaml";

const MOVE: &str = "0014 03e9 0000 3039 42c9 0000 4348 4ccd 424a cccd";
const HEARTBEAT: &str = "0014 1388 00000001 000000000000c350 00000000";

fn json(schema: &str, hex: &str) -> Run {
    packetc(&["decode", schema, "--format", "json", "--hex", hex])
}

#[test]
fn shows_fields_and_which_bytes_they_are() {
    assert_snapshot!(packetc(&["decode", QUICKSTART, "--hex", MOVE]).transcript());
}

#[test]
fn shows_where_bit_fields_lie() {
    let ipv4 = "45 00 00 18  44 a7 40 00  40 11 e1 f5  0a 4d 00 01  0a 4d 00 02  00";
    let run = packetc(&["decode", INET, "--packet", "Ipv4", "--hex", ipv4]);
    assert_snapshot!("ipv4", run.transcript());
    let little = "fd 81 c5 21 03 0000000000000001 0102 030405";
    let run = packetc(&["decode", BITS, "--packet", "Frame", "--hex", little]);
    assert_snapshot!("little_endian", run.transcript());
}

#[test]
fn shows_what_scaled_numbers_mean() {
    let peak = "0019 02 0002 0935 fffffc18 0000000000000002 03 80 01 0940 07";
    assert_snapshot!(packetc(&["decode", METADATA, "--hex", peak]).transcript());
}

#[test]
fn json_is_one_object_a_line() {
    assert_eq!(
        json(QUICKSTART, MOVE).stdout,
        "{\"frame\":1,\"packet\":\"Move\",\"id\":1001,\"length\":20,\"value\":\
         {\"size\":20,\"id\":1001,\"player\":12345,\"position\":{\"x\":100.5,\"y\":200.3,\"z\":50.7}}}\n"
    );
}

#[test]
fn reads_arguments_files_and_standard_input_in_any_notation() {
    let expected = json(QUICKSTART, MOVE).stdout;
    let decode = ["decode", QUICKSTART, "--format", "json"];
    let notations = [
        MOVE.to_owned(),
        MOVE.replace(' ', ""),
        format!("\n{}\n", MOVE.replace(' ', "\n")),
        format!("0x{}", MOVE.replace(' ', " 0x")),
        MOVE.replace(' ', ":").to_uppercase().replace('X', "x"),
    ];
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("move.hex");
    let file = path.to_str().expect("a path of text");
    for notation in &notations {
        assert_eq!(json(QUICKSTART, notation).stdout, expected, "{notation}");
        assert_eq!(
            packetc_with_input(&decode, notation.as_bytes()).stdout,
            expected
        );
        let dash = [decode.as_slice(), &["-"]].concat();
        assert_eq!(
            packetc_with_input(&dash, notation.as_bytes()).stdout,
            expected
        );
        fs::write(&path, notation).expect("writable");
        assert_eq!(
            packetc(&[decode.as_slice(), &[file]].concat()).stdout,
            expected
        );
    }
    let raw = [decode.as_slice(), &["--raw"]].concat();
    assert_eq!(packetc_with_input(&raw, &bytes(MOVE)).stdout, expected);
    fs::write(&path, bytes(MOVE)).expect("writable");
    assert_eq!(
        packetc(&[raw.as_slice(), &[file]].concat()).stdout,
        expected
    );
}

#[test]
fn input_that_is_not_hexadecimal_says_so_and_names_raw() {
    assert_snapshot!("argument", json(QUICKSTART, "0014 03g9").transcript());
    let run = packetc_with_input(&["decode", QUICKSTART], &bytes("0014 03e9"));
    assert_snapshot!("stdin", run.transcript());
    let run = packetc_with_input(&["decode", QUICKSTART], &bytes("d4c3b2a1 02000400"));
    assert!(run.stderr.contains("--pcap"), "{}", run.stderr);
}

#[test]
fn empty_input_is_a_truncated_packet() {
    let run = json(QUICKSTART, "");
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stdout,
        "{\"error\":{\"packet\":\"Move\",\"field\":\"size\",\"offset\":0,\"kind\":\"truncated\",\
         \"message\":\"needs 2 bytes, 0 are left\"},\"value\":{}}\n"
    );
}

#[test]
fn an_error_shows_the_part_decoded_so_far() {
    let run = json(QUICKSTART, &MOVE[..17]);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stdout,
        "{\"error\":{\"packet\":\"Move\",\"field\":\"player\",\"offset\":4,\"kind\":\"truncated\",\
         \"message\":\"needs 4 bytes, 3 are left\"},\"value\":{\"size\":20,\"id\":1001}}\n"
    );
    assert_snapshot!(packetc(&["decode", QUICKSTART, "--hex", &MOVE[..29]]).transcript());
}

#[test]
fn packets_of_a_stream_are_cut_and_found_by_their_headers() {
    let stream =
        format!("{HEARTBEAT} 0008 ffff 01020304 0010 0fa1 03 03 616461 0005 68656c6c6f 00");
    let run = json(GAME, &stream);
    assert_eq!(run.code, Some(1));
    assert_snapshot!(run.stdout);
}

#[test]
fn sizes_that_cannot_be_are_errors_and_never_a_loop() {
    for hex in [
        "0000 1388",
        "0003 1388 00",
        "ffff 1388",
        "0000",
        "00",
        "0004 1388 0000",
    ] {
        let run = json(GAME, hex);
        assert_eq!(run.code, Some(1), "{hex}");
        assert!(
            run.stdout.starts_with('{') && run.stdout.contains("\"error\""),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_named_packet_is_all_of_the_input() {
    let two = format!("{MOVE} {MOVE}");
    let run = packetc(&[
        "decode", QUICKSTART, "--packet", "Move", "--format", "json", "--hex", &two,
    ]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stdout.contains("\"kind\":\"size_mismatch\""),
        "{}",
        run.stdout
    );
    let run = packetc(&[
        "decode",
        QUICKSTART,
        "--packet",
        "Vec3",
        "--hex",
        &MOVE[20..],
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn packets_that_do_not_say_which_they_are_must_be_named() {
    assert_snapshot!(
        "unnamed",
        packetc(&["decode", BITS, "--hex", "00"]).transcript()
    );
    let run = packetc(&["decode", GAME, "--packet", "Mov", "--hex", "00"]);
    assert_snapshot!("misspelt", run.transcript());
}

/// A little-endian capture of these frames: the bytes that were captured, and how many more there were.
fn pcap(frames: &[(&str, usize)]) -> Vec<u8> {
    let mut file = bytes("d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000");
    for (hex, missing) in frames {
        let data = bytes(hex);
        let length = u32::try_from(data.len()).expect("short");
        let missing = u32::try_from(*missing).expect("short");
        file.extend([0; 8]);
        file.extend(length.to_le_bytes());
        file.extend((length + missing).to_le_bytes());
        file.extend(data);
    }
    file
}

fn decode_capture(schema: &str, capture: &[u8]) -> Run {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("frames.pcap");
    fs::write(&path, capture).expect("writable");
    let path = path.to_str().expect("a path of text");
    let run = packetc(&["decode", schema, "--pcap", path, "--format", "json"]);
    Run {
        stderr: run.stderr.replace(path, "frames.pcap"),
        ..run
    }
}

#[test]
fn each_frame_of_a_capture_is_a_packet() {
    let frames = [
        (HEARTBEAT, 0),
        ("0014 1388 0000", 0),
        (HEARTBEAT, 0),
        (&HEARTBEAT[..18], 12),
    ];
    let run = decode_capture(GAME, &pcap(&frames));
    assert_eq!(run.code, Some(1));
    assert_snapshot!(run.stdout);
}

#[test]
fn all_kinds_of_captures_are_read() {
    let little = pcap(&[(HEARTBEAT, 0)]);
    let expected = decode_capture(GAME, &little);
    assert_eq!(expected.code, Some(0), "{}", expected.stderr);
    let frame = bytes(HEARTBEAT);
    let nanoseconds = [&bytes("4d3cb2a1"), &little[4..]].concat();
    let big = [
        bytes("a1b2c3d4 0002 0004 00000000 00000000 00040000 00000001"),
        bytes("00000000 00000000 00000014 00000014"),
        frame.clone(),
    ]
    .concat();
    let next_generation = [
        bytes("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"),
        bytes("01000000 14000000 0100 0000 00000400 14000000"),
        bytes("06000000 34000000 00000000 00000000 00000000 14000000 14000000"),
        frame.clone(),
        bytes("34000000"),
        bytes("03000000 24000000 14000000"),
        frame,
        bytes("24000000"),
    ]
    .concat();
    for capture in [nanoseconds, big] {
        assert_eq!(decode_capture(GAME, &capture).stdout, expected.stdout);
    }
    let run = decode_capture(GAME, &next_generation);
    let twice = expected.stdout.clone() + &expected.stdout.replace("\"frame\":1", "\"frame\":2");
    assert_eq!(run.stdout, twice, "{}", run.stderr);
}

#[test]
fn a_frame_larger_than_the_first_buffer_is_read() {
    let ethernet = format!("ffffffffffff 823f522bc76b 9999 {}", "00".repeat(200_000));
    let run = decode_capture(INET, &pcap(&[(&ethernet, 0), (&ethernet, 0)]));
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 2);
}

#[test]
fn damaged_captures_are_errors_after_the_frames_before() {
    let whole = pcap(&[(HEARTBEAT, 0)]);
    assert_snapshot!("text", decode_capture(GAME, b"0010 1388").transcript());
    assert_snapshot!("empty", decode_capture(GAME, b"").transcript());
    assert_snapshot!("header", decode_capture(GAME, &whole[..10]).transcript());
    let cut = [whole.as_slice(), &whole[24..50]].concat();
    assert_snapshot!("frame", decode_capture(GAME, &cut).transcript());
    let absurd = [whole.as_slice(), &[0xff; 16]].concat();
    assert_eq!(decode_capture(GAME, &absurd).code, Some(2));
}

#[test]
fn real_frames_are_decoded_and_encoded_to_the_same_bytes() {
    let capture = workspace().join("tests/data/inet.pcap");
    let Ok(file) = fs::read(&capture) else {
        eprintln!("not run: {} is missing", capture.display());
        return;
    };
    let path = capture.to_str().expect("a path of text");
    let decoded = packetc(&[
        "decode", INET, "--pcap", path, "--packet", "Ethernet", "--format", "json",
    ]);
    assert_eq!(decoded.code, Some(0), "{}", decoded.stderr);
    let encoded = packetc_with_input(&["encode", INET], decoded.stdout.as_bytes());
    assert_eq!(encoded.code, Some(0), "{}", encoded.stderr);
    let mut rest = &file[24..];
    for (number, line) in encoded.stdout.lines().enumerate() {
        let (record, after) = rest.split_at(16);
        let length = u32::from_le_bytes([record[8], record[9], record[10], record[11]]);
        let (frame, after) = after.split_at(usize::try_from(length).expect("short"));
        assert_eq!(bytes(line), frame, "frame {}", number + 1);
        rest = after;
    }
    assert!(rest.is_empty());
}

const FRAMING: &str = "tests/schemas/framing.yaml";
const FRAMING_MODES: &str = "tests/schemas/framing_modes.yaml";

#[test]
fn has_to_be_told_who_sent_what_if_ids_do_not_say_it() {
    let row = "44 0000000b 0001 00000001 78";
    assert_snapshot!("needs_a_side", json(FRAMING, row).transcript());
    let decode = [
        "decode", FRAMING, "--format", "json", "--hex", row, "--from",
    ];
    let run = packetc(&[&decode[..], &["server"]].concat());
    assert!(
        run.stdout.contains("\"packet\":\"DataRow\""),
        "{}",
        run.stdout
    );
    let run = packetc(&[&decode[..], &["client"]].concat());
    assert!(
        run.stdout.contains("\"packet\":\"Describe\""),
        "{}",
        run.stdout
    );
}

#[test]
fn cuts_packets_as_their_framing_says() {
    let decode = |framing: &str, hex: &str| {
        let arguments = ["decode", FRAMING_MODES, "--format", "json", "--framing"];
        packetc(&[&arguments[..], &[framing, "--hex", hex]].concat())
    };
    let run = decode("line", "53 6869 0d0a 51 0d0a 52 0d0a 53");
    assert_snapshot!("lines", run.transcript());
    let run = decode("cell", "01 07 000000000000 02 61626364656667 01");
    assert_snapshot!("cells", run.transcript());
    assert_snapshot!("no_such_framing", decode("lines", "00").transcript());
}

#[test]
fn looks_for_the_next_packet_where_one_is_broken() {
    let raw = "fe f0 03 00 12 0304 0100 55";
    let hex = format!("0000 {raw} fe {raw} fe 00 00 00 {raw} fe");
    assert_snapshot!("resync", json(FRAMING_MODES, &hex).transcript());
}

#[test]
fn noise_that_is_nothing_but_magic_takes_little_time_and_two_lines() {
    let good = "fe f0 03 00 12 0304 0100 55";
    let run = json(FRAMING_MODES, &format!("{}{good}", "fe".repeat(40_000)));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].contains("\"error\":"));
    assert_eq!(lines[1], "{\"skipped\":40000}");
    assert!(lines[2].contains("\"packet\":\"Raw\""));
}

#[test]
fn finds_real_packets_again_behind_noise_and_damage() {
    let recording = workspace().join("tests/data/peers/mavlink1.txt");
    let recording = fs::read_to_string(recording).expect("a recording");
    let sent = recording
        .lines()
        .filter_map(|line| line.strip_prefix("server "));
    let sent: String = sent.collect();
    let decode = |hex: &str| {
        let run = json("schemas/mavlink.yaml", hex).stdout;
        let count = |what: &str| run.lines().filter(|line| line.contains(what)).count();
        (
            count("\"length\":"),
            count("\"error\":"),
            count("\"skipped\":"),
        )
    };
    assert_eq!(decode(&sent), (9, 0, 0));
    assert_eq!(decode(&format!("fd0009{sent}")), (9, 1, 1));
    // The last byte of the first frame, a heartbeat, is that of its checksum.
    assert_eq!(
        decode(&format!("{}00{}", &sent[..32], &sent[34..])),
        (8, 1, 1)
    );
}
