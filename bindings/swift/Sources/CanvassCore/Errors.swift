import Foundation

extension CanvassError {
    /// What this is, as a stable code for logs and programs; `docs/errors.md` lists them all.
    public var code: String {
        errorCode(error: self)
    }

    /// What to tell the person who holds the phone: a sentence or two with the next step, in the
    /// first of these languages (BCP 47 tags) that the core speaks. It repeats nothing that
    /// anybody wrote.
    public func userSentence(languages: [String] = Locale.preferredLanguages) -> String {
        errorSentence(error: self, languages: languages)
    }
}
