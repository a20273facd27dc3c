//! The public API as a Kotlin app sees it, one line for each thing, sorted.
//!
//! It reads the generated Kotlin, whose layout is the generator's, and the public declarations
//! of the Kotlin written by hand. It is no Kotlin parser: a declaration that begins a line and
//! has its brackets balanced is all it knows.

use std::collections::BTreeMap;

const TITLE: &str = "\
# What Kotlin sees of the public API; Swift sees the same in its own spelling.
# Written by `cargo xtask bindings --bless`.
";

/// The listing of generated and hand-written sources.
pub(crate) fn listing(generated: &[String], by_hand: &[String]) -> String {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in generated {
        let source = Source::of(source);
        for block in source.blocks() {
            if let Some(function) = generated_function(&block) {
                groups.entry(source.top_level()).or_default().push(function);
            } else if let Some((title, members)) = generated_group(&block) {
                groups.entry(source.in_package(&title)).or_default().extend(members);
            }
        }
    }
    for source in by_hand {
        let source = Source::of(source);
        for block in source.blocks().iter().filter(|block| block.head.starts_with("public ")) {
            let head = block.head.trim_start_matches("public ");
            let head = head.split(" private constructor").next().unwrap_or(head);
            if is_no_type(head) {
                groups.entry(source.top_level()).or_default().push(head.to_owned());
                continue;
            }
            let head = ["fun ", "sealed "].iter().find_map(|mark| head.strip_prefix(mark));
            let head = head.unwrap_or(block.head.trim_start_matches("public "));
            let head = head.split(" private constructor").next().unwrap_or(head);
            let title = source.in_package(head);
            groups.entry(title).or_default().extend(block.public_members());
        }
    }
    let mut text = TITLE.to_owned();
    for (title, mut members) in groups {
        // The order of a record's fields is how its constructor takes them.
        if !title.starts_with("record ") {
            members.sort();
        }
        text.extend(["\n", &title, "\n"]);
        for member in &members {
            text.extend(["    ", member, "\n"]);
        }
    }
    text
}

/// A file without its comments.
struct Source {
    package: String,
    text: String,
}

/// A declaration at the top of a file, and the lines within it.
struct Block {
    head: String,
    lines: Vec<String>,
}

impl Source {
    fn of(text: &str) -> Self {
        let text = without_comments(text).replace(['`'], "").replace("kotlin.", "");
        let package = text.lines().find_map(|line| line.strip_prefix("package "));
        let package = package.unwrap_or_default().trim().to_owned();
        Self { package, text }
    }

    /// Where functions and values stand that belong to no type.
    fn top_level(&self) -> String {
        format!("top level {}", self.package)
    }

    /// `record Saved` as `record org.canvasscore.model.Saved`.
    fn in_package(&self, title: &str) -> String {
        match title.split_once(' ') {
            Some((kind, name)) => format!("{kind} {}.{name}", self.package),
            None => title.to_owned(),
        }
    }

    /// A top-level declaration begins a line; what belongs to it is indented or a bracket. The
    /// generator indents functions that belong to no type.
    fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_open = false;
        let mut depth = 0_usize;
        for line in self.text.lines().filter(|line| !line.trim().is_empty()) {
            let is_function = depth == 0 && line.trim_start().starts_with("fun ");
            let begins = line.starts_with(|c: char| c.is_ascii_alphabetic()) || is_function;
            let count = |bracket: char| line.chars().filter(|known| *known == bracket).count();
            depth = (depth + count('{')).saturating_sub(count('}'));
            if begins && !is_open {
                blocks.push(Block { head: String::new(), lines: Vec::new() });
                is_open = true;
            }
            let Some(block) = blocks.last_mut() else { continue };
            if is_open {
                block.head = joined(&block.head, line);
                is_open = !is_balanced(&block.head) && !block.head.ends_with('{');
            } else {
                block.lines.push(line.to_owned());
            }
        }
        for block in &mut blocks {
            block.head = declared(&block.head);
        }
        blocks
    }
}

impl Block {
    /// The indented lines as whole declarations: those that go over several lines are joined.
    fn members(&self) -> Vec<String> {
        let mut members = Vec::new();
        let mut open = String::new();
        for line in &self.lines {
            open = joined(&open, line);
            if is_balanced(&open) || open.ends_with('{') {
                members.push(declared(&std::mem::take(&mut open)));
            }
        }
        members
    }

    fn public_members(&self) -> Vec<String> {
        let members = self.members().into_iter();
        members.filter_map(|member| Some(member.strip_prefix("public ")?.to_owned())).collect()
    }
}

