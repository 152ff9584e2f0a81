# List the recipes
default:
    @just --list

# Run what CI runs
ready:
    .ci/run

# Run all tests, or those whose name contains NAME
test *NAME:
    cargo test --workspace {{ NAME }}

# Run clippy with warnings as errors
lint:
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# Format all code
fmt:
    cargo fmt --all

# Refresh generated code, then snapshots; read the diff before you commit it
bless: bless-generated bless-snapshots

# Refresh tests/generated/ and the output that an example commits
bless-generated:
    cargo run -q -p packetc -- generate schemas/*.yaml tests/schemas/*.yaml --lang rust --out tests/generated
    cargo run -q -p packetc -- generate examples/committed/door.yaml --lang rust --out examples/committed/src/generated --derive Hash
    cargo run -q -p packetc -- generate schemas/game.yaml --lang rust --out tests/generated/extras --serde --proptest

# Refresh the snapshots of insta and trybuild
bless-snapshots:
    INSTA_UPDATE=always TRYBUILD=overwrite cargo test --workspace --no-fail-fast

# Fuzz the reassembler for SECONDS; what is found worth keeping is added to fuzz/corpus
fuzz SECONDS="300":
    fuzz/run {{ SECONDS }}

# Run the reference server and a client against each other
demo:
    cargo run -p reference --bin demo

# Measure the codecs' contest and put its tables into docs/performance.md; `just bench-tables instructions` counts only
bench-tables *WHICH:
    benches/fill-tables {{ WHICH }}

# Build and open the API documentation
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features --open
