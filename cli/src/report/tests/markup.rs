//! A strict reader of the pages this crate writes, for tests: every tag is closed, every
//! attribute quoted and given once, every `&` begins a known reference.

/// An element, its own text, and what it holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// The text directly in it, decoded.
    pub(super) text: String,
    /// Children and texts in order.
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Child(Element),
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Every element inside, parents before children.
    pub(super) fn descendants(&self) -> Vec<&Self> {
        let mut all = Vec::new();
        for part in &self.parts {
            if let Part::Child(child) = part {
                all.push(child);
                all.extend(child.descendants());
            }
        }
        all
    }

    pub(super) fn all(&self, name: &str) -> Vec<&Self> {
        self.descendants().into_iter().filter(|it| it.name == name).collect()
    }

    pub(super) fn with_class(&self, class: &str) -> Vec<&Self> {
        let has = |it: &&Self| {
            it.attribute("class").is_some_and(|all| all.split(' ').any(|one| one == class))
        };
        self.descendants().into_iter().filter(has).collect()
    }

    /// All text inside, in order.
    pub(super) fn full_text(&self) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Child(child) => child.full_text(),
        };
        self.parts.iter().map(text).collect()
    }

    fn add_text(&mut self, text: &str) {
        let text = decoded(text);
        self.text.push_str(&text);
        self.parts.push(Part::Text(text));
    }
}

/// Reads a page; panics where it is not well-formed.
pub(super) fn parse(html: &str) -> Element {
    let mut rest = html.strip_prefix("<!DOCTYPE html>\n").expect("a document type");
    let mut open = vec![Element::default()];
    while let Some(at) = rest.find('<') {
        open.last_mut().expect("the root stays").add_text(&rest[..at]);
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let element = open.pop().expect("something is open");
            assert_eq!(element.name, name, "closed in order");
            open.last_mut().expect("the root is never closed").parts.push(Part::Child(element));
            continue;
        }
        let element = begun(tag.trim_end_matches('/'));
        if tag.ends_with('/') {
            open.last_mut().expect("the root stays").parts.push(Part::Child(element));
        } else if element.name == "style" {
            // A style sheet is not markup; it holds no `<`.
            let (sheet, after) = rest.split_once("</style>").expect("the style ends");
            assert!(!sheet.contains('<'));
            rest = after;
        } else {
            open.push(element);
        }
    }
    assert_eq!(open.len(), 1, "{} is still open", open.last().expect("one").name);
    assert!(rest.trim().is_empty(), "text after the page");
    open.remove(0)
}

fn begun(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "<{tag}>");
    let mut element = Element { name: name.to_owned(), ..Element::default() };
    while !rest.trim().is_empty() {
        let (key, after) = rest.trim_start().split_once("=\"").expect("a quoted attribute");
        let (value, after) = after.split_once('"').expect("a closed quotation");
        assert!(key.chars().all(|c| c.is_ascii_alphabetic() || c == '-'), "{key}");
        assert!(element.attribute(key).is_none(), "{key} twice in <{tag}>");
        element.attributes.push((key.to_owned(), decoded(value)));
        rest = after;
    }
    element
}

fn decoded(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').expect("a reference ends");
        plain.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            _ => panic!("&{name};"),
        });
        plain.push_str(rest);
    }
    plain
}

/// The red, green and blue of a variable in a style sheet, 0 to 255.
pub(super) fn colour(sheet: &str, name: &str) -> [u8; 3] {
    let (_, after) = sheet.split_once(&format!("--{name}:#")).expect("the variable is set");
    [0, 2, 4].map(|at| u8::from_str_radix(&after[at..at + 2], 16).expect("two hexadecimal digits"))
}

/// The contrast of two colours (WCAG 2.2, relative luminance): 1 to 21.
pub(super) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let [red, green, blue] = colour.map(|part| {
            let share = f64::from(part) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}
