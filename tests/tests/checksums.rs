//! Every checksum that a schema can name is there at run time.

use packet_schema::layout::Algorithm;

#[test]
fn the_runtime_has_a_function_for_every_algorithm() {
    let sums = include_str!("../../packet-runtime/src/checksum.rs");
    let crcs = include_str!("../../packet-runtime/src/checksum/crc.rs");
    for algorithm in Algorithm::all() {
        let name = algorithm.name().replace('-', "_");
        let there = match algorithm {
            // The rest of the line is the catalogue's name in its own case.
            Algorithm::Crc(_) => crcs.lines().any(|line| {
                let (function, constant) = line.trim().split_once(": ").unwrap_or_default();
                let constant = constant.split("= CRC_").nth(1).unwrap_or_default();
                let constant = constant.trim_end_matches(',').to_lowercase();
                function == name && name == format!("crc{constant}")
            }),
            _ => sums.contains(&format!("pub fn {name}(")),
        };
        assert!(there, "{name}");
    }
}
