//! One test binary: the program `canvass` in processes of its own.

mod kill;
mod kit;
mod scripts;
mod streets;
