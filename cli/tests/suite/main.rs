//! One test binary: the program `canvass` in processes of its own.

mod kill;
mod scripts;
mod streets;
