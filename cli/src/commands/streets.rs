//! `canvass streets`: street packs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use canvass_core::street::StreetPack;
use serde_json::json;

use crate::cpu::{CpuClock, peak_kb};
use crate::output::{Done, Failure};
use crate::street_pack::bad_pack;
use crate::streets_file::read;

/// Work with street packs.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Build a street pack from an extract or a city's list of edges.
    ///
    /// Example: canvass streets build county.osm.pbf -o county.streets
    Build(Build),
}

#[derive(clap::Args)]
struct Build {
    /// An `OpenStreetMap` extract (.osm.pbf, .osm, .osm.gz); or `walk_edges.csv`,
    /// `walk_nodes.csv` or the folder of both. What stands before these names stands before all
    /// three: a `streets.csv` beside them gives names and house numbers.
    file: PathBuf,
    /// The pack to write.
    #[arg(short, long)]
    out: PathBuf,
    /// Whom to thank for a city's lists, shown with every map. Extracts say it themselves.
    #[arg(long)]
    attribution: Option<String>,
}

pub(super) fn run(args: &Args, quiet: bool) -> Result<Done, Failure> {
    let Command::Build(args) = &args.command;
    let cpu = CpuClock::start();
    let reading = read(&args.file, args.attribution.as_deref(), quiet)?;
    let bytes = StreetPack::build(&reading.map).map_err(|error| bad_pack(&args.file, &error))?;
    let cpu_ms = cpu.millis();
    let peak_kb = peak_kb();
    write_whole(&args.out, &bytes)?;
    let pack = StreetPack::open(Arc::from(bytes)).map_err(|error| bad_pack(&args.out, &error))?;
    let (info, tally) = (pack.info(), &reading.tally);
    let json = json!({
        "nodes": info.nodes, "edges": info.edges, "components": info.components,
        "bytes_network": info.bytes_network, "bytes_geometry": info.bytes_geometry,
        "cpu_ms": cpu_ms, "peak_kb": peak_kb,
        "hash": info.hash, "attribution": info.attribution, "read": {
            "nodes": tally.nodes, "ways": tally.ways, "walkable": tally.walkable,
            "barriers": tally.barriers, "motorways": tally.motorways, "closed": tally.closed,
            "not_built": tally.not_built, "other": tally.other, "cut": tally.cut,
            "too_short": tally.too_short, "shut": tally.shut,
        },
    });
    let text = format!(
        "{} edges between {} nodes in {} parts, {} barriers; {} KB for the network, {} KB for \
         shapes and names.\nRead {tally}; {} cut at the border.",
        info.edges,
        info.nodes,
        info.components,
        tally.barriers,
        info.bytes_network.div_ceil(1000),
        info.bytes_geometry.div_ceil(1000),
        tally.cut,
    );
    Ok(Done { json, text })
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let written = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        let _gone = std::fs::remove_file(&part);
        Failure::System(format!("{}: {error}", path.display()))
    })
}