/// Whether a declaration written by hand is a function or a value.
fn is_no_type(head: &str) -> bool {
    let head = head.strip_prefix("suspend ").unwrap_or(head);
    head.starts_with("val ") || (head.starts_with("fun ") && !head.starts_with("fun interface "))
}

/// A generated function that belongs to no type, unless it is the generator's own affair.
fn generated_function(block: &Block) -> Option<String> {
    let function = block.head.trim_start_matches("public ").strip_prefix("fun ")?;
    let is_ours =
        function.starts_with(|c: char| c.is_ascii_lowercase()) && !function.starts_with("uniffi");
    is_ours.then(|| format!("fun {function}"))
}

/// A generated declaration as its title and its lines, unless it is the generator's own affair.
fn generated_group(block: &Block) -> Option<(String, Vec<String>)> {
    let head = block.head.strip_prefix("public ").unwrap_or(&block.head);
    let name = |kind: &str| {
        let rest = head.strip_prefix(kind)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        Some(rest[..end].to_owned()).filter(|name| is_of_the_api(name))
    };
    if let Some(name) = name("interface ") {
        let title = match name.strip_suffix("Interface") {
            Some(object) => format!("object {object}"),
            None => format!("interface {name}"),
        };
        return Some((title, functions(block)));
    }
    if let Some(name) = name("open class ") {
        let constructors = functions(block).into_iter();
        let title = format!("object {name}");
        let suffix = format!(": {name}");
        return Some((title, constructors.filter(|line| line.ends_with(&suffix)).collect()));
    }
    if let Some(name) = name("data class ") {
        return Some((format!("record {name}"), fields(head)));
    }
    if let Some(name) = name("enum class ") {
        return Some((format!("enum {name}"), entries(block)));
    }
    if let Some(name) = name("sealed class ") {
        let kind = if name.ends_with("Exception") { "error" } else { "enum" };
        return Some((format!("{kind} {name}"), variants(block)));
    }
    let alias = head.strip_prefix("typealias ").filter(|alias| is_of_the_api(alias))?;
    Some((format!("typealias {alias}"), Vec::new()))
}

/// What the generator needs for itself.
fn is_of_the_api(name: &str) -> bool {
    const INTERNAL: [&str; 8] = [
        "Ffi",
        "Uniffi",
        "RustBuffer",
        "ForeignBytes",
        "Disposable",
        "NoHandle",
        "NullRust",
        "Integrity",
    ];
    !INTERNAL.iter().any(|prefix| name.starts_with(prefix)) && !name.ends_with("Impl")
}

fn functions(block: &Block) -> Vec<String> {
    let members = block.members().into_iter();
    members
        .filter_map(|member| {
            let member =
                member.strip_prefix("@Throws(CanvassException::class)").unwrap_or(&member).trim();
            Some(member.strip_prefix("fun ")?.to_owned())
        })
        .collect()
}

/// `record(val a: A, val b: B = null) : C()` as `a: A`, `b: B = null`.
fn fields(head: &str) -> Vec<String> {
    let fields = in_brackets(head).split("val ");
    let fields = fields.map(|field| field.trim().trim_end_matches(',').trim());
    fields.filter(|field| !field.is_empty()).map(str::to_owned).collect()
}

/// What is between the first bracket and the one that closes it.
fn in_brackets(text: &str) -> &str {
    let Some((_, inner)) = text.split_once('(') else { return "" };
    let mut depth = 1;
    for (at, c) in inner.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &inner[..at];
        }
    }
    inner
}

fn entries(block: &Block) -> Vec<String> {
    let entries = block.lines.iter().map(|line| line.trim());
    entries
        .filter_map(|line| {
            let name = line.trim_end_matches([',', ';']);
            let is_entry = name.starts_with(|c: char| c.is_ascii_uppercase())
                && name
                    .split('(')
                    .next()?
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit());
            is_entry.then(|| name.to_owned())
        })
        .collect()
}

fn variants(block: &Block) -> Vec<String> {
    let members = block.members().into_iter();
    members
        .filter_map(|member| {
            let rest = ["data class ", "class ", "data object ", "object "]
                .iter()
                .find_map(|kind| member.strip_prefix(kind))?;
            let name = rest.split(['(', ':', ' ']).next()?.to_owned();
            let fields = fields(rest);
            let shown = format!("{name}({})", fields.join(", "));
            Some(if fields.is_empty() { name } else { shown })
        })
        .collect()
}

/// Joins a line to what is open, with one space between.
fn joined(open: &str, line: &str) -> String {
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let whole = if open.is_empty() { line } else { format!("{open} {line}") };
    whole.replace("( ", "(").replace(" )", ")").replace(" ,", ",").replace(",)", ")")
}

