import CanvassSample
import CanvassTestSupport
import Foundation
import XCTest

/// The app's sources, read as text: its views are compiled by no Linux machine.
final class SourceTests: XCTestCase {
    private struct Line {
        let place: String
        let code: String
    }

    func testNothingOfTheCoresWorkIsDoneInTheApp() throws {
        let patterns = [
            #"\.(sort|sorted|filter|reduce|count|min|max|joined|split|grouping)\b"#,
            #"\b(distance|Dictionary|NSPredicate|CLLocation|CanvassEngine)\b"#,
            #"\.(uppercased|lowercased|capitalized|appending|replacingOccurrences|trimming)"#,
            #"String\(format|\\\(|" \+|\+ ""#,
        ]
        let places = try lines().filter { line in
            patterns.contains { line.code.range(of: $0, options: .regularExpression) != nil }
        }
        XCTAssertEqual(places.map { "\($0.place) \($0.code)" }, [])
        XCTAssertFalse(try lines().isEmpty)
    }

    func testEveryLabelIsAWordThatBothLanguagesHave() throws {
        let keys = Set(Word.allCases.map(\.rawValue))
        let tables = try ["en", "es"].map { try XCTUnwrap(Word.table(language: $0)) }
        for table in tables {
            XCTAssertEqual(Set(table.keys), keys)
            XCTAssertFalse(table.values.contains { $0.isEmpty })
        }
        for key in keys {
            XCTAssertNotEqual(tables[0][key], tables[1][key], "\(key) is still English")
        }
        XCTAssertTrue(tables[0].values.contains(Word.syncNow.text), "the bundle has them")
    }

    func testEveryWordOfTheViewsIsThereAndEachIsUsed() throws {
        let words = Set(Word.allCases.map { String(describing: $0) })
        let used = try Set(lines().flatMap { matches(#"Word\.(\w+)"#, $0.code) })
        XCTAssertEqual(used.subtracting(words).subtracting(["table"]), [])
        XCTAssertEqual(words.subtracting(used), [])
    }

    func testNoLabelIsWrittenInAView() throws {
        let written = #"(Text|Label|Button|Toggle|Picker|Section|TextField|navigationTitle)\(""#
        let places = try lines().filter { !matches("(\(written))", $0.code).isEmpty }
        XCTAssertEqual(places.map(\.place), [])
    }

    func testWhatIsShownAsASymbolAloneIsReadAloud() throws {
        // A symbol stands in a label, beside a text, or has words of its own close by.
        let all = try lines()
        for (number, line) in all.enumerated() where line.code.contains("Image(systemName") {
            let near = all[max(0, number - 4)...min(number + 8, all.count - 1)].map(\.code)
            let isTold = near.contains {
                $0.contains("accessibilityLabel") || $0.contains("Text(")
                    || $0.contains("icon:") || $0.contains("children: .combine")
            }
            XCTAssertTrue(isTold, line.place)
        }
    }

    /// The lines of code, without comments.
    private func lines() throws -> [Line] {
        let app = project.appendingPathComponent("ios-sample")
        return try ["Sources", "App"].flatMap { folder in
            let files = FileManager.default.enumerator(
                atPath: app.appendingPathComponent(folder).path)
            let names = (files?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".swift") }
            return try names.sorted().flatMap { name in
                let file = app.appendingPathComponent(folder).appendingPathComponent(name)
                let text = try String(contentsOf: file, encoding: .utf8)
                return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                    .map { Line(place: "\(name):\($0 + 1)", code: withoutComment(String($1))) }
            }
        }
    }

    private func withoutComment(_ line: String) -> String {
        guard let comment = line.range(of: #"(^|\s)//.*"#, options: .regularExpression) else {
            return line
        }
        return String(line[..<comment.lowerBound])
    }

    private func matches(_ pattern: String, _ text: String) -> [String] {
        guard let regex = try? NSRegularExpression(pattern: pattern) else { return [] }
        let whole = NSRange(text.startIndex..., in: text)
        return regex.matches(in: text, range: whole).compactMap {
            Range($0.range(at: 1), in: text).map { String(text[$0]) }
        }
    }
}
