//! The same sheets by pyxform: the order, names, kinds, conditions and choices that both see.

use std::collections::BTreeMap;
use std::fs;

use canvass_core::interchange::read_form_workbook;
use canvass_core::survey::{Kind, Question, ScriptElement};
use canvass_tests::forms::all;
use rxeval::{Instance, NodeId};

use super::python::peers;

/// Forms that pyxform refuses as well. It converts the others that we refuse, most often into a
/// form that asks wrong questions or none, and a warning at best.
const REFUSED_BY_BOTH: [&str; 12] = [
    "bad_cells",
    "bad_duplicates",
    "bad_empty",
    "bad_everything",
    "bad_expressions",
    "bad_groups",
    "bad_lists",
    "bad_names_read",
    "bad_no_columns",
    "bad_nothing",
    "bad_rows",
    "bad_texts",
];

/// What both say of an element.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    name: String,
    kind: &'static str,
    relevant: String,
    constraint: String,
    calculation: String,
    required: bool,
    /// Options that are offered without a filter.
    options: Vec<String>,
}

/// Without spaces, but for those within quotes.
fn squeezed(text: &str) -> String {
    let mut quote = None;
    let keep = |c: &char| {
        match (quote, *c) {
            (None, '\'' | '"') => quote = Some(*c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        quote.is_some() || !c.is_whitespace()
    };
    text.chars().filter(keep).collect()
}

fn ours(elements: &[ScriptElement], told: &mut Vec<Told>) {
    for element in elements {
        let mut one = Told {
            name: element.name().to_owned(),
            relevant: squeezed(element.relevant().unwrap_or_default()),
            ..Told::default()
        };
        match element {
            ScriptElement::Group(group) => {
                one.kind = "group";
                told.push(one);
                ours(&group.elements, told);
                continue;
            }
            ScriptElement::Note(_) => one.kind = "note",
            ScriptElement::Calculation(calculation) => {
                one.kind = "calculate";
                one.calculation = squeezed(&calculation.expression);
            }
            ScriptElement::Question(question) => ours_of(question, &mut one),
        }
        told.push(one);
    }
}

fn ours_of(question: &Question, one: &mut Told) {
    one.constraint = squeezed(question.constraint.as_deref().unwrap_or_default());
    one.required = question.required;
    let options = question.kind.options();
    if options.iter().all(|option| option.relevant.is_none()) {
        one.options = options.iter().map(|option| option.name.clone()).collect();
    }
    one.kind = match question.kind {
        Kind::Single(_) => "select1",
        Kind::Multiple(_) => "select",
        Kind::Integer(_) => "int",
        Kind::Decimal(_) => "decimal",
        Kind::Text(_) => "string",
        Kind::Date => "date",
        Kind::Scale(_) => "range",
        Kind::Acknowledge => "trigger",
    };
}

/// An XForm's elements, by name.
struct XForm {
    document: Instance,
}

impl XForm {
    fn read(xml: &str) -> Self {
        Self { document: Instance::from_xml(xml).expect("an XForm") }
    }

    fn all(&self) -> Vec<NodeId> {
        self.document.descendants(self.document.root().expect("a root"))
    }

    fn name(&self, node: NodeId) -> &str {
        &self.document.node(node).name
    }

    fn attribute(&self, node: NodeId, name: &str) -> Option<String> {
        let attributes = self.document.attributes(node);
        let found = attributes.into_iter().find(|it| self.name(*it) == name)?;
        Some(self.document.node(found).value.clone())
    }

    /// Names and paths of the form's own nodes, a group before what it holds.
    fn nodes(&self) -> Vec<(String, String, bool)> {
        let is_primary =
            |node: &NodeId| self.name(*node) == "instance" && self.attribute(*node, "id").is_none();
        let primary = self.all().into_iter().find(is_primary).expect("a primary instance");
        let data = self.document.children(primary)[0];
        let mut nodes = Vec::new();
        self.below(data, "/data", &mut nodes);
        nodes
    }

    fn below(&self, node: NodeId, path: &str, nodes: &mut Vec<(String, String, bool)>) {
        for child in self.document.children(node) {
            let name = self.name(child).to_owned();
            if path == "/data" && name == "meta" {
                continue;
            }
            let path = format!("{path}/{name}");
            nodes.push((name, path.clone(), !self.document.children(child).is_empty()));
            self.below(child, &path, nodes);
        }
    }

    /// The tables of choices, by their ids.
    fn tables(&self) -> BTreeMap<String, Vec<String>> {
        let mut tables = BTreeMap::new();
        for node in self.all().into_iter().filter(|node| self.name(*node) == "instance") {
            if let Some(id) = self.attribute(node, "id") {
                let within = self.document.descendants(node);
                let names = within.into_iter().filter(|it| self.name(*it) == "name");
                tables.insert(id, names.map(|it| self.document.string_value(it)).collect());
            }
        }
        tables
    }

    fn told(&self) -> Vec<Told> {
        let (nodes, tables, all) = (self.nodes(), self.tables(), self.all());
        let mut paths: Vec<(&str, &str)> =
            nodes.iter().map(|(name, path, _)| (path.as_str(), name.as_str())).collect();
        paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        let spelled = |text: Option<String>| {
            let text = squeezed(&text.unwrap_or_default());
            paths
                .iter()
                .fold(text, |text, (path, name)| text.replace(path, &format!("${{{name}}}")))
        };
        let one = |(name, path, is_group): &(String, String, bool)| {
            let of = |key: &str, node: &NodeId| self.attribute(*node, key).as_ref() == Some(path);
            let bind = all.iter().find(|it| self.name(**it) == "bind" && of("nodeset", it));
            let control = all.iter().find(|it| self.name(**it) != "bind" && of("ref", it));
            let told = |key: &str| bind.and_then(|bind| self.attribute(*bind, key));
            let control_name = control.map_or("", |control| self.name(*control));
            let read_only = told("readonly").is_some();
            let kind = match (control_name, told("type").as_deref()) {
                _ if *is_group => "group",
                ("select1", _) => "select1",
                ("select", _) => "select",
                ("range", _) => "range",
                ("trigger", _) => "trigger",
                ("", _) => "calculate",
                (_, Some("int")) => "int",
                (_, Some("decimal")) => "decimal",
                (_, Some("date")) => "date",
                _ if read_only => "note",
                _ => "string",
            };
            Told {
                name: name.clone(),
                kind,
                relevant: spelled(told("relevant")),
                constraint: spelled(told("constraint")),
                calculation: spelled(told("calculate")),
                required: told("required").as_deref() == Some("true()"),
                options: match (kind, control) {
                    ("select1" | "select", Some(control)) => self.options(*control, &tables),
                    _ => Vec::new(),
                },
            }
        };
        nodes.iter().map(one).collect()
    }

    /// The options of a control whose table is not filtered.
    fn options(&self, control: NodeId, tables: &BTreeMap<String, Vec<String>>) -> Vec<String> {
        let within = self.document.descendants(control);
        let set = within.into_iter().find(|it| self.name(*it) == "itemset");
        let Some(set) = set.and_then(|set| self.attribute(set, "nodeset")) else { return vec![] };
        let table = set.strip_prefix("instance('").and_then(|rest| rest.split('\'').next());
        match table {
            Some(table) if set.ends_with("/root/item") => tables[table].clone(),
            _ => Vec::new(),
        }
    }
}

#[test]
fn pyxform_sees_the_same_elements_conditions_and_choices() {
    let mut compared = 0;
    for form in all().into_iter().filter(|form| !form.name.starts_with("bad_")) {
        let xml = fs::read_to_string(peers().join(format!("{}.xform", form.name)))
            .unwrap_or_else(|_| panic!("{}: pyxform refuses it", form.name));
        let imported = form.read().expect("a good form");
        let (mut mine, theirs) = (Vec::new(), XForm::read(&xml).told());
        ours(&imported.script.source().elements, &mut mine);
        assert_eq!(mine.len(), theirs.len(), "{}", form.name);
        for (mine, theirs) in mine.iter_mut().zip(theirs) {
            // A filter that is settled when the form is read leaves no filter here.
            if theirs.options.is_empty() {
                mine.options.clear();
            }
            assert_eq!(*mine, theirs, "{}", form.name);
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared} elements");
}

#[test]
fn pyxform_refuses_what_is_written_and_no_more() {
    let refused: Vec<String> = all()
        .into_iter()
        .filter(|form| peers().join(format!("{}.refused", form.name)).exists())
        .map(|form| form.name)
        .collect();
    assert_eq!(refused, REFUSED_BY_BOTH);
}

#[test]
fn workbooks_that_openpyxl_writes_are_read_cell_for_cell() {
    for form in all() {
        let bytes = fs::read(peers().join(format!("{}.xlsx", form.name))).expect("a workbook");
        // Of a table with an open quotation mark Python's csv makes another one.
        if form.name == "bad_quote" || form.name == "bad_nothing" {
            continue;
        }
        let sheets = form.read();
        match (read_form_workbook(&bytes, Some(&form.name)), sheets) {
            (Ok(book), Ok(sheets)) => {
                assert_eq!(book.script.hash(), sheets.script.hash(), "{}", form.name);
                assert_eq!(book.warnings, sheets.warnings, "{}", form.name);
            }
            (Err(book), Err(sheets)) => assert_eq!(book, sheets, "{}", form.name),
            (book, sheets) => panic!("{}: {book:?}\n{sheets:?}", form.name),
        }
    }
}