/// A declaration without its body.
fn declared(text: &str) -> String {
    let mut depth = 0_i32;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '<' => depth += 1,
            ')' => depth -= 1,
            '>' if !text[..at].ends_with('-') => depth -= 1,
            '{' | '='
                if depth == 0
                    && !text.starts_with("typealias")
                    && !text.starts_with("public typealias") =>
            {
                return text[..at].trim().to_owned();
            }
            _ => {}
        }
    }
    text.trim().trim_end_matches(',').to_owned()
}

fn is_balanced(text: &str) -> bool {
    let count = |c: char| text.chars().filter(|known| *known == c).count();
    count('(') == count(')')
}

/// The text without `/* */` and `//` comments. A generated file has none inside a text.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].split_once("*/").map_or("", |(_, rest)| rest);
    }
    kept.push_str(rest);
    let lines = kept.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATED: &str = r#"
package org.example

public interface EngineInterface {

    /** Reads. */
    fun `read`(`from`: kotlin.String? = null): List<kotlin.UInt>

    companion object
}

open class Engine: Disposable, AutoCloseable, EngineInterface {
    @Throws(CanvassException::class)override fun `read`(`from`: kotlin.String?): List<kotlin.UInt> {
    }
    companion object {
         @Throws(CanvassException::class) fun `open`(`config`: Config): Engine {
            return x
    }
    }
}

public interface FfiConverter<T> {
    fun lift(value: T): T
}

data class Config (
    /**
     * Where.
     */
    val `path`: kotlin.String
    ,
    val `named`: kotlin.ULong? = null
){
    companion object
}

enum class Mark(val value: kotlin.UByte) {

    GOOD(1u),
    WRONG_NUMBER(2u);

    companion object
}

sealed class CanvassException: kotlin.Exception() {
    class Newer(

        val `found`: kotlin.UInt,
        val `supported`: kotlin.UInt
        ) : CanvassException() {
        override val message
            get() = "found=${ `found` }"
    }
    class Closed(
        ) : CanvassException() {
    }
}

sealed class Step {
    data class Wait(
        val `waitMs`: kotlin.ULong) : Step()
    {
        companion object
    }
    object Done : Step()
}

public typealias ListId = UUID
        /**
         * Tells.
         */ fun `errorCode`(`error`: CanvassException): kotlin.String {
            return lift(
    uniffiRustCall() { _status ->
})
    }

public fun uniffiEnsureInitialized() {
}
"#;

    const BY_HAND: &str = r"
package org.example

public class Canvass private constructor(
    private val engine: Engine,
) : AutoCloseable {
    private val hidden = 1

    /** Lists. */
    public suspend fun doors(
        from: String? = null,
        limit: UInt = 100u,
    ): DoorPage = call { it.doors(from, limit) }

    public companion object {
        public suspend fun open(config: Config): Canvass = withContext(x) {
        }
    }
}

public fun interface Transport {
    public suspend fun send(request: Request): Reply
}

/** A code. */
public val CanvassException.code: String
    get() = errorCode(this)

public suspend fun Canvass.Companion.inMemory(
    seed: ULong,
): Canvass {
    return open(seed)
}

public sealed interface Fault {
    public data object Offline : Fault
}
";

    #[test]
    fn each_kind_of_declaration_is_listed() {
        let expected = "
class org.example.Canvass
    companion object
    suspend fun doors(from: String? = null, limit: UInt = 100u): DoorPage
    suspend fun open(config: Config): Canvass

enum org.example.Mark
    GOOD(1u)
    WRONG_NUMBER(2u)

enum org.example.Step
    Done
    Wait(waitMs: ULong)

error org.example.CanvassException
    Closed
    Newer(found: UInt, supported: UInt)

interface org.example.Fault
    data object Offline : Fault

interface org.example.Transport
    suspend fun send(request: Request): Reply

object org.example.Engine
    open(config: Config): Engine
    read(from: String? = null): List<UInt>

record org.example.Config
    path: String
    named: ULong? = null

top level org.example
    fun errorCode(error: CanvassException): String
    suspend fun Canvass.Companion.inMemory(seed: ULong): Canvass
    val CanvassException.code: String

typealias org.example.ListId = UUID
";
        let listing = listing(&[GENERATED.to_owned()], &[BY_HAND.to_owned()]);
        assert_eq!(listing, format!("{TITLE}{expected}"));
    }

    #[test]
    fn comments_are_left_out() {
        assert_eq!(without_comments("a /* b\n c */d // e\nf"), "a d \nf");
    }
}
