//! Writes the vectors of the bundled schemas to the corpus of the target `reassembler`: one after the other in lent
//! buffers and as chunks, cut somewhere.

#[path = "../../../packet-runtime/tests/stream/operations.rs"]
#[allow(dead_code)]
mod operations;

use operations::{BUNDLED, header, operation};
use packet_schema::compile;
use std::error::Error;
use std::fs;

fn main() -> Result<(), Box<dyn Error>> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for (name, framing) in BUNDLED {
        let schema = fs::read_to_string(format!("{root}/schemas/{name}.yaml"))?;
        let layout = compile(&schema)
            .map_err(|_| "a bundled schema has problems")?
            .layout;
        let vectors = layout
            .packets
            .iter()
            .filter(|packet| packet.framing == Some(0));
        let vectors: Vec<&[u8]> = vectors
            .flat_map(|packet| &packet.vectors)
            .map(|vector| &vector.bytes[..vector.bytes.len().min(255)])
            .collect();
        for (number, pair) in vectors.windows(2).enumerate() {
            let (kind, storage) = ((number % 4) as u8, (number % 3) as u8 * 51);
            let mut data = header(framing, storage, 16 * kind + 1).to_vec();
            for bytes in pair {
                let (head, tail) = bytes.split_at(bytes.len() / 2);
                data.extend(operation(kind, 7, head));
                data.extend(operation(kind + 1, 1, tail));
            }
            fs::write(
                format!("{root}/fuzz/corpus/reassembler/{name}-{number}"),
                data,
            )?;
        }
    }
    Ok(())
}
